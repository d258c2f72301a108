import type { Caller, Transport } from '../arena/arena.ts'
import type { Bench } from '../arena/bench.ts'
import { callOneByOne } from './calls-in-page.ts'
import { inTurns } from './in-turns.ts'
import type { RowGroup, RowPlan, Target } from './row.ts'

const WORDS: Record<Transport, string> = { http1: 'HTTP/1.1', tls: 'HTTP/1.1 over TLS', http2: 'HTTP/2' }

/** Small calls one at a time, on each transport, and of services that take their time. Figures: `call`. */
export const SMALL_CALLS: readonly RowGroup[] = [
  smallCalls('http1', 0, { turns: 12, calls: 25 }),
  smallCalls('tls', 0, { turns: 12, calls: 25 }),
  smallCalls('http2', 0, { turns: 12, calls: 25 }),
  smallCalls('http1', 20, { turns: 8, calls: 10 }),
  smallCalls('http2', 20, { turns: 8, calls: 10 }),
  smallCalls('http1', 100, { turns: 4, calls: 5 }),
  smallCalls('http2', 100, { turns: 4, calls: 5 }),
]

function smallCalls(transport: Transport, delay: number, often: { turns: number; calls: number }): RowGroup {
  const slow = delay === 0 ? '' : `-${delay}`
  return {
    name: `small-${transport}${slow}`,
    kind: 'small',
    ...(transport === 'http1' ? {} : { only: 'chromium' as const }),
    rows: [0.5, 0.95].map((share) => row(transport, delay, share)),
    measure: async (bench) => ({ call: await measure(bench, transport, delay, often) }),
  }
}

async function measure(
  bench: Bench,
  transport: Transport,
  delay: number,
  often: { turns: number; calls: number },
) {
  const arena = await bench.arena()
  const raw = bench.browser === 'chromium' && delay === 0 ? await arena.rawWire() : null
  const path = delay === 0 ? '/v1/small' : `/v1/small?delay=${delay}`
  const calls = (who: Caller) => () => callOneByOne(arena.caller(who, transport), path, often.calls)
  const echo = async () => {
    await raw?.page.bringToFront()
    return (await raw?.page.evaluate(`echo(${often.calls})`)) as number[]
  }
  return await inTurns(often.turns, {
    valetkey: calls('valetkey'),
    'direct, with preflight': calls('direct, with preflight'),
    'direct, no preflight': calls('direct, no preflight'),
    'loopback proxy': calls('loopback proxy'),
    ...(raw === null ? {} : { 'raw wire': echo }),
  })
}

function row(transport: Transport, delay: number, share: number): RowPlan {
  const slow = delay === 0 ? '' : ` that takes ${delay} ms`
  const isMedian = share === 0.5
  const targets: Target[] = [
    { of: 'ratio', against: 'direct, with preflight', most: isMedian ? 1 : 1.5 },
    { of: 'ratio', against: 'direct, no preflight', most: isMedian ? 1.3 : 2 },
  ]
  return {
    name: `small-${transport}${delay === 0 ? '' : `-${delay}`}-p${share * 100}`,
    title: `small JSON call${slow}, ${WORDS[transport]}, p${share * 100}`,
    unit: 'ms',
    figure: 'call',
    share,
    targets,
  }
}
