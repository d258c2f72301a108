import { type CounterName, counterOf, isCounter } from './usage-numbers.ts'

/** Deepest nesting that is followed; an answer that goes deeper says nothing. */
const MAX_DEPTH = 64
/** Longest key, number or `type` that is kept, in bytes: above all that matter. */
const MAX_KEPT = 64

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** What one JSON text said. */
export interface Scanned {
  readonly counters: ReadonlyMap<CounterName, number>
  /** The `type` member at the top; null where there is none. */
  readonly type: string | null
  /** True where a member of `candidates` says why it ended: Gemini's way to end a stream. */
  readonly isFinished: boolean
}

/** What is expected next. */
type State =
  | 'value'
  | 'first-element'
  | 'first-key'
  | 'key'
  | 'colon'
  | 'after'
  | 'string'
  | 'number'
  | 'literal'
  | 'done'
  | 'broken'

/** An object or a list that is open. */
interface Level {
  readonly isObject: boolean
  /** The member being read; null in a list, and for a key too long to matter. */
  key: string | null
  readonly usage: boolean
  /** Which usage objects and counters were there: twice is a contradiction. */
  readonly seen: Set<string>
}

/**
 * Reads one JSON text as it comes in, byte by byte in whatever pieces, and keeps the token counters of its usage object: the
 * member `usage` or `usageMetadata` at the top, or in `response` or `message` there. A real reader of the grammar: text
 * within strings is never taken for members. Memory is bounded by depth, not by length.
 */
export class UsageScanner {
  #state: State = 'value'
  readonly #levels: Level[] = []
  readonly #counters = new Map<CounterName, number>()
  #kept: number[] = []
  #isEscaped = false
  #isKey = false
  #isLying = false
  #hasUsage = false
  #isFinished = false
  #type: string | null = null
  readonly #onElement: ((scanned: Scanned | null) => void) | null
  readonly #bottom: number

  /**
   * @param onElement for a list at the top, as Gemini streams without SSE: told of every element of it, null for one that
   *   cannot be believed.
   */
  constructor(onElement: ((scanned: Scanned | null) => void) | null = null) {
    this.#onElement = onElement
    this.#bottom = onElement === null ? 0 : 1
  }

  /** Take the next bytes. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at++) {
      if (this.#state === 'string' && !this.#isEscaped) at = this.#skipString(bytes, at)
      const byte = bytes[at]
      if (byte === undefined || this.#state === 'broken') return
      this.#take(byte)
    }
  }

  /** What the text said; null where it was no whole JSON text, or contradicted itself. */
  end(): Scanned | null {
    if (this.#state === 'number' || this.#state === 'literal') this.#endScalar()
    return this.#state === 'done' && !this.#isLying ? this.#scanned() : null
  }

  #scanned(): Scanned {
    return { counters: new Map(this.#counters), type: this.#type, isFinished: this.#isFinished }
  }

  /** Most of an answer is text: on to the next byte in it that means something. */
  #skipString(bytes: Uint8Array, from: number): number {
    let at = from
    for (; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      if (byte === QUOTE || byte === BACKSLASH || byte < 0x20) break
      if (this.#kept.length <= MAX_KEPT) this.#kept.push(byte)
    }
    return at
  }

  #take(byte: number): void {
    if (this.#state === 'string') return this.#inString(byte)
    if (this.#state === 'number' || this.#state === 'literal') {
      if (isScalarByte(byte)) {
        if (this.#kept.length <= MAX_KEPT) this.#kept.push(byte)
        else if (this.#state === 'literal') this.#state = 'broken'
        return
      }
      this.#endScalar()
    }
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return
    this.#structure(byte)
  }

  #structure(byte: number): void {
    const state = this.#state
    if (state === 'first-element' && byte === 0x5d) return this.#close(false)
    if (state === 'first-key' && byte === 0x7d) return this.#close(true)
    if (state === 'value' || state === 'first-element') return this.#value(byte)
    if ((state === 'key' || state === 'first-key') && byte === QUOTE) return this.#string(true)
    if (state === 'colon' && byte === 0x3a) this.#state = 'value'
    else if (state === 'after') this.#after(byte)
    else this.#state = 'broken'
  }

  #after(byte: number): void {
    const level = this.#levels.at(-1)
    if (byte === 0x2c && level !== undefined) this.#state = level.isObject ? 'key' : 'value'
    else if (byte === 0x7d || byte === 0x5d) this.#close(byte === 0x7d)
    else this.#state = 'broken'
  }

  #value(byte: number): void {
    if (byte === 0x7b || byte === 0x5b) return this.#open(byte === 0x7b)
    this.#note()
    if (byte === QUOTE) return this.#string(false)
    this.#kept = [byte]
    if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) this.#state = 'number'
    else this.#state = byte === 0x74 || byte === 0x66 || byte === 0x6e ? 'literal' : 'broken'
  }

