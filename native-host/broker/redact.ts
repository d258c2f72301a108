import type { Needle } from '../auth/needle.ts'
import { Factors } from './factors.ts'
import { Lane } from './lane.ts'
import { reflectionsOf } from './reflections.ts'
import { Sieve } from './sieve.ts'
import { Spans } from './spans.ts'
import { harmlessLetters, SpelledPlaces } from './spelled-places.ts'
import { SpelledReading } from './spelled-reading.ts'
import { BLOCK } from './tape.ts'

/** What stands where a secret stood. */
const MARK = Buffer.from('[redacted]', 'latin1')
const NOTHING = new Uint8Array(0)

/** Takes secrets out of a stream of bytes. */
export interface Redactor {
  /**
   * The bytes that can go on. Held back are only those from the beginning of an unfinished match on.
   *
   * @param chunk not changed; the answer may share its memory.
   */
  push(chunk: Uint8Array): Uint8Array
  /** What was held back at the end of the stream: an unfinished match is no secret. */
  end(): Uint8Array
  /** Places redacted so far. */
  readonly found: number
}

/** What several redactors of the same secrets can share. */
export class Sought {
  /** A copy of what it was made of. */
  readonly needles: readonly Needle[]
  readonly factors: Factors
  readonly sieve: Sieve
  readonly letters: Uint8Array

  /** @param needles to take out in every form of `reflections.ts`; those below the floor are not looked for. */
  constructor(needles: readonly Needle[]) {
    this.needles = needles.map(({ bytes, pieces }) => ({ bytes: Uint8Array.from(bytes), pieces }))
    this.factors = new Factors(this.needles.flatMap(reflectionsOf))
    this.sieve = new Sieve(this.factors)
    this.letters = harmlessLetters(this.factors)
  }
}

/** A redactor for one stream. */
export function createRedactor(sought: Sought): Redactor {
  return new StreamRedactor(sought)
}

/**
 * A text without the secrets: a header value, a reason phrase.
 *
 * @param text Latin-1 as header values are read from the wire; with wider characters it is taken as UTF-8.
 */
export function redactText(text: string, sought: Sought): string {
  const encoding = isLatin1(text) ? 'latin1' : 'utf8'
  const redactor = createRedactor(sought)
  const start = redactor.push(Buffer.from(text, encoding))
  const clean = Buffer.concat([start, redactor.end()])
  return redactor.found === 0 ? text : clean.toString(encoding)
}

function copyOf(bytes: Uint8Array): Uint8Array {
  return bytes.length === 0 ? NOTHING : new Uint8Array(bytes)
}

function isLatin1(text: string): boolean {
  return !/[\u0100-\uffff]/.test(text)
}

class StreamRedactor implements Redactor {
  found = 0
  readonly #sought: Sought
  readonly #spans = new Spans()
  /** The bytes as they are. */
  readonly #plain: Lane
  /** Made for the first spelling: most texts have none, and there is one redactor for each name and value of each header. */
  #reading: SpelledReading | null = null
  #isForked = false
  /** Bytes held back, and where the first of them is. */
  #held: Uint8Array = NOTHING
  #heldAt = 0
  /** Where the last redaction that has gone out ends. */
  #coveredTo = 0

  constructor(sought: Sought) {
    const { factors, sieve } = sought
    this.#sought = sought
    this.#plain = new Lane(factors, sieve, this.#spans)
  }

  get #readBack(): SpelledReading {
    this.#reading ??= new SpelledReading(this.#sought, this.#spans)
    return this.#reading
  }

  push(chunk: Uint8Array): Uint8Array {
    const at = this.#heldAt + this.#held.length
    this.#scan(chunk, at)
    return this.#pass(chunk, this.#oldest(at + chunk.length))
  }

  end(): Uint8Array {
    const end = this.#heldAt + this.#held.length
    if (this.#isForked) this.#finish(end)
    return this.#pass(NOTHING, end)
  }

  /** What is unfinished is what it looks like. */
  #finish(end: number): void {
    const { tape, spelled, lane } = this.#readBack
    tape.clear(NOTHING, end, this.#held)
    spelled.end()
    lane.run(tape.symbols, 0, tape.length, end, tape)
  }

  #scan(chunk: Uint8Array, at: number): void {
    const { factors, sieve, letters } = this.#sought
    const places = new SpelledPlaces(chunk, factors, sieve, letters)
    for (let i = 0; i < chunk.length; ) {
      if (!this.#isForked) {
        const to = places.next(i)
        this.#plain.run(chunk, i, to, at, null)
        i = to
        if (i === chunk.length) return
        this.#fork()
      }
      i = this.#both(chunk, i, at)
    }
  }

  #fork(): void {
    this.#readBack.lane.follow(this.#plain)
    this.#isForked = true
  }

  /** Both lanes over a block of the chunk. */
  #both(chunk: Uint8Array, from: number, at: number): number {
    const { tape, spelled, lane } = this.#readBack
    const to = Math.min(from + BLOCK, chunk.length)
    let i = from
    tape.clear(chunk, at, this.#held)
    while (i < to) {
      if (spelled.pending < 0) i = tape.read(i, to)
      if (i < to) i = this.#step(chunk, i, at, from)
    }
    this.#plain.run(chunk, from, i, at, null)
    lane.run(tape.symbols, 0, tape.length, at, tape)
    if (spelled.pending < 0 && lane.equals(this.#plain)) this.#isForked = false
    return i
  }

  /**
   * The second lane on by one step from `i`, where one look does not do.
   *
   * @param from before this no step may go back.
   * @returns where to go on. Before `i` where what is pending now began: it is read again, in one look.
   */
  #step(chunk: Uint8Array, i: number, at: number, from: number): number {
    const { spelled } = this.#readBack
    const before = spelled.pending
    const end = spelled.read(chunk, i, at)
    const after = spelled.pending
    if (after <= (before < 0 ? at + i : before) || after < at + from) return end
    // What was pending is done with, and nothing of what now is has gone on.
    spelled.forget()
    return after - at
  }

  /** The beginning of the oldest unfinished match, or `end`. */
  #oldest(end: number): number {
    const unfinished = [this.#plain.alive]
    if (this.#isForked) unfinished.push(this.#readBack.lane.alive, this.#readBack.spelled.pending)
    return unfinished.reduce((oldest, start) => (start < 0 ? oldest : Math.min(oldest, start)), end)
  }

  /** Let go of everything before `cut`, redacted; hold the rest. */
  #pass(chunk: Uint8Array, cut: number): Uint8Array {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const base = this.#heldAt
    const pieces: Uint8Array[] = []
    let position = base
    const places = this.#spans.before(cut)
    for (let n = 0; n < places.length; n += 2) {
      // A match that overlaps a redaction already gone out makes that one longer.
      const start = places[n] as number
      if (start >= this.#coveredTo) {
        if (start > position) pieces.push(bytes.subarray(position - base, start - base))
        pieces.push(MARK)
        this.found++
      }
      position = Math.max(position, places[n + 1] as number)
      this.#coveredTo = position
    }
    if (position < cut) pieces.push(bytes.subarray(position - base, cut - base))
    this.#heldAt = Math.max(position, cut)
    this.#held = copyOf(bytes.subarray(this.#heldAt - base))
    // The mark itself is given to nobody: it stands for every secret to come.
    return places.length === 0 && pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces)
  }
}
