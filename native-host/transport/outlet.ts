import type { Writable } from 'node:stream'
import { MAX_FRAME_FROM_HOST } from '../../shared/protocol/limits.ts'
import type { FrameToBackground } from '../../shared/protocol/native-frames.ts'

/** Frames that may wait in the process for the browser to read them, in bytes, before streams are held back. */
const HIGH_WATER = 1024 * 1024

/** The host's end of the native wire. Everything the process writes to stdout goes through here. */
export class Outlet {
  readonly #stream: Writable
  #waiting: (() => void)[] = []
  #closed = false

  constructor(stream: Writable) {
    this.#stream = stream
    stream.on('drain', () => this.#release())
    // EPIPE once the browser has gone: the end of stdin ends the process, this only keeps it from crashing first.
    stream.on('error', () => this.close())
  }

  /** Write one frame. @throws RangeError for one the browser would kill the port for: a fault of ours. */
  send(frame: FrameToBackground): void {
    if (this.#closed) return
    const body = Buffer.from(JSON.stringify(frame))
    if (body.length > MAX_FRAME_FROM_HOST) throw new RangeError(`a ${frame.type} frame above the limit`)
    const header = Buffer.allocUnsafe(4)
    header.writeUInt32LE(body.length, 0)
    this.#stream.write(Buffer.concat([header, body]))
  }

  /** Resolves when the browser has read enough for a stream to go on; at once while little is waiting. */
  ready(): Promise<void> | null {
    if (this.#closed || this.#stream.writableLength < HIGH_WATER) return null
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Resolves when all that was sent has been handed to the operating system. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#closed) resolve()
      else this.#stream.write('', () => resolve())
    })
  }

  close(): void {
    this.#closed = true
    this.#release()
  }

  #release(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const go of waiting) go()
  }
}
