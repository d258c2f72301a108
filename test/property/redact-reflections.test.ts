import { expect, test } from 'vitest'
import { done } from '../support/hard.ts'
import { redactInPieces } from '../support/redact-in-pieces.ts'
import { soughtOf } from '../support/sought.ts'

const KEYS = [
  'sk-proj-9aF3kQ7LmZx0Tt2VbN5y',
  'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  'p/w+"q\\&<é 0=',
] as const
const FLOOR_KEY = 'k3y!'
/** Characters that no form of the keys begins or goes on with. */
const NOISE = ['', '|', '~~~', 'event: note|'] as const

/** Writes one form of a text, on its own terms: nothing here is shared with the code under test. */
type Write = (text: string, random: () => number) => string

const utf8 = (text: string) => [...Buffer.from(text, 'utf8')]
const hex = (value: number, width: number) => value.toString(16).padStart(width, '0')
const shuffleCase = (text: string, random: () => number) =>
  [...text].map((c) => (random() % 2 === 0 ? c.toUpperCase() : c.toLowerCase())).join('')
const units = (text: string) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))

const ONE: Record<string, (c: string, random: () => number) => string> = {
  plain: (c) => c,
  'percent lower': (c) =>
    utf8(c)
      .map((b) => `%${hex(b, 2)}`)
      .join(''),
  'percent upper': (c) =>
    utf8(c)
      .map((b) => `%${hex(b, 2).toUpperCase()}`)
      .join(''),
  'percent mixed': (c, random) =>
    utf8(c)
      .map((b) => `%${shuffleCase(hex(b, 2), random)}`)
      .join(''),
  'percent twice': (c) =>
    utf8(c)
      .map((b) => `%25${hex(b, 2)}`)
      .join(''),
  'json u lower': (c) =>
    units(c)
      .map((u) => `\\u${hex(u, 4)}`)
      .join(''),
  'json u mixed': (c, random) =>
    units(c)
      .map((u) => `\\u${shuffleCase(hex(u, 4), random)}`)
      .join(''),
  'json u inside json': (c) =>
    units(c)
      .map((u) => `\\\\u${hex(u, 4)}`)
      .join(''),
  'json short': (c) => (c === '/' ? '\\/' : JSON.stringify(c).slice(1, -1)),
  'html decimal': (c) => `&#${c.codePointAt(0)};`,
  'html decimal zeros': (c) => `&#${String(c.codePointAt(0)).padStart(7, '0')};`,
  'html decimal open': (c) => `&#${c.codePointAt(0)}`,
  'html hex': (c) => `&#x${hex(c.codePointAt(0) ?? 0, 0)};`,
  'html hex upper zeros': (c) => `&#X${hex(c.codePointAt(0) ?? 0, 5).toUpperCase()};`,
}
const SPELLINGS = Object.values(ONE)
const spelled =
  (one: (c: string, random: () => number) => string): Write =>
  (text, random) =>
    [...text].map((c) => one(c, random)).join('')

const WHOLE: Record<string, Write> = {
  ...Object.fromEntries(Object.entries(ONE).map(([name, one]) => [name, spelled(one)])),
  'all spellings mixed': spelled((c, random) => (SPELLINGS[random() % SPELLINGS.length] as Write)(c, random)),
  reversed: (text) => [...text].reverse().join(''),
  'reversed percent': (text) => spelled(ONE['percent lower'] as Write)([...text].reverse().join(''), () => 0),
  'hex lower': (text) => Buffer.from(text).toString('hex'),
  'hex upper': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'hex mixed': (text, random) => shuffleCase(Buffer.from(text).toString('hex'), random),
  base64: (text) => Buffer.from(text).toString('base64').replaceAll('=', ''),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64 in json': (text) => Buffer.from(text).toString('base64').replaceAll('=', '').replaceAll('/', '\\/'),
  'base64 in a query': (text) => encodeURIComponent(Buffer.from(text).toString('base64').replaceAll('=', '')),
  'base64 in lines': (text) =>
    Buffer.from(text)
      .toString('base64')
      .replaceAll('=', '')
      .replace(/.{7}\B/g, '$&\r\n'),
}
const EMBEDDED = [1, 2, 3, 4, 5].flatMap((before) =>
  (['base64', 'base64url'] as const).map((alphabet) => ({ before, alphabet })),
)

function randomFrom(seed: number): () => number {
  let x = seed
  return () => {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0
    return x >>> 12
  }
}

/** Every 2-way split, and so many random 3-way ones. */
function* splits(length: number, threeWay: number, random: () => number): Generator<number[]> {
  for (let cut = 0; cut <= length; cut++) yield [cut]
  for (let n = 0; n < threeWay; n++)
    yield [random() % (length + 1), random() % (length + 1)].sort((a, b) => a - b)
}

test('no form of a key comes through, however the stream is cut and whatever stands around it', () => {
  const random = randomFrom(7)
  let cases = 0
  for (const key of KEYS) {
    const automaton = soughtOf(key)
    for (const [form, write] of Object.entries(WHOLE)) {
      for (const noise of NOISE) {
        const text = Buffer.from(`${noise}${write(key, random)}${noise}`)
        const expected = Buffer.from(`${noise}[redacted]${noise}`).toString('latin1')
        for (const cuts of splits(text.length, 25, random)) {
          const out = redactInPieces(automaton, text, cuts)
          if (out !== expected) expect.fail(`${form} of ${key} cut at ${cuts}: ${out}`)
          cases++
        }
      }
    }
  }
  done('reflections of whole keys, none through', cases)
  expect(cases).toBeGreaterThan(20_000)
})

test('a key inside longer base64 loses every character that it alone decides', () => {
  const random = randomFrom(11)
  let cases = 0
  for (const key of KEYS) {
    const automaton = soughtOf(key)
    for (const { before, alphabet } of EMBEDDED) {
      const whole = Buffer.from(`${'x'.repeat(before)}${key}yyyy`).toString(alphabet)
      const first = Math.ceil((before * 8) / 6)
      const last = Math.floor(((before + Buffer.byteLength(key)) * 8) / 6)
      for (const cuts of splits(whole.length, 300, random)) {
        const out = redactInPieces(automaton, Buffer.from(whole), cuts)
        expect(out).toBe(`${whole.slice(0, first)}[redacted]${whole.slice(last)}`)
        cases++
      }
    }
  }
  done('reflections inside longer base64, none through', cases)
})

test('the pair of Basic authentication goes as a whole, and with it every edge of the key', () => {
  const pair = Buffer.from(`owner:${KEYS[0]}`)
  const automaton = soughtOf(KEYS[0], pair, pair.toString('base64'))
  for (const cuts of splits(pair.length * 2, 50, randomFrom(3))) {
    expect(redactInPieces(automaton, Buffer.from(`|${pair.toString('base64')}|${pair}|`), cuts)).toBe(
      '|[redacted]|[redacted]|',
    )
  }
})

test('a key at the floor is found as it is, escaped and in hex', () => {
  const automaton = soughtOf(FLOOR_KEY)
  for (const form of ['plain', 'percent lower', 'json u lower', 'html decimal', 'hex lower']) {
    const text = (WHOLE[form] as Write)(FLOOR_KEY, () => 0)
    expect(redactInPieces(automaton, Buffer.from(`|${text}|`), [3])).toBe('|[redacted]|')
  }
})
