import { expect, test } from 'vitest'
import {
  formatRecoveryCode,
  newRecoveryCode,
  parseRecoveryCode,
} from '../../native-host/vault/recovery-code.ts'

const read = (text: string): string | null => {
  const bytes = parseRecoveryCode(text)
  return bytes === null ? null : Buffer.from(bytes).toString('hex')
}

test('a recovery code has eight groups of four and a check symbol, and reads back', () => {
  for (let n = 0; n < 200; n += 1) {
    const bytes = newRecoveryCode()
    const code = formatRecoveryCode(bytes)
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z*~$=U]$/)
    expect(read(code)).toBe(Buffer.from(bytes).toString('hex'))
  }
})

test('leading zeros are kept', () => {
  const bytes = new Uint8Array(20)
  bytes[19] = 1
  expect(formatRecoveryCode(bytes)).toBe('0000-0000-0000-0000-0000-0000-0000-0001-1')
  expect(read('0000-0000-0000-0000-0000-0000-0000-0001-1')).toBe('00'.repeat(19).concat('01'))
})

test('case, spaces, missing or odd hyphens, and O, I and L for digits are forgiven', () => {
  const bytes = Buffer.from('08421084210842108421084210842108421084ff', 'hex')
  const code = formatRecoveryCode(bytes)
  const expected = bytes.toString('hex')
  expect(code).toMatch(/[01]/)
  for (const text of [
    code.toLowerCase(),
    code.replaceAll('-', ''),
    ` ${code.replaceAll('-', ' ')}\n`,
    code.replaceAll('-', '–'),
    code.replaceAll('0', 'o').replaceAll('1', 'l'),
    code.replaceAll('0', 'O').replaceAll('1', 'I'),
  ])
    expect(read(text), text).toBe(expected)
})

test('any one wrong symbol, and any two neighbours swapped, are noticed', () => {
  const code = formatRecoveryCode(newRecoveryCode()).replaceAll('-', '')
  for (let at = 0; at < 32; at += 1) {
    const wrong = code[at] === '7' ? '8' : '7'
    expect(read(code.slice(0, at) + wrong + code.slice(at + 1))).toBeNull()
    const [a = '', b = ''] = [code[at], code[at + 1]]
    if (at < 31 && a !== b) expect(read(code.slice(0, at) + b + a + code.slice(at + 2))).toBeNull()
  }
})

test('text that is no code is none', () => {
  for (const text of [
    '',
    'hello',
    '0'.repeat(32),
    '0'.repeat(34),
    `${'!'.repeat(32)}0`,
    `${'U'.repeat(32)}0`,
  ])
    expect(read(text)).toBeNull()
})
