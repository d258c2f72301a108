import type { Caller, Transport } from '../arena/arena.ts'
import type { Bench } from '../arena/bench.ts'
import { callAtOnce } from './calls-in-page.ts'
import { inTurns } from './in-turns.ts'
import type { RowGroup } from './row.ts'

const CALLS = 100
const TURNS = 6

/** A hundred calls at once. Browsers open six connections to a server that has no HTTP/2. Figures: `rate`. */
export const AT_ONCE: readonly RowGroup[] = [atOnce('http1', 'HTTP/1.1'), atOnce('http2', 'HTTP/2')]

function atOnce(transport: Transport, words: string): RowGroup {
  return {
    name: `at-once-${transport}`,
    kind: 'at-once',
    ...(transport === 'http1' ? {} : { only: 'chromium' as const }),
    rows: [
      {
        name: `at-once-${transport}-rate`,
        title: `100 small calls at once, ${words}`,
        unit: 'calls/s',
        figure: 'rate',
        share: 0.5,
        targets: [
          { of: 'ratio', against: 'direct, with preflight', least: 1 },
          { of: 'ratio', against: 'direct, no preflight', least: 1 },
        ],
      },
    ],
    measure: async (bench) => ({ rate: await measure(bench, transport) }),
  }
}

async function measure(bench: Bench, transport: Transport) {
  const arena = await bench.arena()
  const rate = (who: Caller) => async () => [
    await callAtOnce(arena.caller(who, transport), '/v1/small', CALLS),
  ]
  return await inTurns(TURNS, {
    valetkey: rate('valetkey'),
    'direct, with preflight': rate('direct, with preflight'),
    'direct, no preflight': rate('direct, no preflight'),
    'loopback proxy': rate('loopback proxy'),
  })
}
