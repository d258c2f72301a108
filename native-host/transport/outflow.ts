import { CHUNK_BYTES, CREDIT_BYTES, WINDOW_BYTES } from '../../shared/protocol/limits.ts'
import type { Slice } from '../broker/call.ts'
import { chunkPayload, piecesOf } from './chunk.ts'
import type { SentFrame } from './frame-bytes.ts'
import type { Lane } from './outlet.ts'
import { Packing } from './packing.ts'

/**
 * Bytes of a body that go out before the page is seen to read it: what it reads before it says so, and a whole chunk, so
 * that it always comes to say so. Of hundreds of bodies that nobody reads the rest is neither fetched nor searched.
 */
const FIRST_BYTES = CREDIT_BYTES + CHUNK_BYTES

/** A response body on its way to the page: no faster than the page's credit and the browser's reading allow. */
export class Outflow {
  readonly #id: number
  readonly #lane: Lane
  readonly #slice: Slice
  readonly #packing = new Packing()
  #window = FIRST_BYTES
  /** What the page would have taken without reading. */
  #kept = WINDOW_BYTES - FIRST_BYTES
  #wake: (() => void) | null = null

  /** @param slice asked before so many bytes are packed, see `broker/call.ts`. */
  constructor(id: number, lane: Lane, slice: Slice = () => null) {
    this.#id = id
    this.#lane = lane
    this.#slice = slice
  }

  /** The page has read so many bytes. */
  credit(bytes: number): void {
    this.#window = Math.min(this.#window + bytes + this.#kept, WINDOW_BYTES)
    this.#kept = 0
    this.#go()
  }

  /**
   * Send a whole body, then `end`.
   *
   * @param look called right before each chunk leaves, and before the `end` with true; whoever has a reason to stop
   *   aborts the signal there.
   * @returns bytes sent. Rejects with what the body or the signal failed with; then no `end` was sent.
   */
  async run(
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
    look: (isEnd: boolean) => void = () => {},
  ): Promise<void> {
    const stop = () => this.#go()
    signal.addEventListener('abort', stop)
    try {
      for await (const bytes of body) {
        for (const piece of piecesOf(bytes)) {
          signal.throwIfAborted()
          // Nothing is made ready for a page that does not read.
          while (!this.#hasRoom(piece)) await this.#room(piece, signal)
          const mayPack = this.#packing.mayPay(piece)
          if (mayPack) await this.#slice(piece.length)
          // Asked in the turn in which the chunk leaves: of many streams that wait for the same room one takes it.
          while (!this.#hasRoom(piece)) await this.#room(piece, signal)
          look(false)
          // SECURITY: in the same turn as the chunk leaves. Whatever is awaited in between lets a revoke in.
          signal.throwIfAborted()
          this.#lane.send(this.#frameOf(piece, mayPack))
          this.#window -= piece.length
        }
      }
      look(true)
      signal.throwIfAborted()
      this.#lane.send({ type: 'end', id: this.#id })
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  #go(): void {
    this.#wake?.()
    this.#wake = null
  }

  #frameOf(piece: Buffer, mayPack: boolean): SentFrame {
    const packed = mayPack ? this.#packing.pack(piece) : null
    if (packed !== null) return { type: 'packed', id: this.#id, ...packed }
    return { type: 'chunk', id: this.#id, ...chunkPayload(piece) }
  }

  #hasRoom({ length }: Buffer): boolean {
    return this.#window >= length && !this.#lane.isFull()
  }

  /** Until there may be room for a piece. */
  async #room({ length }: Buffer, signal: AbortSignal): Promise<void> {
    const woken = this.#woken(signal)
    // A browser that reads nothing must not keep the end of a call waiting.
    await (this.#window < length ? woken : Promise.race([this.#lane.ready(), woken]))
  }

  async #woken(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => (this.#wake = resolve))
    signal.throwIfAborted()
  }
}
