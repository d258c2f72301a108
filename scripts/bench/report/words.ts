import type { Target } from '../rows/row.ts'
import type { Figure } from './figure.ts'
import type { Line } from './line.ts'

/** The cells of one line, in the order of {@link HEADS}. */
export type Cells = readonly [string, string, string, string, string, string]

/** What the columns are. */
export const HEADS: Cells = ['', 'Valet Key', 'against', 'ratio', 'target', '']

/** A line as it is read: figures with the spread of the turns in brackets. */
export function cellsOf({ title, unit, ours, against, theirs, ratio, difference, target, met }: Line): Cells {
  const other = against === null || theirs === null ? '' : `${against} ${withSpread(theirs, unit)}`
  const compared = ratio === null ? '' : `${withSpread(ratio, '×')}`
  const apart = difference === null ? '' : ` (${signed(difference.value)} ${unit})`
  const verdict = met === null ? '' : met ? 'met' : 'MISSED'
  return [
    title,
    withSpread(ours, unit),
    other,
    compared + apart,
    target === null ? '' : targetWords(target, unit),
    verdict,
  ]
}

/** A target as it is read. */
export function targetWords({ of, against, most, least }: Target, unit: string): string {
  const bound = most === undefined ? `≥ ${least}` : `≤ ${most}`
  if (of === 'ratio') return `${bound} × ${against}`
  if (of === 'difference') return `${against} ${bound.replace('≤ ', '+ ≤ ')} ${unit}`
  return `${bound} ${unit}`
}

function withSpread({ value, low, high }: Figure, unit: string): string {
  const spread = low === value && high === value ? '' : ` (${digits(low)}–${digits(high)})`
  return `${digits(value)} ${unit}${spread}`
}

function signed(value: number): string {
  return value < 0 ? `−${digits(-value)}` : `+${digits(value)}`
}

/** Three digits that mean something, no more. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return '?'
  const size = Math.abs(value)
  if (size >= 1000) return Math.round(value).toLocaleString('en')
  return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(2)
}
