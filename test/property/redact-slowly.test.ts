import { expect, test } from 'vitest'
import { Sought } from '../../native-host/broker/redact.ts'
import { done, times } from '../support/hard.ts'
import { redactInPieces } from '../support/redact-in-pieces.ts'
import { SlowRedactor } from './slow-redactor.ts'

const KEY = 'sk-proj-9aF3kQ7LmZx0Tt2VbN5yPq8RwEjHsUd4CgIo1'
const secret = (text: string) => ({ bytes: Buffer.from(text), pieces: true })
const whole = (text: string) => ({ bytes: Buffer.from(text), pieces: false })
/** Keys as services make them, and such as are hard to tell from what stands around them. */
const SECRETS = [
  [secret(KEY), whole(`owner:${KEY}`)],
  [secret('sk-live-Zq83hTs7-Qm2')],
  [secret('abcd')],
  [secret('u0s-0')],
  [secret('n0a73s'), secret('us&3k0x')],
  [secret('ab%&c=d\\e12')],
  [secret('abab-abab')],
  [secret('0000-é9u0u0u')],
  [secret('aaaaaaaaaaaaaaaa')],
].map((needles) => ({
  texts: needles.map(({ bytes }) => bytes.toString()),
  sought: new Sought(needles),
  slow: new SlowRedactor(needles),
}))

const SPELLINGS =
  '% & \\ = # ; u x 0 1 9 a s A é ~ %7 %73 %25 %2573 %252573 %25252573 %2525252573 %26 %5c %5C %23 %75 %e9 =\n =\r\n =\r ' +
  '\\u \\u0 \\u0073 \\u0026 \\u005c \\u00e9 \\ud83d \\ude00 \\u%30073 \\x \\x7 \\x73 \\x26 \\xe9 \\\\ \\n \\r\\n \\/ \\" \\a ' +
  '&# &#x &#1 &#115 &#115; &#x73 &#X73; &#0000000115 &#00000000115 &#9999999999; &#233; &#38; &amp; &AMP; &lt; &Hat; ' +
  '&verbar; &abcdefgh; &abcdefghi; amp; %26%23 %3b %21 \\\\\\\\ \\\\\\\\\\\\\\\\ \n \r\n \r \\\n'
const PARTS = [...SPELLINGS.split(' '), ' ']

const hex = (code: number) => code.toString(16).padStart(2, '0')
const WAYS: ((character: string, code: number) => string)[] = [
  (character) => character,
  (_, code) => `%${hex(code)}`,
  (_, code) => `%25${hex(code)}`,
  (_, code) => `\\u00${hex(code)}`,
  (_, code) => `&#${code};`,
  (_, code) => `&#x${hex(code)};`,
  (character) => `\\${character}`,
  (character) => `${character}\n`,
  (character) => `${character}=\r\n`,
  (character) => `${character}\\`,
  (_, code) => `\\\\\\u00${hex(code)}`,
  (_, code) => `\\u0026#${code};`,
  (_, code) => `\\u0026#x${hex(code)};`,
  (character) => `${character}\\n`,
]
const FORMS: ((text: string) => string)[] = [
  (text) => text,
  (text) => text,
  (text) => Buffer.from(text).toString('hex'),
  (text) => Buffer.from(text).toString('base64'),
  (text) => [...text].reverse().join(''),
]

type Random = (below: number) => number

function randomFrom(seed: number): Random {
  let x = seed
  return (below) => {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0
    return (x >>> 8) % below
  }
}

function oneOf<T>(of: readonly T[], random: Random): T {
  return of[random(of.length)] as T
}

/** A piece of a form of a key, some of its characters spelled. */
function pieceOf(text: string, random: Random): string {
  const form = oneOf(FORMS, random)(text)
  const from = random(form.length)
  const piece = form.slice(from, from + 1 + random(form.length))
  const rare = 1 + random(12)
  const way = oneOf(WAYS, random)
  return [...piece]
    .map((character) => {
      const code = character.charCodeAt(0)
      if (code > 0x7f || random(rare) > 0) return character
      return (random(2) === 0 ? way : oneOf(WAYS, random))(character, code)
    })
    .join('')
}

