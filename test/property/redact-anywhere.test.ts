import { expect, test } from 'vitest'
import { createRedactor } from '../../native-host/broker/redact.ts'
import { done, times } from '../support/hard.ts'
import { soughtOf } from '../support/sought.ts'

const KEY = 'sk-proj-9aF3kQ7LmZx0Tt2VbN5yPq8RwEjHsUd4CgIo1'
const sought = soughtOf(KEY)
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const WORDS = [
  'the ',
  'risk ',
  '{"a":1}',
  'data: ',
  '\n\n',
  'sk-',
  '\\n',
  '\\"',
  '100% ',
  'a&b',
  ' = ',
  'é',
  '\\u00e9',
  '\\u0441',
]

function randomFrom(seed: number): () => number {
  let x = seed
  return () => {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0
    return x >>> 12
  }
}

/** What stands between keys: none of it holds a piece, all of it holds what looks like the beginning of one. */
const FILLERS: ((random: () => number) => string)[] = [
  (random) => ALPHABET[random() % 64] ?? '',
  (random) => WORDS[random() % WORDS.length] ?? '',
  (random) => `${KEY.slice(random() % 30, (random() % 30) + 9).slice(0, 15)}~`,
  () => '\0',
]
const WRITTEN: ((text: string) => string)[] = [
  (text) => text,
  (text) => Buffer.from(text).toString('hex'),
  (text) => [...text].reverse().join(''),
  (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join(''),
  (text) => text.replaceAll('-', '\\u002d'),
]

/** A stream of some hundred bytes and what must come of it. */
function streamOf(random: () => number): { text: string; expected: string } {
  const filler = FILLERS[random() % FILLERS.length] ?? String
  const part = () => {
    let text = ''
    const length = random() % 400
    while (text.length < length) text += filler(random)
    return `${text}~`
  }
  let text = part()
  let expected = text
  for (let keys = 1 + (random() % 3); keys > 0; keys--) {
    const written = WRITTEN[random() % WRITTEN.length] ?? String
    const after = `~${part()}`
    text += written(KEY) + after
    expected += `[redacted]${after}`
  }
  return { text, expected }
}

test('a key goes from anywhere in a long stream, and nothing else does, in chunks of any size', () => {
  const random = randomFrom(31)
  let keys = 0
  for (let n = 0; n < times(6_000, 40_000); n++) {
    const { text, expected } = streamOf(random)
    const redactor = createRedactor(sought)
    const bytes = Buffer.from(text)
    const size = [1, 7, 16, 50, 5000][random() % 5] ?? 1
    const out: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += size) out.push(redactor.push(bytes.subarray(at, at + size)))
    out.push(redactor.end())
    if (Buffer.concat(out).toString() !== expected)
      expect.fail(`in chunks of ${size}: ${JSON.stringify(text)}`)
    keys += redactor.found
  }
  done('keys taken out of long streams, at any place and in chunks of any size', keys)
})
