/** One field of a form, urlencoded or multipart, in the order it was written. */
export interface Field {
  readonly name: string
  /** Null: a file, a text longer than a rule could name, or bytes that are no plain text. */
  readonly text: string | null
}

/** Most fields of one form: PHP stops at 1000 and others at their own count, so that more would be read in two ways. */
export const MAX_FIELDS = 1000
