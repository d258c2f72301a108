import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { redactText } from '../../native-host/broker/redact.ts'
import { soughtOf } from '../support/sought.ts'

const KEY = 'sk-live-Zq83hTs7-Qm2aB9xK4'
const sought = soughtOf(KEY)
const bytes = [...Buffer.from(KEY)]

/**
 * What comes through. Not a wish: a service that gives a key back in one of these forms gives it to the page, and what
 * users read says so. Whoever makes one of these be caught takes it from the list that users read, too.
 */
const PASSES: Record<string, string> = {
  'half the key per response': KEY.slice(0, 12),
  'rot13/xor/encrypted': KEY.replace(/[a-z]/gi, (c) =>
    String.fromCharCode(c.charCodeAt(0) + (/[a-m]/i.test(c) ? 13 : -13)),
  ),
  'gzip inside JSON string': JSON.stringify({ z: gzipSync(KEY).toString('base64') }),
  'hash of the key': createHash('sha256').update(KEY).digest('hex'),
  'base64 of another encoding (base64 twice, base64 of hex)': Buffer.from(
    Buffer.from(KEY).toString('base64'),
  ).toString('base64'),
  'bytes as numbers ([115,107,…]) or with separators between (73:6b:2d)': JSON.stringify(bytes),
  'a character between each two of the key': [...KEY].join('.'),
  'base58, base85, uuencode and other alphabets': bytes.map((byte) => byte.toString(36)).join(''),
  'octal, CSS and other escapes than those of the list': bytes
    .map((byte) => `\\${byte.toString(8)}`)
    .join(''),
  'quoted-printable with every character encoded (=73=6B)': bytes
    .map((byte) => `=${byte.toString(16).toUpperCase()}`)
    .join(''),
  'UTF-32': bytes.map((byte) => `\0\0\0${String.fromCharCode(byte)}`).join(''),
}
const WITHOUT_TEXT = ['one bit per response by timing/size']

test.each(Object.entries(PASSES))('is not caught, and is listed as such: %s', (_form, text) => {
  expect(redactText(text, sought)).toBe(text)
})

test('separators between hex digits are not caught either', () => {
  const text = bytes.map((byte) => byte.toString(16)).join(':')
  expect(redactText(text, sought)).toBe(text)
})

test('the list that users read is this one', () => {
  const vector = JSON.parse(
    readFileSync(new URL('../vectors/reflection-forms.json', import.meta.url), 'utf8'),
  )
  expect([...Object.keys(PASSES), ...WITHOUT_TEXT].sort()).toEqual([...vector.residual].sort())
})
