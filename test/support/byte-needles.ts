/** Ways that two bytes can stand beside each other. */
const PAIRS = 0x10000

/**
 * Byte strings that are sought all at once: most bytes of what is searched are never looked at, however many are sought
 * (Wu and Manber, "A fast algorithm for multi-pattern searching", 1994, with pairs of bytes). A browser's memory is searched for
 * every form of every key.
 */
export class ByteNeedles {
  readonly #needles: readonly Uint8Array[]
  /** How many first bytes of each needle are looked at before it is compared whole: the length of the shortest. */
  readonly #width: number
  /** By a pair of bytes: how far ahead no needle's first bytes can end. 0 where one may end with this pair. */
  readonly #skips: Uint8Array
  /** By a pair of bytes: the needles whose first bytes end with it. */
  readonly #ending = new Map<number, number[]>()

  /** @throws Error for a needle of fewer than two bytes. */
  constructor(needles: readonly Uint8Array[]) {
    this.#needles = needles
    this.#width = Math.min(255, ...needles.map(({ length }) => length))
    if (this.#width < 2) throw new Error('what is sought must have two bytes')
    this.#skips = new Uint8Array(PAIRS).fill(this.#width - 1)
    for (const [index, needle] of needles.entries()) this.#learn(index, needle)
  }

  #learn(index: number, needle: Uint8Array): void {
    for (let at = 1; at < this.#width; at++) {
      const pair = pairAt(needle, at)
      this.#skips[pair] = Math.min(this.#skips[pair] ?? 0, this.#width - 1 - at)
    }
    const last = pairAt(needle, this.#width - 1)
    this.#ending.set(last, [...(this.#ending.get(last) ?? []), index])
  }

  /** @returns which needles stand anywhere in `bytes`, by their place in the list; never in part. */
  in(bytes: Uint8Array): Set<number> {
    const found = new Set<number>()
    if (this.#needles.length === 0) return found
    for (let at = this.#width - 1; at < bytes.length; ) {
      const pair = pairAt(bytes, at)
      const skip = this.#skips[pair] ?? 1
      if (skip === 0) this.#compare(bytes, at - this.#width + 1, pair, found)
      at += skip === 0 ? 1 : skip
    }
    return found
  }

  #compare(bytes: Uint8Array, from: number, pair: number, found: Set<number>): void {
    for (const index of this.#ending.get(pair) ?? []) {
      const needle = this.#needles[index] as Uint8Array
      if (!found.has(index) && isAt(bytes, from, needle)) found.add(index)
    }
  }
}

/** The pair of bytes that ends at a place. */
function pairAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at - 1] as number) << 8) | (bytes[at] as number)
}

function isAt(bytes: Uint8Array, from: number, needle: Uint8Array): boolean {
  if (from + needle.length > bytes.length) return false
  for (let at = 0; at < needle.length; at++) if (bytes[from + at] !== needle[at]) return false
  return true
}
