import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schemeOf } from '../../native-host/auth/schemes.ts'
import { inject } from '../../native-host/broker/inject.ts'
import { pathSchemes } from '../../native-host/cli/path-schemes.ts'
import { serviceByHand } from '../../native-host/cli/service-by-hand.ts'
import * as services from '../../native-host/owner/services.ts'
import { tokenServiceOf } from '../../native-host/policy/token-service.ts'
import { listSecretNames } from '../../native-host/store/services.ts'
import { Secret } from '../../native-host/vault/secret.ts'
import type { Auth } from '../../shared/model/service.ts'
import { exampleService } from '../support/examples.ts'
import { outboundOf } from './auth-fixture.ts'
import { openVault, type VaultFixture } from './vault-fixture.ts'

const TOKENS = 'https://tokens.example/token'
const pemOf = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 })
const WEAK = generateKeyPairSync('rsa', { modulusLength: 1024 })
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const EC384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const ED = generateKeyPairSync('ed25519')
const PEM = pemOf(RSA.privateKey)
const ENCRYPTED = RSA.privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
  .toString()

const ACCOUNT = {
  type: 'service_account',
  client_email: 'robot@project.test',
  private_key: PEM,
  private_key_id: 'key-1',
  token_uri: 'https://oauth2.googleapis.com/token',
}

let vault: VaultFixture
beforeAll(() => {
  vault = openVault()
})
afterAll(() => vault.remove())

/** What `service add` says by hand; `added` where it is taken. */
function adding(kind: string, sets: string[], secrets: Record<string, string>, place: object = {}): string {
  const context = { store: vault.store, keys: vault.keys, now: Date.now, by: 'cli' as const }
  const bytes = new Map(Object.entries(secrets).map(([name, text]) => [name, Buffer.from(text)]))
  try {
    const options = { baseUrl: ['https://api.example/v1'], ...place }
    services.addByHand(context, serviceByHand('it', pathSchemes([kind], sets), options), bytes)
    expect(listSecretNames(vault.store, vault.keys, 'it')).toEqual(Object.keys(secrets).sort())
    services.remove(context, 'it')
    return 'added'
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    for (const text of Object.values(secrets)) expect(message).not.toContain(text.trim())
    return message
  }
}

const CLIENT = ['client-id=c', `token-url=${TOKENS}`]
const JWT = ['issuer=i', 'audience=a', `token-url=${TOKENS}`]
const SECRET = 'client-secret-0123456789'

describe('what is complete is saved', () => {
  test.each<[string, string[], Record<string, string>]>([
    ['oauth2-client-credentials', CLIENT, { 'client-secret': SECRET }],
    ['oauth2-client-credentials', [...CLIENT, 'scope=a b', 'client-auth=post'], { 'client-secret': SECRET }],
    ['oauth2-refresh', CLIENT, { 'refresh-token': SECRET }],
    ['oauth2-refresh', CLIENT, { 'refresh-token': SECRET, 'client-secret': SECRET }],
    ['jwt-bearer', JWT, { 'private-key': PEM }],
    ['jwt-bearer', [...JWT, 'algorithm=ES256'], { 'private-key': pemOf(EC.privateKey) }],
    ['jwt-bearer', [...JWT, 'algorithm=ES384'], { 'private-key': pemOf(EC384.privateKey) }],
    ['jwt-bearer', [...JWT, 'algorithm=EdDSA'], { 'private-key': pemOf(ED.privateKey) }],
    ['github-app', ['app-id=1', 'installation-id=2'], { 'private-key': PEM }],
    ['google-service-account', ['scope=s'], { 'service-account': JSON.stringify(ACCOUNT) }],
  ])('%s %j', (kind, sets, secrets) => {
    expect(adding(kind, sets, secrets)).toBe('added')
  })
})

