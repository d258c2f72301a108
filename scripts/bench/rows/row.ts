import type { Bench } from '../arena/bench.ts'

/** Who is measured beside whom. `valetkey` is this product; the others are what it is held against. */
export type Competitor =
  | 'valetkey'
  | 'direct, with preflight'
  | 'direct, no preflight'
  | 'loopback proxy'
  | 'raw wire'
  | 'tiny host'
  | 'one durable commit'
  | 'a small vault'
  | 'without a search'
  | 'the same without us'
  | 'a page without us'
  | 'two empty scripts'
  | 'looking at each byte'

/** What a competitor took, turn by turn: all competitors of a figure have turns side by side, in the same run. */
export type Turns = readonly (readonly number[])[]

/** By figure, then by competitor. */
export type Samples = Readonly<Record<string, Partial<Readonly<Record<Competitor, Turns>>>>>

/**
 * What a row is to reach: `figure` is in the row's unit, `ratio` is ours ÷ theirs, `difference` is ours − theirs in the row's
 * unit. One of `most` and `least`.
 */
export interface Target {
  readonly of: 'figure' | 'ratio' | 'difference'
  /** Absent for a `figure`. */
  readonly against?: Competitor
  readonly most?: number
  readonly least?: number
}

/** One row of the table. */
export interface RowPlan {
  /** As it is typed: letters, digits, hyphens. */
  readonly name: string
  /** As it is read. */
  readonly title: string
  readonly unit: 'ms' | 'µs' | 'MB/s' | 'calls/s' | 'records/s' | 'MB'
  /** Of the samples. */
  readonly figure: string
  /** Below which share of the samples the figure lies: 0.5 is the median. */
  readonly share: number
  readonly targets: readonly Target[]
}

/** Rows that one run measures together. */
export interface RowGroup {
  readonly name: string
  /** Groups of one kind can be asked for together. */
  readonly kind: string
  readonly rows: readonly RowPlan[]
  /** Absent: every browser. */
  readonly only?: 'chromium'
  /** Measure, in turns. @throws where a call fails: a figure of failures says nothing. */
  measure(bench: Bench): Promise<Samples>
}
