import { deflateRawSync, type ZlibOptions } from 'node:zlib'

/** A piece of a body as it crosses the wire where deflating it pays: RFC 1951, base64. */
export interface Packed {
  readonly deflate: string
  /** How many bytes it inflates to. */
  readonly bytes: number
}

/** Pieces shorter than this go as they are: they cross in a few reads of the browser's, and packing has a price of its own. */
export const LEAST_BYTES = 16 * 1024

/** Of a body not known to pay so much is deflated first, to see whether the rest is worth it: tens of microseconds. */
const SAMPLE_BYTES = 4 * 1024

/** It pays below this part of the bytes: what is saved on the wire is then more than what deflating and inflating take. */
const PAYS_BELOW = 0.75

/** Pieces that go as they are, after one that did not pay, before another is tried: at first, and at most. */
const FIRST_PAUSE = 2
const LONGEST_PAUSE = 64

/**
 * Level 1 takes a third of the time of the default and leaves a tenth more. Windows this small leave no more than the largest,
 * and do not have the system map and clear a third of a megabyte for each piece.
 */
const WHOLE: ZlibOptions = { level: 1, windowBits: 13, memLevel: 6, chunkSize: 64 * 1024 }
const SAMPLE: ZlibOptions = { level: 1, windowBits: 12, memLevel: 5, chunkSize: SAMPLE_BYTES }

/**
 * Decides, piece by piece, whether a body's bytes are deflated for the native wire, which browsers read four kilobytes at
 * a time. Here and now, about a third of a millisecond for 64 KiB: handed to another thread and back, a piece waits for two
 * turns of a busy machine.
 *
 * SECURITY: what is deflated is what was cleansed, never a service's own coded bytes: what a decoder makes of those may be
 * another thing than what was looked through.
 */
export class Packing {
  #isKnownToPay = false
  #pause = FIRST_PAUSE
  #left = 0

  /** Whether the next piece may be worth packing: it is to be asked for a turn then. One for which this is false counts as gone by. */
  mayPay(piece: Uint8Array): boolean {
    if (piece.length < LEAST_BYTES) return false
    if (this.#left === 0) return true
    this.#left--
    return false
  }

  /** The piece packed; null where it is to go as it is. */
  pack(piece: Uint8Array): Packed | null {
    if (!this.#isKnownToPay) {
      const sample = piece.subarray(0, SAMPLE_BYTES)
      if (!this.#pays(deflateRawSync(sample, SAMPLE), sample)) return null
    }
    const deflated = deflateRawSync(piece, WHOLE)
    if (!this.#pays(deflated, piece)) return null
    this.#isKnownToPay = true
    this.#pause = FIRST_PAUSE
    return { deflate: deflated.toString('base64'), bytes: piece.length }
  }

  #pays(deflated: Uint8Array, plain: Uint8Array): boolean {
    if (deflated.length < plain.length * PAYS_BELOW) return true
    this.#isKnownToPay = false
    this.#left = this.#pause
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE)
    return false
  }
}
