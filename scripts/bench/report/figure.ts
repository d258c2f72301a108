import type { Turns } from '../rows/row.ts'
import { percentile } from '../table.ts'

/** A figure over all turns, and between which quarters it lay turn by turn. */
export interface Figure {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Of what one competitor took. NaN without samples. @param share see `RowPlan.share`. */
export function figureOf(turns: Turns, share: number): Figure {
  const each = turns.map((turn) => percentile(turn, share))
  return { value: percentile(turns.flat(), share), ...quarters(each) }
}

/** Ours ÷ theirs; the spread is that of the turns, each with its neighbour. */
export function ratioOf(ours: Turns, theirs: Turns, share: number): Figure {
  return paired(ours, theirs, share, (a, b) => a / b)
}

/** Ours − theirs, likewise. */
export function differenceOf(ours: Turns, theirs: Turns, share: number): Figure {
  return paired(ours, theirs, share, (a, b) => a - b)
}

function paired(
  ours: Turns,
  theirs: Turns,
  share: number,
  compare: (a: number, b: number) => number,
): Figure {
  const each = ours
    .slice(0, theirs.length)
    .map((turn, at) => compare(percentile(turn, share), percentile(theirs[at] ?? [], share)))
  const value = compare(percentile(ours.flat(), share), percentile(theirs.flat(), share))
  return { value, ...quarters(each) }
}

function quarters(each: readonly number[]): Omit<Figure, 'value'> {
  return { low: percentile(each, 0.25), high: percentile(each, 0.75) }
}
