import type { ClientCertificate } from './client-certificate.ts'

/** A request about to leave: the canonical one plus what the injection added. Never logged. */
export interface Outbound {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Held whole where a rule or the injection needed it; a stream otherwise; null for none. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null
  /** Length of a streamed body where known: sent as content-length; null: chunked. */
  readonly bodyLength: number | null
  /** What the connection is made with. Absent: the client proves itself with nothing. */
  readonly client?: ClientCertificate
}
