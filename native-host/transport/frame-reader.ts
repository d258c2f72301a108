import { isUtf8 } from 'node:buffer'
import { MAX_FRAME_TO_HOST } from '../../shared/protocol/limits.ts'

const HEADER_BYTES = 4

/** The bytes on the wire are not native-messaging frames. There is no way back into step: the wire is closed. */
export class BrokenWire extends Error {
  override name = 'BrokenWire'
}

/**
 * Cuts the browser's bytes into frames: a 32-bit length in native byte order (little-endian on every platform
 * browsers run on) and that many bytes of UTF-8 JSON holding an object. Chrome documentation, "Native messaging protocol".
 */
export class FrameReader {
  #chunks: Uint8Array[] = []
  #held = 0
  #wanted: number | null = null

  /** True between two frames: the only place where the end of the wire is orderly. */
  get betweenFrames(): boolean {
    return this.#held === 0 && this.#wanted === null
  }

  /**
   * Take bytes in; give back each whole frame in them, parsed.
   *
   * @throws BrokenWire for a length of zero or above MAX_FRAME_TO_HOST (before anything is allocated), for bytes that
   * are not UTF-8, and for JSON that is not an object.
   */
  *push(bytes: Uint8Array): Generator<object> {
    this.#chunks.push(bytes)
    this.#held += bytes.length
    for (;;) {
      if (this.#wanted === null) {
        const header = this.#take(HEADER_BYTES)
        if (header === null) return
        this.#wanted = checkedLength(header.readUInt32LE(0))
      }
      const body = this.#take(this.#wanted)
      if (body === null) return
      this.#wanted = null
      yield parseFrame(body)
    }
  }

  // A list of chunks, joined once per frame: joining on every read is quadratic in the length of a frame.
  #take(length: number): Buffer | null {
    if (this.#held < length) return null
    const first = this.#chunks[0]
    const joined =
      first !== undefined && first.length >= length
        ? Buffer.from(first.buffer, first.byteOffset, first.length)
        : Buffer.concat(this.#chunks)
    const rest = joined.subarray(length)
    if (joined.length === first?.length) this.#chunks.shift()
    else this.#chunks = []
    if (rest.length > 0) this.#chunks.unshift(rest)
    this.#held -= length
    return joined.subarray(0, length)
  }
}

function checkedLength(length: number): number {
  if (length === 0) throw new BrokenWire('a frame of no bytes')
  if (length > MAX_FRAME_TO_HOST) throw new BrokenWire('a frame above the limit')
  return length
}

function parseFrame(body: Buffer): object {
  if (!isUtf8(body)) throw new BrokenWire('a frame that is not UTF-8')
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch (cause) {
    // SECURITY: the parser's own message quotes the text; it is not passed on.
    throw new BrokenWire('a frame that is not JSON', { cause: cause instanceof Error ? cause.name : null })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BrokenWire('a frame that is not an object')
  }
  return value
}
