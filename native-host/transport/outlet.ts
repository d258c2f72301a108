import type { Writable } from 'node:stream'
import type { FrameToBackground } from '../../shared/protocol/native-frames.ts'
import { frameBytes } from './frame-bytes.ts'

/** Frames that may wait in the process for the browser to read them, in bytes, before streams are held back. */
const HIGH_WATER = 1024 * 1024

/** What is handed to the system's pipe cannot be taken back; no more than this is, in bytes, before the browser has read. */
const BEYOND_RECALL = 64 * 1024

/** A frame that waits, ready to be written. */
interface Waiting {
  /** The call whose chunk it is; null for every other frame. */
  readonly chunkOf: number | null
  readonly bytes: Buffer
  readonly written: () => void
}

/** The host's end of the native wire. Everything the process writes to stdout goes through here. */
export class Outlet {
  readonly #stream: Writable
  #waiting: (() => void)[] = []
  #queue: Waiting[] = []
  #queued = 0
  #closed = false

  constructor(stream: Writable) {
    this.#stream = stream
    // EPIPE once the browser has gone: the end of stdin ends the process, this only keeps it from crashing first.
    stream.on('error', () => this.close())
  }

  /** Write one frame. @throws RangeError for one the browser would kill the port for: a fault of ours. */
  send(frame: FrameToBackground): void {
    if (this.#closed) return
    const bytes = frameBytes(frame)
    this.#put(bytes, frame.type === 'chunk' ? frame.id : null)
  }

  /** Take back the chunks of a call that the browser has not been given yet: a page slow to read is given none of them. */
  recall(call: number): void {
    this.#queue = this.#queue.filter(({ chunkOf, bytes }) => {
      if (chunkOf === call) this.#queued -= bytes.length
      return chunkOf !== call
    })
  }

  /** Resolves when the browser has read enough for a stream to go on; at once while little is waiting. */
  ready(): Promise<void> | null {
    if (this.#closed || this.#stream.writableLength + this.#queued < HIGH_WATER) return null
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Resolves when all that was sent has been handed to the operating system. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#closed) resolve()
      else this.#put(Buffer.alloc(0), null, resolve)
    })
  }

  close(): void {
    this.#closed = true
    const queue = this.#queue
    this.#queue = []
    for (const { written } of queue) written()
    this.#release()
  }

  #put(bytes: Buffer, chunkOf: number | null, written = () => {}): void {
    this.#queue.push({ chunkOf, bytes, written })
    this.#queued += bytes.length
    this.#hand()
  }

  /** Hand on what waits, in order, as far as the browser reads. */
  #hand(): void {
    while (this.#stream.writableLength < BEYOND_RECALL) {
      const next = this.#queue.shift()
      if (next === undefined) break
      this.#queued -= next.bytes.length
      this.#stream.write(next.bytes, () => {
        next.written()
        this.#hand()
      })
    }
    if (this.#stream.writableLength + this.#queued < HIGH_WATER) this.#release()
  }

  #release(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const go of waiting) go()
  }
}
