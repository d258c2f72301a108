import type { InsteadOf } from '../../shared/model/failover.ts'
import type { AskFrame } from '../../shared/protocol/call-frames.ts'
import type { Witnessed } from '../../shared/protocol/native-frames.ts'

/** See {@link ClaimedCall.slice}. */
export type Slice = (bytes: number) => Promise<void> | null

/** One ask on its way through the broker: what was claimed and the body to come. */
export interface ClaimedCall {
  readonly claimed: Pick<
    AskFrame,
    'method' | 'url' | 'headers' | 'redirect' | 'bodyLength' | 'sender' | 'cache'
  >
  /** Null where the page sends no body. */
  readonly body: AsyncIterable<Uint8Array> | null
  /** When the ask came in, milliseconds since the epoch. Absent: not known. */
  readonly asked?: number
  /** Bytes of the body received so far. */
  readonly received: () => number
  /** It goes to this service in place of another. Absent: it is where the page sent it. */
  readonly insteadOf?: InsteadOf
  /** Resolves in a turn in which its end may be written down. Absent: any will do. */
  readonly turn?: () => Promise<void>
  /**
   * Asked before so many bytes of a body are worked on, in either direction: null where that may be now, else it resolves in
   * a turn in which it may. Throws, or rejects, with the abort's reason. Absent: always now.
   */
  readonly slice?: Slice
  /** Aborted by the page's cancel, by the document's end and by the end of the session. */
  readonly abort: AbortController
}

/** A page's ask, with what the browser witnessed of the document it came from. */
export interface Call extends ClaimedCall {
  readonly witnessed: Witnessed
}

/** What the page gets back. The body ends orderly or throws; nothing else ends it. */
export interface Reply {
  /** The session it was sent in; null for the local owner's own call. */
  readonly session: string | null
  readonly status: number
  readonly statusText: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly url: string
  readonly redirected: boolean
  readonly body: AsyncIterable<Uint8Array>
}