  #open(isObject: boolean): void {
    if (this.#levels.length === MAX_DEPTH) {
      this.#state = 'broken'
      return
    }
    this.#note()
    if (this.#levels.at(-1)?.usage === true && this.#counter() !== null) this.#isLying = true
    const usage = isObject && this.#isUsagePlace()
    // Two of them, at the top and in a `response` beside it: one is not the service's own.
    if (usage && this.#hasUsage) this.#isLying = true
    this.#hasUsage ||= usage
    this.#levels.push({ isObject, key: null, usage, seen: new Set() })
    this.#state = isObject ? 'first-key' : 'first-element'
  }

  #close(isObject: boolean): void {
    if (this.#levels.at(-1)?.isObject !== isObject) {
      this.#state = 'broken'
      return
    }
    this.#levels.pop()
    this.#ended()
  }

  /** A value is over. */
  #ended(): void {
    this.#state = this.#levels.length === 0 ? 'done' : 'after'
    if (this.#onElement === null || this.#levels.length !== 1) return
    this.#onElement(this.#isLying || this.#levels[0]?.isObject ? null : this.#scanned())
    this.#counters.clear()
    this.#type = null
    this.#isLying = false
    this.#hasUsage = false
    this.#isFinished = false
  }

  /** `usage` twice in one object, or a counter twice in one usage: readers differ in which they take. */
  #note(): void {
    const level = this.#levels.at(-1)
    if (level === undefined || level.key === null) return
    const matters = level.usage ? isCounter(level.key) : PLACES.has(level.key) || level.key === 'type'
    if (!matters) return
    if (level.seen.has(level.key)) this.#isLying = true
    level.seen.add(level.key)
  }

  /** True where the value to come is the usage object of the answer. */
  #isUsagePlace(): boolean {
    const keys = this.#levels.slice(this.#bottom).map(({ isObject, key }) => (isObject ? key : null))
    const last = keys.at(-1)
    if (last !== 'usage' && last !== 'usageMetadata') return false
    return keys.length === 1 || (keys.length === 2 && (keys[0] === 'response' || keys[0] === 'message'))
  }

  #isCandidate(): boolean {
    const [top, list, candidate] = this.#levels.slice(this.#bottom)
    return top?.key === 'candidates' && list?.isObject === false && candidate?.isObject === true
  }

  #string(isKey: boolean): void {
    this.#isKey = isKey
    this.#kept = []
    this.#state = 'string'
  }

  #inString(byte: number): void {
    if (byte < 0x20) {
      this.#state = 'broken'
      return
    }
    if (byte === QUOTE && !this.#isEscaped) return this.#endString()
    this.#isEscaped = byte === BACKSLASH && !this.#isEscaped
    if (this.#kept.length <= MAX_KEPT) this.#kept.push(byte)
  }

  #endString(): void {
    const text = this.#kept.length > MAX_KEPT ? null : unescaped(this.#kept)
    const level = this.#levels.at(-1)
    if (this.#isKey && level !== undefined) {
      level.key = text
      this.#state = 'colon'
      return
    }
    if (this.#counter() !== null) this.#isLying = true
    if (this.#levels.length === this.#bottom + 1 && level?.key === 'type') this.#type = text ?? ''
    if (level?.key === 'finishReason' && this.#isCandidate()) this.#isFinished = true
    this.#ended()
  }

  #endScalar(): void {
    const text = String.fromCharCode(...this.#kept)
    if (this.#state === 'literal' && text !== 'true' && text !== 'false' && text !== 'null') {
      this.#state = 'broken'
      return
    }
    if (this.#state === 'number' && !isNumber(text, this.#kept.length)) {
      this.#state = 'broken'
      return
    }
    const counter = this.#counter()
    // `null` is how services say that they have not counted yet.
    if (counter !== null && text !== 'null') {
      const value = this.#state === 'number' ? counterOf(text) : null
      if (value === null) this.#isLying = true
      else this.#counters.set(counter, value)
    }
    this.#ended()
  }

  /** The counter whose value is being read, or null. */
  #counter(): CounterName | null {
    const level = this.#levels.at(-1)
    return level?.usage === true && level.key !== null && isCounter(level.key) ? level.key : null
  }
}

const PLACES: ReadonlySet<string> = new Set(['usage', 'usageMetadata', 'response', 'message'])

/** A number as RFC 8259 section 6 has it. One too long to be kept is no counter, and is taken for well formed. */
function isNumber(text: string, length: number): boolean {
  return length > MAX_KEPT || /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(text)
}

/** One of the bytes `0-9 a-z A-Z + - .`: what numbers and literals are made of, and what makes them malformed. */
function isScalarByte(byte: number): boolean {
  const isDigit = byte >= 0x30 && byte <= 0x39
  const isLetter = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a)
  return isDigit || isLetter || byte === 0x2b || byte === 0x2d || byte === 0x2e
}

/** The text between two quotes; null where it is none. */
function unescaped(bytes: readonly number[]): string | null {
  const raw = Buffer.from(bytes).toString('utf8')
  if (!raw.includes('\\')) return raw
  try {
    return String(JSON.parse(`"${raw}"`))
  } catch {
    return null
  }
}
