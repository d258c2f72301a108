import { measurePassThrough } from '../../../test/bench/pass-through.ts'
import type { Bench } from '../arena/bench.ts'
import type { RowGroup, Samples } from './row.ts'

/** What our script adds to a call that it does not catch, in a page that was granted something. Figures: `call`. */
export const PASS_THROUGH: readonly RowGroup[] = [
  {
    name: 'pass-through',
    kind: 'page',
    rows: [
      {
        name: 'pass-through-call',
        title: 'a call that is not ours, the slowest kind of address',
        unit: 'µs',
        figure: 'call',
        share: 1,
        targets: [{ of: 'difference', against: 'the same without us', most: 2 }],
      },
    ],
    measure,
  },
]

/** One turn for each kind of address: the native call is a function that answers at once. */
async function measure({ browser }: Bench): Promise<Samples> {
  const kinds = Object.values(await measurePassThrough(browser))
  return {
    call: {
      valetkey: kinds.map(([, caught]) => [caught]),
      'the same without us': kinds.map(([plain]) => [plain]),
    },
  }
}
