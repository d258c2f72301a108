import type { Reflection } from './reflections.ts'

/** No byte of a match has been seen. */
export const ROOT = 0
/** Class of a byte that no reflection holds. */
export const FOREIGN = 0
/** Classes of bytes that may stand inside a match: escapes are full of backslashes, encoders break lines. */
export const BACKSLASH = 255
export const LINE_END = 254
/** So many of these may stand between two symbols of a match: bounds what is held back. */
export const MOST_SKIPPED = 8
/** Encoded text is broken at 64 or 76 characters; a shorter beginning before a line end is chance. */
export const BEFORE_LINE_END = 4

const LF = 0x0a
const CR = 0x0d
const NONE = -1
const FAR = 0x3fffffff

/**
 * All runs of all reflections as one deterministic automaton (the generalised suffix automaton: Blumer et al., "The
 * smallest automaton recognizing the subwords of a text", 1985). Its size is bounded by the reflections, at most two
 * states a symbol, and it is made whole before the first byte: no input can make it larger or slower.
 *
 * Reading is `lane.ts`. With the state goes the length of the longest run that ends here.
 */
export class Factors {
  /** Class of each byte. One class: upper and lower case, `+` and `-`, `/` and `_` (base64url). */
  readonly classes = new Uint8Array(256)
  /** True where a reflection holds a byte beyond ASCII. */
  readonly isWide: boolean
  /** Number of classes. */
  readonly width: number
  /** Per state and class, at `state * width + class`: the state after, or the root where a match does not go on. */
  readonly next: Int32Array
  /** Per state: the state of the longest shorter run that has more continuations; -1 for the root. */
  readonly link: Int32Array
  /** Per state: the length of its longest run. */
  readonly longest: Int32Array
  /** Per state: from which length a run is a whole match. */
  readonly enough: Int32Array
  /** Per state: how much of a run that is not enough is a match all the same: the end of it. 0: nothing. */
  readonly tail: Int32Array
  /** Per state: from which length a run is a match or ends in one. */
  readonly noted: Int32Array
  /** Per state: from which length a run can still become a match. */
  readonly hopeful: Int32Array
  /** Per state: how much of the end of a run without hope has hope. */
  readonly rest: Int32Array
  /** The shortest match, in symbols. {@link FAR} where there is none. */
  readonly shortest: number
  /** The longest reflection, in symbols. */
  readonly deepest: number
  /** Each run of three classes `a`, `b`, `c` in a reflection, as `(a * width + b) * width + c`. Some are there twice. */
  readonly threes: readonly number[]
  #states = 1

  constructor(reflections: readonly Reflection[]) {
    const chains = reflections
      .map(({ symbols, least }) => ({ symbols: symbols.filter((byte) => !isSkipped(byte)), least }))
      .map(({ symbols, least }) => ({ symbols, least: Math.min(least, symbols.length) }))
      .filter(({ least }) => least > 2)
    this.width = this.#classify(chains)
    this.isWide = this.classes.some((symbol, byte) => byte > 0x7f && symbol !== FOREIGN)
    const most = 2 * chains.reduce((sum, { symbols }) => sum + symbols.length, 0) + 2
    this.next = new Int32Array(most * this.width)
    this.link = new Int32Array(most).fill(NONE)
    this.longest = new Int32Array(most)
    this.enough = new Int32Array(most).fill(FAR)
    this.hopeful = new Int32Array(most).fill(FAR)
    this.noted = new Int32Array(most).fill(FAR)
    this.tail = new Int32Array(most)
    this.rest = new Int32Array(most)
    this.shortest = chains.reduce((least, chain) => Math.min(least, chain.least), FAR)
    this.deepest = chains.reduce((most, { symbols }) => Math.max(most, symbols.length), 0)
    for (const { symbols, least } of chains) this.#insert(symbols, least)
    this.threes = chains.flatMap(({ symbols }) => this.#threesOf(symbols))
    this.#spread()
  }

  /** How much of the end of a run of this length is a match; 0: nothing. */
  matched(state: number, length: number): number {
    return length >= (this.enough[state] as number) ? length : (this.tail[state] as number)
  }

  /** How much of it may still become one; 0: nothing, or it is one already. */
  unfinished(state: number, length: number): number {
    if (length >= (this.enough[state] as number)) return 0
    return length >= (this.hopeful[state] as number) ? length : (this.rest[state] as number)
  }

  #classify(chains: readonly Reflection[]): number {
    let width = 1
    const { classes } = this
    for (const { symbols } of chains) {
      for (const byte of symbols) {
        const symbol = folded(byte)
        if (classes[symbol] === FOREIGN) classes[symbol] = width++
      }
    }
    for (let byte = 0; byte < 256; byte++) classes[byte] = classes[folded(byte)] as number
    classes[0x5c] = BACKSLASH
    classes[LF] = LINE_END
    classes[CR] = LINE_END
    return width
  }

