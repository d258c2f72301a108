/**
 * The one parse of what a page asked for. Frozen, deep: `decide` reads it and `send` sends it, plus the credential.
 */
export interface CanonicalRequest {
  /** As sent: one of GET HEAD POST PUT PATCH DELETE OPTIONS. */
  readonly method: string
  /** WHATWG href without fragment, with every placeholder parameter stripped. */
  readonly url: string
  /** `scheme://host[:port]`. */
  readonly origin: string
  /** Raw percent-encoded path. */
  readonly path: string
  /** Decoded query pairs in order. */
  readonly query: readonly (readonly [name: string, value: string])[]
  /** Allow-listed, lower-case names, placeholders stripped, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[]
}
