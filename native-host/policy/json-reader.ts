import { isUtf8 } from 'node:buffer'
import type { JsonMember, JsonNode } from './json-node.ts'
import { scanNumber, scanString } from './json-scalars.ts'
import { MalformedJson } from './malformed-json.ts'

/** Deepest nesting. Real request bodies stay below 20; parsers that recurse survive this many. */
const MAX_DEPTH = 64

/** Most values in one text: bounds the memory a body of `[0,0,0,…` can take to some 100 MB. */
const MAX_VALUES = 1_000_000

const LITERALS = { t: 'true', f: 'false', n: 'null' } as const

/** Reads one JSON text from bytes, strictly. Used once. */
export class JsonReader {
  readonly #bytes: Uint8Array
  #at = 0
  #values = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** The whole text as one value. @throws MalformedJson */
  read(): JsonNode {
    if (!isUtf8(this.#bytes)) throw new MalformedJson('the text is not UTF-8')
    this.#skipBlank()
    const node = this.#value(0)
    this.#skipBlank()
    if (this.#at !== this.#bytes.length) throw new MalformedJson('bytes after the value')
    return node
  }

  #value(depth: number): JsonNode {
    if (++this.#values > MAX_VALUES) throw new MalformedJson('too many values')
    const start = this.#at
    const byte = this.#bytes[start]
    if (byte === 0x7b || byte === 0x5b) {
      if (depth === MAX_DEPTH) throw new MalformedJson('nested too deep')
      return byte === 0x7b ? this.#object(start, depth + 1) : this.#array(start, depth + 1)
    }
    if (byte === 0x22) {
      const { value, end } = scanString(this.#bytes, start)
      this.#at = end
      return { kind: 'string', value, start, end }
    }
    if (byte === 0x2d || (byte !== undefined && byte >= 0x30 && byte <= 0x39)) {
      const token = scanNumber(this.#bytes, start)
      this.#at = token.end
      return { kind: 'number', ...token, start }
    }
    return this.#literal(start)
  }

  #object(start: number, depth: number): JsonNode {
    const members: JsonMember[] = []
    const keys = new Set<string>()
    this.#at++
    if (!this.#closes(0x7d)) {
      do {
        const member = this.#member(depth)
        if (keys.has(member.key)) throw new MalformedJson('a key stands twice in one object')
        keys.add(member.key)
        members.push(member)
      } while (this.#continues(0x7d))
    }
    return { kind: 'object', members, start, end: this.#at }
  }

  #member(depth: number): JsonMember {
    this.#skipBlank()
    const keyStart = this.#at
    if (this.#bytes[keyStart] !== 0x22) throw new MalformedJson('a key is missing')
    const { value: key, end } = scanString(this.#bytes, keyStart)
    this.#at = end
    this.#skipBlank()
    if (this.#bytes[this.#at++] !== 0x3a) throw new MalformedJson('a colon is missing')
    this.#skipBlank()
    return { key, keyStart, valueNode: this.#value(depth) }
  }

  #array(start: number, depth: number): JsonNode {
    const items: JsonNode[] = []
    this.#at++
    if (!this.#closes(0x5d)) {
      do {
        this.#skipBlank()
        items.push(this.#value(depth))
      } while (this.#continues(0x5d))
    }
    return { kind: 'array', items, start, end: this.#at }
  }

  #literal(start: number): JsonNode {
    const first = String.fromCharCode(this.#bytes[start] ?? 0)
    const word = Object.hasOwn(LITERALS, first) ? LITERALS[first as keyof typeof LITERALS] : ''
    const end = start + word.length
    const text = String.fromCharCode(...this.#bytes.subarray(start, end))
    if (word === '' || text !== word) throw new MalformedJson('a value is missing')
    this.#at = end
    return word === 'null'
      ? { kind: 'null', start, end }
      : { kind: 'boolean', value: word === 'true', start, end }
  }

  /** Takes the closing byte of an empty container. */
  #closes(close: number): boolean {
    this.#skipBlank()
    if (this.#bytes[this.#at] !== close) return false
    this.#at++
    return true
  }

  /** After an element: true for a comma, false for the closing byte; both are taken. */
  #continues(close: number): boolean {
    this.#skipBlank()
    const byte = this.#bytes[this.#at++]
    if (byte !== 0x2c && byte !== close) throw new MalformedJson('a comma or a bracket is missing')
    return byte === 0x2c
  }

  #skipBlank(): void {
    for (;;) {
      const byte = this.#bytes[this.#at]
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
      this.#at++
    }
  }
}