  #insert(symbols: Uint8Array, least: number): void {
    let state = ROOT
    for (let at = 0; at < symbols.length; at++) {
      state = this.#extended(state, this.classes[symbols[at] as number] as number)
      const left = symbols.length - at - 1
      this.enough[state] = Math.min(this.enough[state] as number, least)
      this.hopeful[state] = Math.min(this.hopeful[state] as number, least - left)
    }
  }

  #threesOf(symbols: Uint8Array): number[] {
    const most = this.width ** 3
    const found: number[] = []
    let three = 0
    for (let at = 0; at < symbols.length; at++) {
      three = (three * this.width + (this.classes[symbols[at] as number] as number)) % most
      if (at >= 2) found.push(three)
    }
    return found
  }

  /** The state of a run one symbol longer than that of `last`, of which it is the longest. */
  #extended(last: number, symbol: number): number {
    const known = this.#at(last, symbol)
    if (known !== ROOT) return this.#exactly(last, known, symbol)
    const state = this.#states++
    this.longest[state] = (this.longest[last] as number) + 1
    let from = last
    for (; from !== NONE && this.#at(from, symbol) === ROOT; from = this.link[from] as number) {
      this.next[from * this.width + symbol] = state
    }
    this.link[state] = from === NONE ? ROOT : this.#exactly(from, this.#at(from, symbol), symbol)
    return state
  }

  /** `state`, or a copy of it for the runs that come from `from`, where it has longer ones too. */
  #exactly(from: number, state: number, symbol: number): number {
    const length = (this.longest[from] as number) + 1
    if (this.longest[state] === length) return state
    const { width } = this
    const copy = this.#states++
    this.longest[copy] = length
    this.next.copyWithin(copy * width, state * width, (state + 1) * width)
    this.link[copy] = this.link[state] as number
    this.link[state] = copy
    for (let at = from; at !== NONE && this.#at(at, symbol) === state; at = this.link[at] as number) {
      this.next[at * width + symbol] = copy
    }
    return copy
  }

  #at(state: number, symbol: number): number {
    return this.next[state * this.width + symbol] as number
  }

  /** A run ends wherever a longer one that it is the end of does. */
  #spread(): void {
    const { link, longest, enough, noted, hopeful, tail, rest } = this
    const states = this.#shortestFirst()
    for (let at = states.length - 1; at >= 0; at--) {
      const state = states[at] as number
      const shorter = link[state] as number
      enough[shorter] = Math.min(enough[shorter] as number, enough[state] as number)
      hopeful[shorter] = Math.min(hopeful[shorter] as number, hopeful[state] as number)
    }
    for (const state of states) {
      const shorter = link[state] as number
      const length = longest[shorter] as number
      const matches = length >= (enough[shorter] as number)
      tail[state] = matches ? length : (tail[shorter] as number)
      noted[state] = tail[state] === 0 ? (enough[state] as number) : 0
      // What is matched is taken out already: nothing of it waits.
      rest[state] = matches ? 0 : length >= (hopeful[shorter] as number) ? length : (rest[shorter] as number)
    }
    // The root ends every run, of no length: it neither matches nor waits.
    enough[ROOT] = FAR
    hopeful[ROOT] = FAR
  }

  /** Every state but the root, by how long its longest run is. Counted, not sorted: a first call waits for it. */
  #shortestFirst(): Int32Array {
    const { longest } = this
    const places = new Int32Array(this.deepest + 2)
    for (let state = 1; state < this.#states; state++) add(places, (longest[state] as number) + 1, 1)
    for (let length = 1; length < places.length; length++) add(places, length, places[length - 1] as number)
    const states = new Int32Array(this.#states - 1)
    for (let state = 1; state < this.#states; state++)
      states[add(places, longest[state] as number, 1) - 1] = state
    return states
  }
}

/** @returns what stands there then. */
function add(counts: Int32Array, at: number, more: number): number {
  const sum = (counts[at] as number) + more
  counts[at] = sum
  return sum
}

/** The symbol that stands for a byte. */
function folded(byte: number): number {
  if (byte > 0x40 && byte < 0x5b) return byte + 0x20
  if (byte === 0x2d) return 0x2b
  return byte === 0x5f ? 0x2f : byte
}

function isSkipped(byte: number): boolean {
  return byte === 0x5c || byte === LF || byte === CR
}
