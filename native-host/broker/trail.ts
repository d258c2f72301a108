import type { Needle } from '../auth/needle.ts'

/** What the exchanges of one call know of each other: it may follow redirects, and go on at another service. */
export class Trail {
  /** What is taken out of its answers: SECURITY: of every service that it was sent to, whichever of them answers. */
  readonly needles: Needle[] = []
  /** True once a byte of it may have left. */
  hasLeft = false
  /** How long to wait for the head of an answer, ms; null: as long as for any call. */
  patience: number | null = null

  /** Look for these as well. */
  seek(needles: readonly Needle[]): void {
    for (const needle of needles)
      if (!this.needles.some((known) => areSame(known, needle))) this.needles.push(needle)
  }
}

function areSame(one: Needle, other: Needle): boolean {
  return one.pieces === other.pieces && Buffer.compare(one.bytes, other.bytes) === 0
}
