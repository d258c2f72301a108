import {
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

const abandoned = new NativeFinalizationRegistry<() => void>((unwanted) => unwanted())

/**
 * The body of a response: a byte stream that holds what came and hands it over as it is asked for. Calls hold this
 * object, the page holds the stream; the stream's controller is held here only while a read waits, so that a response
 * nobody reads can be collected and its call ended.
 */
export class ResponseStream {
  readonly #owner: StreamOwner
  #stream: ReadableStream<Uint8Array<ArrayBuffer>> | null
  #controller: WeakRef<ReadableByteStreamController> | null = null
  #reading: ReadableByteStreamController | null = null
  #held: Uint8Array<ArrayBuffer>[] = []
  #next = 0
  #ended = false

  constructor(owner: StreamOwner) {
    this.#owner = owner
    this.#stream = new NativeStream({
      type: 'bytes',
      start: (controller) => {
        this.#controller = new NativeWeakRef(controller)
        watchCollected(abandoned, controller, () => owner.unwanted())
      },
      pull: (controller) => this.#pull(controller),
      cancel: () => {
        this.#drop()
        owner.unwanted()
      },
    })
  }

  /** The stream, once: from then on only the page keeps it. */
  handOver(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    const stream = this.#stream
    this.#stream = null
    return stream
  }

  /** Bytes came. */
  push(bytes: Uint8Array<ArrayBuffer>): void {
    if (sizeOf(bytes) === 0) return
    const controller = this.#reading
    if (controller === null) this.#held[this.#held.length] = bytes
    else this.#give(controller, bytes)
  }

  /** All bytes came. */
  end(): void {
    this.#ended = true
    if (this.#next === this.#held.length) this.#settle(close)
  }

  /** No more bytes will come, and those not yet read are lost: its reader gets `reason`. */
  fail(reason: unknown): void {
    this.#drop()
    this.#settle((controller) => failStream(controller, reason))
  }

  #pull(controller: ReadableByteStreamController): void {
    const bytes = this.#held[this.#next]
    this.#reading = controller
    if (bytes === undefined) return
    this.#next += 1
    if (this.#next === this.#held.length) this.#drop()
    this.#give(controller, bytes)
    if (this.#ended && this.#held.length === 0) this.#settle(close)
  }

  #drop(): void {
    this.#held = []
    this.#next = 0
  }

  #give(controller: ReadableByteStreamController, bytes: Uint8Array<ArrayBuffer>): void {
    const size = sizeOf(bytes)
    this.#reading = null
    enqueue(controller, bytes)
    this.#owner.taken(size)
  }

  #settle(act: (controller: ReadableByteStreamController) => void): void {
    const controller = this.#reading ?? (this.#controller && deref(this.#controller))
    this.#reading = null
    this.#owner.over()
    if (!controller) return
    try {
      act(controller)
    } catch {
      // Its reader cancelled it: there is nothing left to close.
    }
  }
}

function close(controller: ReadableByteStreamController): void {
  closeStream(controller)
  const waiting = byobOf(controller)
  if (waiting) respondByob(waiting, 0)
}
