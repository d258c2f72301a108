import { Automaton, BEGIN, MOVE, NEW, NONE, ROOT } from './automaton.ts'
import { reflectionsOf } from './reflections.ts'

/** What stands where a secret stood. */
const MARK = Buffer.from('[redacted]', 'latin1')
const NOTHING = new Uint8Array(0)
/** The table's entry for a byte that begins nothing: stay in the root. */
const IDLE = 1

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

/**
 * A redactor for one stream.
 *
 * @param secrets bytes to take out in every form of `reflections.ts`; those below the floor are not looked for. Or an
 *   automaton made of them by {@link automatonFor}.
 */
export function createRedactor(secrets: readonly Uint8Array[] | Automaton): Redactor {
  return new StreamRedactor(secrets instanceof Automaton ? secrets : automatonFor(secrets))
}

/** What several redactors of the same secrets can share. */
export function automatonFor(secrets: readonly Uint8Array[]): Automaton {
  return new Automaton(secrets.flatMap(reflectionsOf))
}

/**
 * A text without the secrets: a header value, a reason phrase.
 *
 * @param text Latin-1 as header values are read from the wire; with wider characters it is taken as UTF-8.
 */
export function redactText(text: string, secrets: readonly Uint8Array[] | Automaton): string {
  const encoding = isLatin1(text) ? 'latin1' : 'utf8'
  const redactor = createRedactor(secrets)
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
  #automaton: Automaton
  #state = ROOT
  /** Where the groups of the state began, counted from the start of the stream. */
  readonly #starts: number[] = []
  /** Whole matches not yet passed: begin, end, begin, end, …; apart and ascending. */
  #spans: number[] = []
  /** Bytes held back, and where the first of them is. */
  #held: Uint8Array = NOTHING
  #heldAt = 0
  /** Where the last redaction that has gone out ends. */
  #coveredTo = 0

  constructor(automaton: Automaton) {
    this.#automaton = automaton
  }

  push(chunk: Uint8Array): Uint8Array {
    const at = this.#heldAt + this.#held.length
    this.#scan(chunk, at)
    const end = at + chunk.length
    const alive = this.#automaton.sizes[this.#state] ?? 0
    return this.#pass(chunk, alive > 0 ? (this.#starts[0] ?? end) : end)
  }

  end(): Uint8Array {
    this.#state = ROOT
    return this.#pass(NOTHING, this.#heldAt + this.#held.length)
  }

  /** The hot loop: one table look-up per byte; a second, shorter loop while nothing of a secret has been seen. */
  #scan(chunk: Uint8Array, at: number): void {
    let { automaton, state } = this.#automaton.renewed(this.#state)
    let table = automaton.table
    const length = chunk.length
    for (let i = 0; i < length; i++) {
      if (state === ROOT) {
        while (i < length && table[chunk[i] as number] === IDLE) i++
        if (i === length) break
      }
      const byte = chunk[i] as number
      let entry = table[(state << 8) | byte] as number
      if (entry === 0) {
        ;({ automaton, state } = automaton.renewed(state))
        entry = automaton.build(state, byte)
        table = automaton.table
      }
      const kind = (entry - 1) & 3
      const next = (entry - 1) >> 2
      if (kind === BEGIN) this.#starts[(automaton.sizes[next] as number) - 1] = at + i
      else if (kind === MOVE) this.#move(automaton, state, byte, at + i)
      state = next
    }
    this.#automaton = automaton
    this.#state = state
  }

  #move(automaton: Automaton, state: number, byte: number, at: number): void {
    const { from, matched } = automaton.moveAt(state, byte)
    if (matched !== NONE) this.#cover(this.#starts[matched] ?? at, at + 1)
    // In place: groups only move down.
    for (let place = 0; place < from.length; place++) {
      const index = from[place] as number
      this.#starts[place] = index === NEW ? at : (this.#starts[index] as number)
    }
  }

  /** Note a whole match; ends only grow, so what it overlaps is at the end of the list. */
  #cover(start: number, end: number): void {
    const spans = this.#spans
    let from = start
    while (spans.length > 0 && (spans.at(-1) as number) > from) {
      spans.pop()
      from = Math.min(from, spans.pop() as number)
    }
    spans.push(from, end)
  }

  /** Let go of everything before `cut`, redacted; hold the rest. */
  #pass(chunk: Uint8Array, cut: number): Uint8Array {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const base = this.#heldAt
    const pieces: Uint8Array[] = []
    let position = base
    let passed = 0
    for (; passed < this.#spans.length && (this.#spans[passed] as number) < cut; passed += 2) {
      // A match that overlaps a redaction already gone out makes that one longer.
      const start = this.#spans[passed] as number
      if (start >= this.#coveredTo) {
        pieces.push(bytes.subarray(position - base, start - base), MARK)
        this.found++
      }
      position = this.#spans[passed + 1] as number
      this.#coveredTo = position
    }
    if (passed > 0) this.#spans = this.#spans.slice(passed)
    if (position < cut) pieces.push(bytes.subarray(position - base, cut - base))
    this.#heldAt = Math.max(position, cut)
    this.#held = copyOf(bytes.subarray(this.#heldAt - base))
    return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces)
  }
}
