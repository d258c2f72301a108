/** Why an operation is suggested as reading, or is not. Closed set. */
export type ReadingCode =
  /** Reads: its method reads, and nothing says that it changes anything. */
  | 'method-reads'
  /** Reads: its name says `word`, whatever its method. */
  | 'name-reads'
  /** Reads: its address ends in `word`, whatever its method. */
  | 'address-reads'
  /** Its answer may itself be a credential. */
  | 'mints'
  | 'method-changes'
  /** Its address ends in `word`. */
  | 'address-acts'
  /** Its name says `word`. */
  | 'name-acts'
  /** It answers that something was made or changed. */
  | 'answers-made'
  | 'nothing-reads'

/** Why an operation is suggested as reading, or is not. */
export interface ReadingReason {
  readonly code: ReadingCode
  readonly method: string
  /** What decided it, where a word did: one of our own lists, never a text of the document's. */
  readonly word: string | null
}

/** What an operation does that its owner should see before ticking it. By its description: it may do more. */
export type OperationMark = 'mints' | 'deletes' | 'spends' | 'writes'

/**
 * An operation in the list that its owner ticks. Its texts are the document's: chosen by a stranger, and cut where they
 * are longer than anybody reads.
 */
export interface DescribedOperation {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly tags: readonly string[]
  readonly summary: string
  /** The rule it would become, whole; null: no safe path can match it, so it cannot be ticked. */
  readonly rule: string | null
  /** A suggestion. */
  readonly reads: boolean
  readonly reason: ReadingReason
  readonly marks: readonly OperationMark[]
}
