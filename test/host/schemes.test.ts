import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { readForm } from '../../native-host/policy/read-form.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { putSecret } from '../../native-host/store/services.ts'
import type { Auth } from '../../shared/model/service.ts'
import { makeCanary, searchFor } from '../support/canary.ts'
import { EXCHANGES, exchangeAuth } from '../support/exchanges.ts'
import { type AskOptions, NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { awsFault } from '../support/upstreams/aws-verifier.ts'
import { type Fault, startKeyedUpstream } from '../support/upstreams/keyed-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { oauth1Fault } from '../support/upstreams/oauth1-verifier.ts'

/** Each scheme through the host process, against a server that checks what arrives in its own way and echoes it all. */
const CANARY = makeCanary('key', 'sk-canary-')
const SECRET = CANARY.key
const SITE = 'https://agent.example'
const PLACEHOLDER = 'sk-valetkey-placeholder'
const FORM = 'application/x-www-form-urlencoded'

interface Staged {
  auth: Auth
  /** Names of the secrets, each of which is the canary. */
  secrets: string[]
  fault: Fault
}

const AWS = { accessKeyId: 'AKIDEXAMPLE', secret: SECRET, sessionToken: null, region: 'eu-west-1' }
const aws = (awsService: string, style: 'header' | 'query' = 'header'): Staged => ({
  auth: {
    kind: 'sigv4',
    accessKeyId: AWS.accessKeyId,
    region: AWS.region,
    awsService,
    style,
    secret: 'secret-access-key',
    sessionToken: 'session-token',
  },
  secrets: ['secret-access-key'],
  fault: (request, body) => awsFault(request, body, { ...AWS, service: awsService }),
})

const exchange = (name: string, ...more: string[]): Staged => {
  const one = EXCHANGES[name]
  if (one === undefined) throw new Error(`no exchange ${name}`)
  const keys = { key: 'public-half', secret: SECRET, passphrase: SECRET }
  return {
    auth: exchangeAuth(one, keys.key),
    secrets: ['secret', ...more],
    fault: (request, body) => one.fault(request, body.toString(), keys),
  }
}
const nonces = new Set<string>()

const STAGED: Record<string, Staged> = {
  path: {
    auth: { kind: 'path', template: '/bot{}', secret: 'value' },
    secrets: ['value'],
    fault: ({ url }) => (url?.startsWith(`/v1/bot${SECRET}/`) ? null : 'no such bot'),
  },
  cookie: {
    auth: { kind: 'cookie', cookie: 'sid', secret: 'value' },
    secrets: ['value'],
    fault: ({ headers }) => (headers.cookie === `sid=${SECRET}` ? null : 'logged out'),
  },
  form: {
    auth: { kind: 'form-field', field: 'api_key', secret: 'value' },
    secrets: ['value'],
    fault: ({ headers }, body) => {
      const isForm = headers['content-type'] === FORM
      const keys = isForm ? readForm(body).filter(({ name }) => name === 'api_key') : []
      const inPart = body.toString().split(`name="api_key"\r\n\r\n${SECRET}\r\n`).length === 2
      return (isForm ? keys.length === 1 && keys[0]?.text === SECRET : inPart) ? null : 'no api_key'
    },
  },
  s3: aws('s3'),
  dynamodb: aws('dynamodb'),
  presigned: aws('s3', 'query'),
  bybit: exchange('bybit'),
  okx: exchange('okx', 'passphrase'),
  mexc: exchange('mexc'),
  oauth1: {
    auth: {
      kind: 'oauth1',
      consumerKey: 'ck',
      accessToken: 'at',
      algorithm: 'HMAC-SHA1',
      secret: 'consumer-secret',
      tokenSecret: 'access-token-secret',
    },
    secrets: ['consumer-secret', 'access-token-secret'],
    fault: (request, body) =>
      oauth1Fault(
        request,
        body,
        {
          consumerKey: 'ck',
          consumerSecret: SECRET,
          token: { key: 'at', secret: SECRET },
          algorithm: 'HMAC-SHA1',
        },
        nonces,
      ),
  },
}

const servers = new Map<string, LoopbackServer>()
let vault: OwnedVault
let host: NativeHost
let document: number

beforeAll(async () => {
  vault = await OwnedVault.create()
  for (const [id, { auth, secrets, fault }] of Object.entries(STAGED)) {
    const server = await startKeyedUpstream(fault)
    servers.set(id, server)
    vault.addService(id, `${server.url}/v1`, SECRET, { auth: [{ paths: ['/**'], auth }] })
    for (const name of secrets) putSecret(vault.store, vault.keys, id, name, Buffer.from(SECRET))
    vault.addCapability(id, id, ['* /v1/things/**', 'GET,POST /v1/moved'])
    const capability = findCapability(vault.store, vault.keys, id)
    if (capability !== null) vault.connect(SITE, capability)
  }
  host = await NativeHost.start(vault.home)
  document = (await host.document({ origin: SITE })).id
})
beforeEach(() => {
  for (const server of servers.values()) server.journal.clear()
})
afterAll(async () => {
  await host.close()
  // Whatever a test did: the secret was on no wire to the browser, and all of it is in a log that verifies.
  expect(searchFor([CANARY], Buffer.concat(host.written), 'the wire')).toEqual([])
  expect(verifyAudit(vault.store, vault.keys)).toMatchObject({ ok: true })
  await vault.remove()
  for (const server of servers.values()) await server.close()
})

function serverOf(id: string): LoopbackServer {
  const server = servers.get(id)
  if (server === undefined) throw new Error(`no server ${id}`)
  return server
}
async function ask(id: string, method: string, path: string, options: AskOptions = {}) {
  const call = host.ask(document, method, `${serverOf(id).url}/v1${path}`, options)
  const ended = await call.ended()
  const head = host.frames.find((frame) => frame.type === 'head' && frame.id === call.id)
  const text = call.bytes().toString()
  return { ended, text, status: head?.type === 'head' ? head.status : null, head }
}
const typed = (body: string, type = 'application/json'): AskOptions => ({
  body,
  headers: [['content-type', type]],
})

const METHODS = { form: 'POST' } as Record<string, string>
test.each(Object.keys(STAGED))('%s: the service lets the call in, and gives no secret back', async (id) => {
  const method = METHODS[id] ?? 'GET'
  const answer = await ask(id, method, '/things/a%20b?x=1&y=%2B%20z&y=a&x%20=2&x-=3')
  expect(answer.text).toContain('"fault":null')
  expect(answer.status).toBe(200)
  expect(searchFor([CANARY], Buffer.from(answer.text), 'the answer')).toEqual([])
  expect(answer.text).toContain('redacted')
  // A wrong credential is told from a right one: the same call by somebody who has none.
  const bare = await fetch(`${serverOf(id).url}/v1/things/a`, { method })
  expect(bare.status).toBe(401)
})

test.each(Object.keys(STAGED).filter((id) => id !== 'form'))(
  '%s: with a body that is held, and with none',
  async (id) => {
    for (const options of [typed('{"a":1}'), {}])
      expect((await ask(id, 'POST', '/things/x', options)).text).toContain('"fault":null')
  },
)

test('path: a page that writes the placeholder into the path, as its SDK does, is decided and answered without it', async () => {
  const answer = await ask('path', 'GET', `/bot${PLACEHOLDER}/things/x`)
  expect(answer.text).toContain('"target":"/v1/bot[redacted]/things/x"')
  expect(answer.head).toMatchObject({ url: `${serverOf('path').url}/v1/things/x` })
  const denied = await ask('path', 'GET', `/bot${PLACEHOLDER}/other`)
  expect(denied.ended).toMatchObject({ type: 'problem', code: 'denied' })
})

test('path: a redirect below the secret is followed without the page seeing it, one beside it is withheld', async () => {
  const to = (location: string) => ask('path', 'GET', `/moved?to=${encodeURIComponent(location)}`)
  for (const location of ['{own}/things/y', 'things/y', './things/y']) {
    const answer = await to(location)
    expect(answer.text, location).toContain('/things/y')
    expect(answer.head, location).toMatchObject({
      redirected: true,
      url: `${serverOf('path').url}/v1/things/y`,
    })
  }
  for (const location of ['/v1/things/y', '../things/y', '{own}/things/{own}', '{own}x/things'])
    expect((await to(location)).ended, location).toMatchObject({ type: 'problem', code: 'response-withheld' })
})

test('form: the field of the page goes, the credential comes, in both kinds of form', async () => {
  const urlencoded = await ask('form', 'POST', '/things/x', typed(`a=1&api_key=${PLACEHOLDER}&b=2`, FORM))
  expect(urlencoded.text).toContain('"body":"a=1&b=2&api_key=[redacted]"')
  const part = (name: string, value: string) =>
    `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const body = `${part('api_key', 'mine')}${part('file', 'x')}--B--\r\n`
  const multipart = await ask('form', 'POST', '/things/x', typed(body, 'multipart/form-data; boundary=B'))
  expect(multipart.text).toContain('"fault":null')
  expect(multipart.text).not.toContain('mine')
  const json = await ask('form', 'POST', '/things/x', typed('{}'))
  expect(json.ended).toMatchObject({ type: 'problem', code: 'malformed' })
  expect((await ask('form', 'GET', '/things/x')).ended).toMatchObject({ type: 'problem', code: 'malformed' })
})

test('sigv4: a page’s own signature goes, and a body that streams past is let in unsigned at S3', async () => {
  const signed: [string, string][] = [
    ['authorization', `AWS4-HMAC-SHA256 Credential=${PLACEHOLDER}/20260101/eu-west-1/s3/aws4_request`],
    ['x-amz-date', '20200101T000000Z'],
    ['x-amz-content-sha256', '00'],
    ['x-amz-security-token', 'theirs'],
  ]
  const again = await ask('s3', 'GET', '/things/x?X-Amz-Signature=00&list-type=2', { headers: signed })
  expect(again.text).toContain('"fault":null')
  expect(again.text).toContain('"target":"/v1/things/x?list-type=2"')
  const large = 'x'.repeat(300_000)
  const streamed = await ask('s3', 'PUT', '/things/x', { ...typed(large, 'application/octet-stream') })
  expect(streamed.text).toContain('"fault":null')
  expect(streamed.text).toContain('UNSIGNED-PAYLOAD')
  const small = await ask('s3', 'PUT', '/things/x', { ...typed('x', 'application/octet-stream') })
  expect(small.text).toContain('"fault":null')
  expect(small.text).not.toContain('UNSIGNED-PAYLOAD')
  const held = await ask('dynamodb', 'POST', '/things/x', { ...typed(large, 'application/octet-stream') })
  expect(held.text).toContain('"fault":null')
})

test('sigv4: unsigned chunks with a checksum behind them go as they came, chunks that the page signed do not go', async () => {
  const body = '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n'
  const chunked = (said: string): AskOptions => ({
    body,
    headers: [
      ['content-type', 'application/octet-stream'],
      ['content-encoding', 'aws-chunked'],
      ['x-amz-content-sha256', said],
      ['x-amz-decoded-content-length', '5'],
      ['x-amz-trailer', 'x-amz-checksum-crc32'],
    ],
  })
  const answer = await ask('s3', 'PUT', '/things/x', chunked('STREAMING-UNSIGNED-PAYLOAD-TRAILER'))
  expect(answer.text).toContain('"fault":null')
  expect(JSON.parse(answer.text)).toMatchObject({ body, headers: { 'content-encoding': ['aws-chunked'] } })
  const signed = await ask('s3', 'PUT', '/things/x', chunked('STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'))
  expect(signed.ended).toMatchObject({ type: 'problem', code: 'malformed' })
  const copied: AskOptions = { headers: [['x-amz-copy-source', '/other/secret']] }
  expect((await ask('s3', 'PUT', '/things/x', copied)).ended).toMatchObject({
    type: 'problem',
    code: 'denied',
  })
})

test('hmac and oauth1: a body that streams past is held where it is signed, and never sent unsigned', async () => {
  const large = typed('x'.repeat(300_000), 'application/octet-stream')
  for (const id of ['bybit', 'okx', 'mexc', 'oauth1'])
    expect((await ask(id, 'POST', '/things/x', large)).text, id).toContain('"fault":null')
})

test('hmac and oauth1: what the page signed goes', async () => {
  const mexc = await ask('mexc', 'GET', '/things/x?timestamp=1&signature=00&symbol=A', {
    headers: [['x-mexc-apikey', 'mine']],
  })
  expect(mexc.text).toMatch(/"target":"\/v1\/things\/x\?symbol=A&timestamp=\d{13}&signature=\[redacted\]"/)
  const form = typed(`status=Hi+there%21&oauth_token=mine&note=${PLACEHOLDER}`, FORM)
  const tweet = await ask('oauth1', 'POST', '/things/x?oauth_signature=00&include=a%2Cb', form)
  expect(tweet.text).toContain('"fault":null')
  expect(tweet.text).toContain('"body":"status=Hi+there%21"')
})
