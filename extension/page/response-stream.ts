import {
  bare,
  byobOf,
  closeStream,
  deref,
  enqueue,
  failStream,
  NativeFinalizationRegistry,
  NativeStream,
  NativeWeakRef,
  respondByob,
  sizeOf,
  watchCollected,
} from './primordials.ts'

/** What a stream tells the call it belongs to. */
export interface StreamOwner {
  /** Its reader took so many bytes. */
  taken(bytes: number): void
  /** Nobody will read on: it was cancelled, or collected unread. */
  unwanted(): void
  /** Its reader has all of it, or its error. */
  over(): void
}

/** The end of a response's body that its call holds. */
export interface BodyFeed {
  /** Bytes came. */
  push(bytes: Uint8Array<ArrayBuffer>): void
  /** All bytes came. */
  end(): void
  /** No more bytes will come, and those not yet read are lost: its reader gets `reason`. */
  fail(reason: unknown): void
}

type Bytes = Uint8Array<ArrayBuffer>
type Controller = ReadableByteStreamController

const abandoned = new NativeFinalizationRegistry<() => void>((unwanted) => unwanted())

/**
 * The body of a response: a byte stream that holds what came and hands it over as it is asked for. Calls hold the feed, the
 * page holds the stream; the stream's controller is held here only while a read waits, so that a response nobody reads can
 * be collected and its call ended.
 */
export function streamFor(owner: StreamOwner): { stream: ReadableStream<Bytes>; feed: BodyFeed } {
  const held: Bytes[] = []
  let next = 0
  let isEnded = false
  let known: WeakRef<Controller> | null = null
  let reading: Controller | null = null

  const drop = () => {
    held.length = 0
    next = 0
  }
  const give = (controller: Controller, bytes: Bytes) => {
    const size = sizeOf(bytes)
    reading = null
    enqueue(controller, bytes)
    owner.taken(size)
  }
  const settle = (act: (controller: Controller) => void) => {
    const controller = reading ?? (known && deref(known))
    reading = null
    owner.over()
    try {
      if (controller) act(controller)
    } catch {
      // Its reader cancelled it: there is nothing left to close.
    }
  }
  // The platform keeps these as long as the stream: they hold the call, never the stream or its controller.
  const source = {
    // What a page added to `Object.prototype` is no part of it.
    __proto__: null,
    type: 'bytes',
    start(controller: Controller) {
      known = new NativeWeakRef(controller)
      watchCollected(abandoned, controller, owner.unwanted)
    },
    pull(controller: Controller) {
      reading = controller
      if (next === held.length) return
      const bytes = held[next] as Bytes
      next += 1
      if (next === held.length) drop()
      give(controller, bytes)
      if (isEnded && held.length === 0) settle(close)
    },
    cancel() {
      drop()
      owner.unwanted()
    },
  } as UnderlyingByteSource
  const feed: BodyFeed = {
    push(bytes) {
      if (sizeOf(bytes) === 0) return
      if (reading) give(reading, bytes)
      else held[held.length] = bytes
    },
    end() {
      isEnded = true
      if (held.length === 0) settle(close)
    },
    fail(reason) {
      drop()
      settle((controller) => failStream(controller, reason))
    },
  }
  return { stream: new NativeStream(source, bare()), feed }
}

function close(controller: Controller): void {
  closeStream(controller)
  const waiting = byobOf(controller)
  if (waiting) respondByob(waiting, 0)
}
