import { expect, test } from 'vitest'
import { checkSecret } from '../../native-host/owner/check-secret.ts'
import type { Auth } from '../../shared/model/service.ts'

const bearer: Auth = { kind: 'bearer', secret: 'token' }
const basic: Auth = { kind: 'basic', username: 'me', secret: 'token' }
const query: Auth = { kind: 'query', param: 'key', secret: 'token' }
const check = (auth: Auth, bytes: string | Uint8Array) => () =>
  checkSecret(auth, 'token', Buffer.from(bytes as string))

test.each([
  ['', 'is empty'],
  ['sk-1234\n', 'line break'],
  ['sk-1234\r\n', 'line break'],
  [' sk-1234', 'white space'],
  ['sk-1234\t', 'white space'],
  ['sk-1234\u00a0', 'white space'],
  ['sk-\u000012', 'control character'],
  ['sk-\u008512', 'control character'],
  ['abc', 'shorter than 4 bytes'],
])('a secret %j is refused with the reason, and nothing of it is in the message', (bytes, reason) => {
  for (const auth of [bearer, basic, query]) {
    expect(check(auth, bytes)).toThrow(expect.objectContaining({ name: 'Refusal', code: 'invalid' }))
    expect(check(auth, bytes)).toThrow(reason)
    expect(check(auth, bytes)).not.toThrow('sk-')
  }
})

test('bytes that are no UTF-8 text are refused', () => {
  for (const bytes of [Uint8Array.of(0xff, 0xfe, 0x41, 0x42), Buffer.from('\ufeffsk-1234')]) {
    expect(() => checkSecret(query, 'token', bytes)).toThrow('is not UTF-8 text')
  }
})

test('what a header cannot carry is refused there and taken where it is encoded', () => {
  expect(check(bearer, 'ключ-от-двери')).toThrow('characters that a header cannot carry')
  expect(check(basic, 'ключ-от-двери')).not.toThrow()
  expect(check(query, 'ключ-от-двери')).not.toThrow()
})

test('ordinary keys are taken by every scheme, and by none no secret at all', () => {
  for (const key of ['sk-proj-abc_DEF-123', 'a b c d', 'AKIA/+==', 'p@ss:w\u00f6rd']) {
    for (const auth of [bearer, basic, query]) expect(check(auth, key)).not.toThrow()
  }
  expect(check({ kind: 'none' }, 'sk-1234')).toThrow('is not used by this service')
})
