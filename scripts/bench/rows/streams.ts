import type { Caller, CallingPage } from '../arena/arena.ts'
import type { Bench } from '../arena/bench.ts'
import { inTurns } from './in-turns.ts'
import type { Competitor, RowGroup, RowPlan, Samples, Target, Turns } from './row.ts'

const TURNS = 8
/** Events of a stream, and milliseconds between them: a model's words. */
const PATH = '/v1/events?count=30&every=20'
const CALLERS: readonly Caller[] = [
  'valetkey',
  'direct, with preflight',
  'direct, no preflight',
  'loopback proxy',
]

/** Server-sent events. Figures: `first` and `delay`. */
export const STREAMS: readonly RowGroup[] = [
  {
    name: 'events',
    kind: 'events',
    rows: [
      row('events-first', 'events: time to the first', 'first', 0.5, [
        { of: 'difference', against: 'direct, with preflight', most: 1 },
        { of: 'difference', against: 'direct, no preflight', most: 1 },
      ]),
      row('events-delay-p50', 'events: delay of each, p50', 'delay', 0.5, [
        { of: 'difference', against: 'direct, no preflight', most: 0.7 },
      ]),
      row('events-delay-p99', 'events: delay of each, p99', 'delay', 0.99, [
        { of: 'difference', against: 'direct, no preflight', most: 5 },
      ]),
    ],
    measure,
  },
]

async function measure(bench: Bench): Promise<Samples> {
  const arena = await bench.arena()
  const delays = new Map<Competitor, number[][]>(CALLERS.map((who) => [who, []]))
  const stream = (who: Caller) => async () => {
    const seen = await readEvents(arena.caller(who, 'http1'))
    delays.get(who)?.push(seen.delays)
    return [seen.first]
  }
  const first = await inTurns(TURNS, {
    valetkey: stream('valetkey'),
    'direct, with preflight': stream('direct, with preflight'),
    'direct, no preflight': stream('direct, no preflight'),
    'loopback proxy': stream('loopback proxy'),
  })
  // The turn that warms up left its delays as well.
  const delay = Object.fromEntries([...delays].map(([who, turns]) => [who, turns.slice(1)]))
  return { first, delay: delay as Partial<Record<Competitor, Turns>> }
}

async function readEvents({ page, url, headers }: CallingPage): Promise<{ first: number; delays: number[] }> {
  await page.bringToFront()
  const { first, arrivals } = await page.evaluate(readInPage, url(PATH), headers)
  return { first, delays: arrivals.map(({ sent, seen }) => seen - sent) }
}

/** Runs in the page. Times are those of the clock on the wall, which the service has as well. */
async function readInPage(url: string, headers: Record<string, string>) {
  // A page's fine clock is set when it is opened and drifts from the one on the wall: read off where that one ticks.
  let ahead = Number.POSITIVE_INFINITY
  for (let tick = 0; tick < 8; tick++) {
    const before = Date.now()
    while (Date.now() === before);
    ahead = Math.min(ahead, performance.timeOrigin + performance.now() - Date.now())
  }
  const started = performance.now()
  const response = await fetch(url, { headers })
  if (!response.ok) throw new Error(`status ${response.status}`)
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const arrivals: { sent: number; seen: number }[] = []
  let first = -1
  for (;;) {
    const next = await reader?.read()
    if (next === undefined || next.done) return { first, arrivals }
    if (first < 0) first = performance.now() - started
    const seen = performance.timeOrigin + performance.now() - ahead
    for (const [, at] of next.value.matchAll(/"at":([\d.]+)/g)) arrivals.push({ sent: Number(at), seen })
  }
}

function row(
  name: string,
  title: string,
  figure: string,
  share: number,
  targets: readonly Target[],
): RowPlan {
  return { name, title, unit: 'ms', figure, share, targets }
}
