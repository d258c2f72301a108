import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sigv4 } from '../../native-host/auth/sigv4.ts'
import { outboundOf, secretsOf } from './auth-fixture.ts'

interface Vector {
  name: string
  service: string
  region: string
  host: string
  method: string
  path: string
  query: string
  headers: [string, string][]
  body: string | null
  token: string | null
  style: 'header' | 'query'
  unsigned: boolean
  expect: string
}
const file = new URL('../vectors/aws-signatures.json', import.meta.url)
const { now, accessKeyId, secret, cases } = JSON.parse(readFileSync(file, 'utf8')) as {
  now: number
  accessKeyId: string
  secret: string
  cases: Vector[]
}

async function* passing(text: string) {
  yield Buffer.from(text)
}

test.each(cases)('signed as another library signs it: $name', (one) => {
  const url = `https://${one.host}${one.path}${one.query === '' ? '' : `?${one.query}`}`
  const body = one.unsigned ? passing('x') : one.body === null ? null : Buffer.from(one.body)
  const stored = {
    'secret-access-key': secret,
    ...(one.token === null ? {} : { 'session-token': one.token }),
  }
  const auth = {
    kind: 'sigv4',
    accessKeyId,
    region: null,
    awsService: null,
    style: one.style,
    secret: 'secret-access-key',
    sessionToken: 'session-token',
  } as const
  const outbound = outboundOf({ method: one.method, url, headers: one.headers, body })
  const sent = sigv4.apply(outbound, auth, secretsOf(stored), { now, basePath: '' }).outbound
  const signed =
    one.style === 'header'
      ? sent.headers.find(([name]) => name === 'authorization')?.[1]
      : new URL(sent.url).searchParams.get('X-Amz-Signature')
  // Libraries differ about the blanks behind the commas; services take both.
  expect(signed?.replaceAll(', ', ',')).toBe(one.expect.replaceAll(', ', ','))
})