describe('what cannot work is refused when it is saved, and says why', () => {
  test.each<[string, string[], Record<string, string>, RegExp]>([
    ['oauth2-client-credentials', ['client-id=c'], { 'client-secret': SECRET }, /needs `--set token-url=/],
    [
      'oauth2-client-credentials',
      [`token-url=${TOKENS}`],
      { 'client-secret': SECRET },
      /needs `--set client-id=/,
    ],
    ['oauth2-client-credentials', CLIENT, {}, /needs its secret `client-secret`/],
    ['oauth2-client-credentials', [...CLIENT, 'client-auth=maybe'], {}, /`basic` or `post`/],
    ['oauth2-client-credentials', [...CLIENT, 'color=red'], {}, /no setting `color`/],
    [
      'oauth2-client-credentials',
      ['client-id=c', 'token-url=http://tokens.example/token'],
      { 'client-secret': SECRET },
      /unencrypted/,
    ],
    [
      'oauth2-client-credentials',
      ['client-id=c', 'token-url=https://10.0.0.1/token'],
      { 'client-secret': SECRET },
      /not on the internet/,
    ],
    [
      'oauth2-client-credentials',
      ['client-id=c', 'token-url=tokens'],
      { 'client-secret': SECRET },
      /not a URL/,
    ],
    [
      'oauth2-client-credentials',
      ['client-id=c', 'token-url=https://u:pass@tokens.example/'],
      { 'client-secret': SECRET },
      /must not hold a user name/,
    ],
    [
      'oauth2-client-credentials',
      ['client-id=c', 'token-url=https://tokens.example/#x'],
      { 'client-secret': SECRET },
      /write the token URL as/,
    ],
    ['oauth2-refresh', CLIENT, { 'client-secret': SECRET }, /needs its secret `refresh-token`/],
    ['oauth2-refresh', CLIENT, { 'refresh-token': `${SECRET}\n` }, /line break/],
    ['jwt-bearer', JWT, { 'private-key': 'hello' }, /no private key in PEM form/],
    ['jwt-bearer', JWT, { 'private-key': pemOf(EC.privateKey) }, /no RSA key, which `RS256` needs/],
    ['jwt-bearer', JWT, { 'private-key': pemOf(WEAK.privateKey) }, /fewer than 2048 bits/],
    ['jwt-bearer', JWT, { 'private-key': ENCRYPTED }, /encrypted private key/],
    [
      'jwt-bearer',
      JWT,
      { 'private-key': RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString() },
      /public key or certificate/,
    ],
    [
      'jwt-bearer',
      [...JWT, 'algorithm=ES256'],
      { 'private-key': pemOf(EC384.privateKey) },
      /no key on the curve of `ES256`/,
    ],
    ['jwt-bearer', [...JWT, 'algorithm=EdDSA'], { 'private-key': PEM }, /no Ed25519 key/],
    ['jwt-bearer', [...JWT, 'algorithm=none'], { 'private-key': PEM }, /no algorithm `none`/],
    ['jwt-bearer', [...JWT, 'algorithm=HS256'], { 'private-key': PEM }, /no algorithm `HS256`/],
    [
      'jwt-bearer',
      ['issuer=i', 'audience=a', 'token-url=http://tokens.example/'],
      { 'private-key': PEM },
      /unencrypted/,
    ],
    ['github-app', ['app-id=1', 'installation-id=../x'], { 'private-key': PEM }, /installationId/],
    ['github-app', ['app-id=1', 'installation-id=2'], { 'private-key': pemOf(EC.privateKey) }, /no RSA key/],
    ['google-service-account', [], { 'service-account': JSON.stringify(ACCOUNT) }, /needs `--set scope=/],
    [
      'google-service-account',
      ['scope=s'],
      { 'service-account': '{"type":"authorized_user"}' },
      /not the JSON file of a service account/,
    ],
    [
      'google-service-account',
      ['scope=s'],
      { 'service-account': JSON.stringify({ ...ACCOUNT, private_key: 'x' }) },
      /the `private_key` of secret/,
    ],
    [
      'google-service-account',
      ['scope=s'],
      { 'service-account': JSON.stringify({ ...ACCOUNT, token_uri: 'http://tokens.example/' }) },
      /unencrypted/,
    ],
  ])('%s %j', (kind, sets, secrets, why) => {
    expect(adding(kind, sets, secrets)).toMatch(why)
  })

  test('a token URL that is local goes with a local service only, at its own address', () => {
    const local = { baseUrl: ['http://127.0.0.1:1'], local: true }
    const at = (url: string) => ['client-id=c', `token-url=${url}`]
    const secrets = { 'client-secret': SECRET }
    const kind = 'oauth2-client-credentials'
    expect(adding(kind, at('http://127.0.0.1:2/token'), secrets, local)).toBe('added')
    expect(adding(kind, at(TOKENS), secrets, local)).toBe('added')
    expect(adding(kind, at('http://tokens.example/'), secrets, local)).toMatch(/unencrypted/)
    expect(adding(kind, at('http://127.0.0.1:2/token'), secrets)).toMatch(/not on the internet/)
  })
})

test('the token server is judged by where it is: beside the service, or on the internet', () => {
  const named = { baseUrls: ['https://box.example:8443/api'], local: { address: '10.0.0.7' }, ca: 'PEM' }
  const service = exampleService(named)
  expect(tokenServiceOf(service, 'https://box.example/token')).toMatchObject({
    baseUrls: ['https://box.example'],
    local: { address: '10.0.0.7' },
    ca: 'PEM',
  })
  expect(tokenServiceOf(service, TOKENS)).toMatchObject({
    baseUrls: ['https://tokens.example'],
    local: null,
    ca: null,
  })
  expect(tokenServiceOf(service, 'https://10.0.0.8/token')).toMatchObject({
    local: { address: null },
    ca: null,
  })
  expect(tokenServiceOf(exampleService(), 'https://10.0.0.8/token')).toMatchObject({ local: null })
})

test('no rule lets a page ask for tokens by itself at the service it has a token for', () => {
  const options = { baseUrl: ['https://api.example/v1'] }
  const own = [`client-id=c`, 'token-url=https://api.example/oauth/token']
  const made = (kind: string, sets: string[]) =>
    serviceByHand('it', pathSchemes([kind], sets), options).credentialMinting
  expect(made('oauth2-client-credentials', own)).toEqual(['* /oauth/token'])
  expect(made('oauth2-client-credentials', CLIENT)).toEqual([])
  expect(made('github-app', ['app-id=1', 'installation-id=2'])).toEqual([
    'POST /**/app/installations/*/access_tokens',
  ])
})

test('what is sent is the minted token; keys that stay here are not looked for, all else is', () => {
  const auth: Auth = { kind: 'github-app', appId: '1', installationId: '2', secret: 'private-key' }
  const service = exampleService({ auth: [{ paths: ['/**'], auth }] })
  const secret = (text: string) => new Secret(Buffer.from(text))
  const token = 'ghs_0123456789abcdef'
  const secrets = new Map([
    ['private-key', secret(PEM)],
    ['(minted)', secret(token)],
    ['(minted) 0', secret('ghs_the-one-before')],
  ])
  const request = { ...outboundOf(), origin: 'https://api.example.com', path: '/v1/x', query: [] }
  const { outbound, needles } = inject(request as never, null, null, service, auth, secrets)
  expect(outbound.headers.at(-1)).toEqual(['authorization', `Bearer ${token}`])
  expect(needles.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([token, 'ghs_the-one-before'])
  const missing = new Map([['private-key', secret(PEM)]])
  expect(() => schemeOf(auth).apply(outboundOf(), auth, missing, { now: 0, basePath: '' })).toThrow(
    expect.objectContaining({ reason: 'secret-missing' }),
  )
})
