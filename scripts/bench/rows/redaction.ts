import { measureRedaction, type Rates } from '../../../test/bench/redaction.ts'
import type { RowGroup, RowPlan, Samples } from './row.ts'

/** How fast an answer is looked through for a key that is sent as a bearer token. Figures: `nothing` matches, `hostile` streams. */
export const REDACTION: readonly RowGroup[] = [
  {
    name: 'redaction',
    kind: 'host',
    rows: [
      row('nothing', 'redaction, the slowest of the answers where nothing matches', 400),
      row('hostile', 'redaction, the slowest of the answers made to be slow', 100),
    ],
    measure: async (): Promise<Samples> => {
      const rates = Object.entries(measureRedaction('bearer'))
      const of = (figure: string) =>
        rates.filter(([name]) => name.startsWith(`${figure}:`)).map(([, each]) => each)
      return { nothing: samplesOf(of('nothing')), hostile: samplesOf(of('hostile')) }
    },
  },
]

/** The slowest stream is the figure, and each stream a turn. @param least MB/s of one processor. */
function row(figure: string, title: string, least: number): RowPlan {
  const targets = [{ of: 'figure', least } as const]
  return { name: `redaction-${figure}`, title, unit: 'MB/s', figure, share: 0, targets }
}

function samplesOf(rates: readonly Rates[]): Samples[string] {
  return {
    valetkey: rates.map(({ redacted }) => [redacted]),
    'looking at each byte': rates.map(({ lookedUp }) => [lookedUp]),
  }
}
