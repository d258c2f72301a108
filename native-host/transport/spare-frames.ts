/** Frames between these lengths are kept, in bytes: those of the pieces in which bodies come from a socket, 64 KiB as base64. */
const LEAST_BYTES = 66 * 1024
const MOST_BYTES = 88 * 1024
/** So many at once: what the pipe and a write before it hold. */
const MOST_KEPT = 4

/**
 * Room for frames that have been written, for the next ones: memory of this length the system maps and clears anew each time, which
 * takes longer than to fill it.
 */
export class SpareFrames {
  readonly #kept: ArrayBuffer[] = []

  /** Room for a frame of this length, with whatever stood there; null where none of such a length is kept. */
  take(length: number): Buffer | null {
    if (length < LEAST_BYTES || length > MOST_BYTES) return null
    const memory = this.#kept.pop() ?? new ArrayBuffer(MOST_BYTES)
    return Buffer.from(memory, 0, length)
  }

  /**
   * The frame has been written, or never will be.
   *
   * SECURITY: once for each, and only when nobody reads it any more: the next frame is written over it, of whatever call.
   */
  give({ buffer, length }: Buffer): void {
    if (length < LEAST_BYTES || buffer.byteLength !== MOST_BYTES) return
    if (this.#kept.length < MOST_KEPT && !this.#kept.includes(buffer as ArrayBuffer))
      this.#kept.push(buffer as ArrayBuffer)
  }
}
