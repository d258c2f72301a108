import { expect, test } from 'vitest'
import { schemeOf } from '../../native-host/auth/schemes.ts'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import type { Auth } from '../../shared/model/service.ts'
import { KEY, OCCASION, outboundOf, secretsOf, serviceWith } from './auth-fixture.ts'

const auth: Extract<Auth, { kind: 'cookie' }> = { kind: 'cookie', cookie: 'session', secret: 'value' }

test('one cookie, with nothing of what the page has', () => {
  const { outbound, derived } = schemeOf(auth).apply(outboundOf(), auth, secretsOf({ value: KEY }), OCCASION)
  expect(outbound.headers).toEqual([
    ['accept', '*/*'],
    ['cookie', `session=${KEY}`],
  ])
  expect(derived).toEqual([])
  const claimed: [string, string][] = [['Cookie', 'session=mine; other=1']]
  const url = 'https://api.example.com/v1/x'
  expect(canonicalise({ method: 'GET', url, headers: claimed }, serviceWith(auth))).toMatchObject({
    request: {
      headers: [
        ['accept', '*/*'],
        ['user-agent', 'valetkey'],
      ],
    },
  })
})

test('what would end the value or begin another cookie is refused (RFC 6265 section 4.1.1)', () => {
  for (const value of ['a;b', 'a b', 'a,b', 'a"b', 'a\\b', 'a\tb', 'clé', 'a\u007f'])
    expect(schemeOf(auth).fault(value), value).toContain('cookie')
  for (const value of ['abc', "a!#$%&'()*+-./:<=>?@[]^_`{|}~b"])
    expect(schemeOf(auth).fault(value)).toBeNull()
})

test('a name that is none is refused before it is saved', () => {
  const flaw = (cookie: string) => schemeOf(auth).flaw?.({ ...auth, cookie }, { baseUrls: [] }) ?? null
  for (const name of ['a b', 'a=b', 'a;b', 'a,b', 'é', 'a\n'])
    expect(flaw(name), name).toContain('not the name')
  for (const name of ['session', '__Host-id', 'connect.sid']) expect(flaw(name)).toBeNull()
})
