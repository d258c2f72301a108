import { Backslashes } from './spelled-backslashes.ts'
import { percentAt } from './spelled-percent.ts'
import { Percents } from './spelled-percents.ts'
import { References } from './spelled-references.ts'

/** Takes symbols: bytes of a text, each with where its spelling stands in the stream. */
export interface Sink {
  /** @param end behind its last byte. */
  symbol(byte: number, start: number, end: number): void
}

/**
 * Reads spellings back: percent-encoding (RFC 3986 section 2.1), in it JSON and script escapes (RFC 8259 section 7,
 * `\xHH`), in these HTML character references (WHATWG HTML section 13.5), each also encoded once more; and drops soft
 * line breaks (RFC 2045 section 6.7). What is no spelling goes on as it is. Each step holds back a dozen bytes at most.
 */
export class Spelled implements Sink {
  readonly #references: References
  readonly #backslashes: Backslashes
  readonly #percents: Percents

  constructor(sink: Sink) {
    this.#references = new References(sink)
    this.#backslashes = new Backslashes(this.#references)
    this.#percents = new Percents(this.#backslashes)
  }

  symbol(byte: number, start: number, end: number): void {
    this.#percents.symbol(byte, start, end)
  }

  /**
   * Read what is encoded once and begins at `i` in a chunk, or one byte of it.
   *
   * @param at where the first byte of `bytes` is in the stream.
   * @returns where the next one begins.
   */
  read(bytes: Uint8Array, i: number, at: number): number {
    const whole = this.#percents.pending < 0 ? percentAt(bytes, i) : 0
    if (whole === 0) {
      this.#percents.symbol(bytes[i] as number, at + i, at + i + 1)
      return i + 1
    }
    const end = i + (whole >> 8)
    this.#backslashes.symbol(whole & 0xff, at + i, at + end)
    return end
  }

  /** Where the oldest unfinished spelling begins; -1: there is none. */
  get pending(): number {
    if (this.#references.pending >= 0) return this.#references.pending
    return this.#backslashes.pending >= 0 ? this.#backslashes.pending : this.#percents.pending
  }

  /** Nothing is pending: what was is read anew. */
  forget(): void {
    this.#percents.forget()
    this.#backslashes.forget()
    this.#references.forget()
  }

  /** The end of the stream: what is unfinished is what it looks like. */
  end(): void {
    this.#percents.end()
    this.#backslashes.end()
    this.#references.end()
  }
}

/** A text as {@link Spelled} reads it, whole. */
export function asSpelled(text: Uint8Array): Uint8Array {
  const symbols: number[] = []
  const spelled = new Spelled({ symbol: (byte) => void symbols.push(byte) })
  text.forEach((byte, at) => {
    spelled.symbol(byte, at, at + 1)
  })
  spelled.end()
  return Uint8Array.from(symbols)
}
