import { isUtf8 } from 'node:buffer'
import { MAX_FRAME_TO_HOST } from '../../shared/protocol/limits.ts'
import { readBodyPiece } from './body-frame.ts'

const HEADER_BYTES = 4

/** Frames up to this length that come in pieces are put together in one place, again and again: a piece of body is as long. */
const KEPT_BYTES = 256 * 1024

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
  #place = Buffer.alloc(0)
  #wanted: number | null = null

  /** True between two frames: the only place where the end of the wire is orderly. */
  get betweenFrames(): boolean {
    return this.#held === 0 && this.#wanted === null
  }

  /**
   * Take bytes in; give back each whole frame in them, parsed: a piece of body as a `BodyPiece`.
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
      yield readBodyPiece(body) ?? parseFrame(body)
    }
  }

  /**
   * A list of chunks, joined once per frame: joining on every read is quadratic in the length of a frame. What is given back is
   * good until the next is asked for.
   */
  #take(length: number): Buffer | null {
    if (this.#held < length) return null
    this.#held -= length
    const [first] = this.#chunks
    if (first === undefined || first.length < length) return this.#joined(length)
    if (first.length === length) this.#chunks.shift()
    else this.#chunks[0] = first.subarray(length)
    return Buffer.from(first.buffer, first.byteOffset, length)
  }

  #joined(length: number): Buffer {
    if (length <= KEPT_BYTES && this.#place.length === 0) this.#place = Buffer.allocUnsafeSlow(KEPT_BYTES)
    const joined = length <= KEPT_BYTES ? this.#place.subarray(0, length) : Buffer.allocUnsafe(length)
    let filled = 0
    let used = 0
    for (const chunk of this.#chunks) {
      const part = chunk.subarray(0, length - filled)
      joined.set(part, filled)
      filled += part.length
      if (part.length < chunk.length) this.#chunks[used] = chunk.subarray(part.length)
      else used += 1
      if (filled === length) break
    }
    this.#chunks.splice(0, used)
    return joined
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
