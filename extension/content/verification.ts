import type { UnpackedFrame } from '../../shared/protocol/page-frames.ts'
import { meetsIntegrity } from './integrity.ts'

type Give = (frame: UnpackedFrame) => void

/** Bytes that a chunk stands for. */
const bytesOf = (frame: Extract<UnpackedFrame, { type: 'chunk' }>): Uint8Array<ArrayBuffer> =>
  frame.base64 === undefined
    ? new TextEncoder().encode(frame.text ?? '')
    : Uint8Array.fromBase64(frame.base64)

/** Holds back the response of one call until it is whole and has the digest that its page asked for. */
export class Verification {
  readonly #metadata: string
  readonly #give: Give
  readonly #credit: (bytes: number) => void
  #held: UnpackedFrame[] = []
  #parts: Uint8Array<ArrayBuffer>[] = []

  /** @param give hands a frame on to the page. @param credit says that so many bytes were taken. */
  constructor(metadata: string, give: Give, credit: (bytes: number) => void) {
    this.#metadata = metadata
    this.#give = give
    this.#credit = credit
  }

  /** A frame came for the page. */
  take(frame: UnpackedFrame): void {
    if (frame.type === 'credit' || frame.type === 'cut') return this.#give(frame)
    // SECURITY: what we say in place of the service is not what the page asked for either.
    if (frame.type === 'problem') return this.#give({ type: 'cut', id: frame.id, code: frame.code })
    this.#held.push(frame)
    if (frame.type === 'chunk') this.#keep(bytesOf(frame))
    if (frame.type === 'end') void this.#verify(frame.id)
  }

  #keep(bytes: Uint8Array<ArrayBuffer>): void {
    this.#parts.push(bytes)
    if (bytes.length > 0) this.#credit(bytes.length)
  }

  async #verify(id: number): Promise<void> {
    const whole = new Uint8Array(await new Blob(this.#parts).arrayBuffer())
    if (await meetsIntegrity(this.#metadata, whole)) for (const frame of this.#held) this.#give(frame)
    else this.#give({ type: 'cut', id, code: 'response-withheld' })
  }
}
