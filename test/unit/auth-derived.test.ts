import { expect, test } from 'vitest'
import { inject } from '../../native-host/broker/inject.ts'
import { redactText } from '../../native-host/broker/redact.ts'
import { soughtFor } from '../../native-host/broker/shared-sought.ts'
import type { Auth } from '../../shared/model/service.ts'
import { formsOf } from '../support/canary-forms.ts'
import { EXCHANGES, exchangeAuth } from '../support/exchanges.ts'
import { KEY, OCCASION, secretsOf, serviceWith } from './auth-fixture.ts'

/** A signature is good until its time is over: what a service gives back of it is taken out like a key. */
const exchange = (name: string) => exchangeAuth(EXCHANGES[name] as never, 'public-half')
const SIGNING: Record<string, { auth: Auth; secrets: string[] }> = {
  sigv4: {
    auth: {
      kind: 'sigv4',
      accessKeyId: 'AKIDEXAMPLE',
      region: 'eu-west-1',
      awsService: 's3',
      style: 'header',
      secret: 'secret-access-key',
      sessionToken: 'session-token',
    },
    secrets: ['secret-access-key'],
  },
  'hmac in hex': { auth: exchange('bybit'), secrets: ['secret'] },
  'hmac in base64': { auth: exchange('okx'), secrets: ['secret', 'passphrase'] },
  oauth1: {
    auth: {
      kind: 'oauth1',
      consumerKey: 'ck',
      accessToken: null,
      algorithm: 'HMAC-SHA1',
      secret: 'consumer-secret',
      tokenSecret: 'access-token-secret',
    },
    secrets: ['consumer-secret'],
  },
}

test.each(Object.entries(SIGNING))('%s: no form of a signature comes back', (_name, { auth, secrets }) => {
  const service = serviceWith(auth)
  const url = 'https://api.example.com/v1/x'
  const request = {
    method: 'GET',
    url,
    origin: 'https://api.example.com',
    path: '/v1/x',
    query: [],
    headers: [],
  }
  const stored = secretsOf(Object.fromEntries(secrets.map((name) => [name, KEY])))
  const { outbound, needles } = inject(request, null, null, service, auth, stored, OCCASION.now)
  const sought = soughtFor(needles)
  const headers = outbound.headers.map(([, value]) => value).join('\n')
  const signature =
    /Signature=([0-9a-f]{64})/.exec(headers)?.[1] ??
    /oauth_signature="([^"]+)"/.exec(headers)?.[1] ??
    /^(?:[0-9a-f]{64}|[A-Za-z0-9+/]{43}=)$/m.exec(headers)?.[0]
  const text = decodeURIComponent(signature ?? 'none')
  expect(text.length).toBeGreaterThan(26)
  const bytes = Buffer.from(text, text.length === 64 ? 'hex' : 'base64')
  const forms = [
    text,
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    encodeURIComponent(bytes.toString('base64')),
    JSON.stringify(bytes.toString('base64')).replaceAll('/', '\\/'),
  ]
  for (const form of forms)
    expect(redactText(`you sent ${form}, wrong`, sought), form).toMatch(
      /^you sent "?\[redacted\](?:=|%3D)?"?, wrong$/,
    )
  expect(redactText(headers, sought)).not.toContain(text)
  // The stored secrets themselves, as with every other scheme.
  for (const { name, bytes: form } of formsOf(KEY).filter(({ name: each }) => !each.includes('half')))
    expect(redactText(`<${form.toString('latin1')}>`, sought), name).toContain('[redacted]')
})
