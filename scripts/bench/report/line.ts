import type { Competitor, RowGroup, RowPlan, Samples, Target, Turns } from '../rows/row.ts'
import { differenceOf, type Figure, figureOf, ratioOf } from './figure.ts'

/** One line of the table: a row against one competitor, or against a figure. */
export interface Line {
  readonly row: string
  readonly title: string
  readonly unit: RowPlan['unit']
  readonly ours: Figure
  /** Null where the row is held against a figure alone. */
  readonly against: Competitor | null
  readonly theirs: Figure | null
  /** Ours ÷ theirs. */
  readonly ratio: Figure | null
  /** Ours − theirs, where the target speaks of that. */
  readonly difference: Figure | null
  /** Null: it is there to be compared with. */
  readonly target: Target | null
  readonly met: boolean | null
}

/** The lines of what a group measured: for each row first its targets, then the other competitors. */
export function linesOf(group: RowGroup, samples: Samples): Line[] {
  return group.rows.flatMap((row) => {
    const measured = samples[row.figure] ?? {}
    const ours = measured.valetkey
    if (ours === undefined) throw new Error(`${row.name}: \`${row.figure}\` was not measured`)
    const named = row.targets.map(({ against }) => against)
    const others = (Object.keys(measured) as Competitor[]).filter(
      (name) => name !== 'valetkey' && !named.includes(name),
    )
    const held = row.targets.map((target) => lineOf(row, ours, target.against, measured, target))
    const beside = others.map((name) => lineOf(row, ours, name, measured, null))
    return held.length + beside.length === 0
      ? [lineOf(row, ours, undefined, measured, null)]
      : [...held, ...beside]
  })
}

function lineOf(
  row: RowPlan,
  ours: Turns,
  against: Competitor | undefined,
  measured: Samples[string],
  target: Target | null,
): Line {
  const theirs = against === undefined ? undefined : measured[against]
  if (against !== undefined && theirs === undefined) throw new Error(`${row.name}: no \`${against}\``)
  const { name, title, unit, share } = row
  const own = figureOf(ours, share)
  const ratio = theirs === undefined ? null : ratioOf(ours, theirs, share)
  const isDifference = target?.of === 'difference' && theirs !== undefined
  const difference = isDifference ? differenceOf(ours, theirs, share) : null
  const judged = target?.of === 'figure' ? own : (difference ?? ratio)
  return {
    row: name,
    title,
    unit,
    ours: own,
    against: against ?? null,
    theirs: theirs === undefined ? null : figureOf(theirs, share),
    ratio,
    difference,
    target,
    met: target === null || judged === null ? null : isMet(target, judged.value),
  }
}

/** What could not be measured meets nothing. */
function isMet({ most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY }: Target, value: number) {
  return value <= most && value >= least
}