function streamOf(texts: readonly string[], random: Random): string {
  let stream = ''
  for (let parts = 1 + random(12); parts > 0; parts--) {
    const kind = random(10)
    if (kind < 4) stream += oneOf(PARTS, random)
    else if (kind < 8) stream += pieceOf(oneOf(texts, random), random)
    else if (kind < 9) stream += 'It was the best {"a":1} '.slice(random(20))
    else stream += oneOf(PARTS, random).repeat(random(40))
  }
  return stream
}

/** Also the beginning of one, where it is cut. */
const SPELLED_BACKSLASH = String.raw`(?:\\u005c|%(?:25)*5c|\\(?:u(?:00?5?)?)?|%(?:25)*[25]?)`
const MARKS = new RegExp(`\\[redacted\\](?:${SPELLED_BACKSLASH}*\\[redacted\\]|${SPELLED_BACKSLASH}+)*`, 'gi')
/** Backslashes, which no form holds, may be between or behind two marks: one that is let go before a match goes on behind it. */
const withoutEdges = (text: string) => text.replace(MARKS, '[redacted]')

test('what comes out is what a slow and simple reader lets through, wherever the stream is cut', () => {
  const random = randomFrom(41)
  let places = 0
  for (let n = 0; n < times(5_000, 200_000); n++) {
    const { texts, sought, slow } = oneOf(SECRETS, random)
    const bytes = Buffer.from(streamOf(texts, random))
    const expected = slow.redact(bytes)
    const cuts = Array.from({ length: random(4) * random(4) }, () => random(bytes.length + 1)).sort(
      (a, b) => a - b,
    )
    const out = redactInPieces(sought, bytes, cuts)
    if (withoutEdges(out) !== withoutEdges(expected.text))
      expect.fail(`${JSON.stringify(bytes.toString())} cut at ${cuts}: ${out}, not ${expected.text}`)
    places += expected.found
  }
  expect(places).toBeGreaterThan(times(500, 20_000))
  done('places redacted as a slow and simple reader does', places)
})

/** Streams with what a reader that leaps may leap over, by what it is. */
const OVERLOOKED: Record<string, { keys: string[]; text: string; expected: string }> = {
  'a key with an escaped character beyond ASCII': {
    keys: ['0000-é9u0u0u'],
    text: '~0000-\\u00e99u0u0u~',
    expected: '[redacted]~',
  },
  'a key whose first character is a hex reference with an escaped ampersand': {
    keys: ['sk-live-Zq83hTs7'],
    text: '~%26%23x73k-live-Zq83hTs7~',
    expected: '[redacted]~',
  },
  'a key with an encoded backslash in it': {
    keys: ['sk-live-Zq83hTs7'],
    text: '~sk-live-%5CZq83hTs7~',
    expected: '[redacted]~',
  },
  'a key whose first character ends a line and what looked like another key': {
    keys: ['qrsbtuvwxyz01', 'bcdefghijklm'],
    text: '~qrsb\ncdefghijklm~',
    expected: 'qrs[redacted]~',
  },
  'a key behind a backslash, with which it looks like a line end': {
    keys: ['npqrstuvwxyz'],
    text: '\\u0070~\\npqr\\u0073tuvwxyz~',
    expected: '\\[redacted]~',
  },
}

test.each(Object.entries(OVERLOOKED))('%s goes, wherever it stands', (_name, { keys, text, expected }) => {
  const needles = keys.map(secret)
  const sought = new Sought(needles)
  const slow = new SlowRedactor(needles)
  for (let before = 0; before < 40; before++) {
    const stream = Buffer.from(text.replace('~', `~${'.'.repeat(before)}`) + '.'.repeat(40))
    expect(slow.redact(stream).text).toContain(expected)
    expect(redactInPieces(sought, stream, [])).toBe(slow.redact(stream).text)
  }
})
