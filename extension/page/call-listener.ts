/** Start of a response as the platform's constructors take it. */
export interface Head {
  readonly status: number
  readonly statusText: string
  readonly headers: [name: string, value: string][]
  readonly url: string
  readonly redirected: boolean
}

/** What a call tells its caller. `head` at most once, then `chunk`*, then `end`; or `cut` at any time, as the last. */
export interface CallListener {
  head(head: Head): void
  came(bytes: Uint8Array<ArrayBuffer>): void
  end(): void
  /** Before `head`: a network error. After it: the body is broken off. `reason`: what the request's own body failed with. */
  cut(reason?: unknown): void
  /** Bytes of the request's body that left this page. */
  sent?(bytes: number): void
  /** The whole request left this page. */
  sentAll?(): void
}
