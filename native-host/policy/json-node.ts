/** Offsets in the bytes that were read: from the first byte of the value to the one after its last. */
interface Span {
  readonly start: number
  readonly end: number
}

/** A member of an object, `"key": value`, in the order it was written. */
export interface JsonMember {
  /** Unescaped. */
  readonly key: string
  /** Offset of the key's opening quote. */
  readonly keyStart: number
  readonly valueNode: JsonNode
}

/** One JSON value with its place. */
export type JsonNode = Span &
  (
    | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
    | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
    | { readonly kind: 'string'; readonly value: string }
    /** `exact` is false where another reader could come to another number than `value`. */
    | { readonly kind: 'number'; readonly text: string; readonly value: number; readonly exact: boolean }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'null' }
  )
