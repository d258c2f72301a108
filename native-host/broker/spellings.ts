/**
 * The ways one character can be written in a response, as a trie over bytes: plain, percent-encoded (RFC 3986 section
 * 2.1, also once more encoded), JSON escapes (RFC 8259 section 7, also inside a second JSON string), `\xHH`, and HTML
 * character references (WHATWG HTML section 13.5).
 */
export interface Spelling {
  readonly id: number
  readonly next: Map<number, Spelling>
  /** A spelling is complete here; a longer one may still follow (`&#97` and `&#97;`). */
  ends: boolean
}

/** A trie: its nodes by id; the root is node 0. */
export type Spellings = Spelling[]

/** How a chain of characters may be varied beyond the spelling of each. */
export interface Variation {
  /** Hex digits: upper and lower case are the same. */
  readonly eitherCase?: boolean
  /** base64: encoders break lines, so a line end may stand before the character. */
  readonly brokenLines?: boolean
}

const SHORT_ESCAPES = new Map([
  ['"', '"'],
  ["'", "'"],
  ['/', '/'],
  ['\\', '\\'],
  ['\b', 'b'],
  ['\f', 'f'],
  ['\n', 'n'],
  ['\r', 'r'],
  ['\t', 't'],
])
const NAMED_REFERENCES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
])
const LINE_ENDS = ['\n', '\r\n', '\\n', '\\r\\n']
/** HTML puts no bound on leading zeros; references of up to seven digits are looked for. */
const LONGEST_REFERENCE = 7

const made = new Map<number, Spellings>()

/**
 * Every spelling of one character. Made once per character and process; they depend on the character alone.
 *
 * @param bytes its UTF-8, or one byte that is no UTF-8.
 * @param codePoint what numeric escapes call it.
 */
export function spellingsOf(bytes: Uint8Array, codePoint: number, variation: Variation = {}): Spellings {
  const flags =
    (variation.eitherCase === true ? 1 : 0) +
    (variation.brokenLines === true ? 2 : 0) +
    (codePoint > 0x7f && bytes.length === 1 ? 4 : 0)
  const key = codePoint * 8 + flags
  const known = made.get(key)
  if (known !== undefined) return known
  const trie: Spellings = [{ id: 0, next: new Map(), ends: false }]
  for (const spelling of writtenOut(bytes, codePoint, variation)) insert(trie, spelling)
  made.set(key, trie)
  return trie
}

function* writtenOut(bytes: Uint8Array, codePoint: number, variation: Variation): Generator<Uint8Array> {
  yield* bytesOf(bytes)
  for (const escaped of escapesOf(codePoint)) yield Buffer.from(escaped, 'latin1')
  if (variation.brokenLines === true) {
    for (const lineEnd of LINE_ENDS) yield Buffer.concat([Buffer.from(lineEnd, 'latin1'), bytes])
  }
  const other = variation.eitherCase === true ? swapCase(codePoint) : codePoint
  if (other !== codePoint) yield* writtenOut(Uint8Array.of(other), other, {})
}

/** Each byte plain or percent-encoded, in every mixture. */
function bytesOf(bytes: Uint8Array): Uint8Array[] {
  let sofar: Uint8Array[] = [new Uint8Array(0)]
  for (const byte of bytes) {
    const ways = [Uint8Array.of(byte), ...hexCases(byte, 2).flatMap(percentEncoded)]
    sofar = sofar.flatMap((start) => ways.map((way) => Buffer.concat([start, way])))
  }
  return sofar
}

function percentEncoded(hex: string): Uint8Array[] {
  return [Buffer.from(`%${hex}`, 'latin1'), Buffer.from(`%25${hex}`, 'latin1')]
}

function* escapesOf(codePoint: number): Generator<string> {
  const character = String.fromCodePoint(codePoint)
  const short = SHORT_ESCAPES.get(character)
  if (short !== undefined) {
    yield `\\${short}`
    yield `\\\\${short}`
    yield `\\\\\\${short}`
  }
  if (character === '\\') yield '\\\\\\\\'
  if (character === ' ') yield '+'
  for (const slashes of ['\\', '\\\\']) yield* utf16Escapes(character, slashes)
  if (codePoint < 256) for (const hex of hexCases(codePoint, 2)) yield `\\x${hex}`
  const named = NAMED_REFERENCES.get(character)
  if (named !== undefined) yield named
  yield* references('&#', [String(codePoint)])
  for (const x of ['x', 'X']) yield* references(`&#${x}`, hexCases(codePoint, 0))
}

function* utf16Escapes(character: string, slashes: string): Generator<string> {
  let sofar = ['']
  for (let unit = 0; unit < character.length; unit++) {
    const ways = hexCases(character.charCodeAt(unit), 4)
    sofar = sofar.flatMap((start) => ways.map((hex) => `${start}${slashes}u${hex}`))
  }
  yield* sofar
}

function* references(start: string, numbers: readonly string[]): Generator<string> {
  for (const number of numbers) {
    for (let length = number.length; length <= Math.max(LONGEST_REFERENCE, number.length); length++) {
      yield `${start}${number.padStart(length, '0')}`
      yield `${start}${number.padStart(length, '0')};`
    }
  }
}

/** A number in hex with every mixture of upper- and lower-case digits. */
function hexCases(value: number, width: number): string[] {
  let sofar = ['']
  for (const digit of value.toString(16).padStart(width, '0')) {
    const ways = digit > '9' ? [digit, digit.toUpperCase()] : [digit]
    sofar = sofar.flatMap((start) => ways.map((way) => start + way))
  }
  return sofar
}

function swapCase(codePoint: number): number {
  const character = String.fromCodePoint(codePoint)
  const lower = character.toLowerCase()
  return (lower === character ? character.toUpperCase() : lower).codePointAt(0) ?? codePoint
}

function insert(trie: Spellings, spelling: Uint8Array): void {
  let node = trie[0]
  for (const byte of spelling) {
    let next: Spelling | undefined = node?.next.get(byte)
    if (next === undefined) {
      next = { id: trie.length, next: new Map(), ends: false }
      trie.push(next)
      node?.next.set(byte, next)
    }
    node = next
  }
  if (node !== undefined) node.ends = true
}
