import type { Competitor, Turns } from './row.ts'

/** What a competitor does in a turn. @returns its samples. */
export type Turn = () => Promise<readonly number[]>

/**
 * Let competitors run in turns: A B C, B C A, C A B, … so that whatever else the machine does falls on each. The first turn of
 * each warms up and is not kept.
 *
 * @param turns that are kept, of each.
 */
export async function inTurns(
  turns: number,
  competitors: Readonly<Partial<Record<Competitor, Turn>>>,
): Promise<Partial<Record<Competitor, Turns>>> {
  const all = Object.entries(competitors).map(([name, run]) => ({
    name,
    run,
    kept: [] as (readonly number[])[],
  }))
  for (let turn = -1; turn < turns; turn += 1) {
    for (let at = 0; at < all.length; at += 1) {
      const competitor = all[(at + turn + 1) % all.length]
      const samples = (await competitor?.run()) ?? []
      if (turn >= 0) competitor?.kept.push(samples)
    }
  }
  return Object.fromEntries(all.map(({ name, kept }) => [name, kept]))
}
