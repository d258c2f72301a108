import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { endSession } from '../../native-host/sessions/sessions.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { raiseLock } from '../../native-host/vault/lock.ts'
import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import { makeCanary, searchFor } from '../support/canary.ts'
import { type AskOptions, NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { startEchoUpstream } from '../support/upstreams/echo-upstream.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import { headerOf } from '../support/upstreams/journal.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/** The host process as a browser drives it, against servers that check the key. */
const CANARY = makeCanary('bearer', 'sk-canary-')
const KEY = CANARY.key
const SITE = 'https://agent.example'
const PLACEHOLDER: [string, string] = ['Authorization', 'Bearer sk-valetkey-placeholder']

let echo: LoopbackServer
let flow: LoopbackServer
let vault: OwnedVault
let hosts: NativeHost[]

beforeAll(async () => {
  echo = await startEchoUpstream(KEY)
  flow = await startFlowUpstream(KEY)
})
afterAll(async () => {
  await echo.close()
  await flow.close()
})
beforeEach(async () => {
  hosts = []
  echo.journal.clear()
  flow.journal.clear()
  vault = await OwnedVault.create()
  vault.addService('echo', `${echo.url}/v1`, KEY)
  vault.addService('flow', `${flow.url}/v1`, KEY)
  vault.addCapability('echoes', 'echo', ['GET /v1/echo/**', 'POST /v1/echo/body'])
  vault.addCapability('flows', 'flow', ['GET /v1/**'])
})
afterEach(async () => {
  for (const host of hosts) {
    await host.close()
    // Whatever a test did: the key was on no wire to the browser and in no line of the process.
    expect(searchFor([CANARY], Buffer.concat(host.written), 'the wire')).toEqual([])
  }
  await vault.remove()
})

const capability = (id: string) => {
  const found = findCapability(vault.store, vault.keys, id)
  if (found === null) throw new Error(`no capability ${id}`)
  return found
}

async function open(): Promise<NativeHost> {
  const host = await NativeHost.start(vault.home)
  hosts.push(host)
  return host
}

/** A host and a document of SITE with a live session for both services. */
async function connected(ttl?: number) {
  // First the host: on a busy machine it takes longer to start than a short session lasts.
  const host = await open()
  const sessions = [
    vault.connect(SITE, capability('echoes'), ttl),
    vault.connect(SITE, capability('flows'), ttl),
  ]
  await host.next((frame) => frame.type === 'changed' && frame.live >= sessions.length)
  const { id: document, caught } = await host.document({ origin: SITE })
  const ask = (method: string, url: string, options: AskOptions = {}) =>
    host.ask(document, method, url, { headers: [PLACEHOLDER], ...options })
  return { host, document, caught, ask, sessions }
}

test('a document learns the base URLs of the services it has live sessions for, and no other document does', async () => {
  const { host, caught } = await connected()
  expect(caught).toEqual([`${echo.url}/v1`, `${flow.url}/v1`].sort())
  expect((await host.document({ origin: 'https://other.example' })).caught).toEqual([])
  expect((await host.document({ origin: SITE, topOrigin: 'https://other.example' })).caught).toEqual([])
})

test('the key replaces the placeholder on the wire and never comes back', async () => {
  const { ask } = await connected()
  const call = ask('GET', `${echo.url}/v1/echo/headers`, {
    headers: [PLACEHOLDER, ['x-api-key', 'sk-valetkey-placeholder'], ['Accept', 'application/json']],
  })
  const text = await call.text()
  expect(headerOf(echo.journal.last, 'authorization')).toBe(`Bearer ${KEY}`)
  expect(headerOf(echo.journal.last, 'x-api-key')).toBeNull()
  expect(headerOf(echo.journal.last, 'accept')).toBe('application/json')
  expect(JSON.parse(text).authorization).toEqual(['Bearer [redacted]'])
})

test('a service that reflects the key in every form and in pieces of any size gives the page none', async () => {
  const { ask } = await connected()
  for (const size of [1, 2, 3, 7, 64, 4096]) {
    const text = await ask('GET', `${echo.url}/v1/echo/pieces?size=${size}`).text()
    expect(searchFor([CANARY], Buffer.from(text), 'the wire')).toEqual([])
  }
  const head = await ask('GET', `${echo.url}/v1/echo/response-headers`).head()
  expect(searchFor([CANARY], Buffer.from(JSON.stringify(head.headers)), 'the wire')).toEqual([])
  expect(head.headers).toContainEqual(['x-ratelimit-remaining', '99'])
})

test('a request body arrives as it was sent', async () => {
  const { ask } = await connected()
  const body = randomBytes(100_000)
  const call = ask('POST', `${echo.url}/v1/echo/body`, {
    body,
    headers: [PLACEHOLDER, ['content-type', 'application/octet-stream']],
  })
  await call.ended()
  expect(call.bytes().equals(body)).toBe(true)
})

test('a placeholder in a JSON body is taken out before the rules look at it and before it is sent', async () => {
  vault.addCapability('marked', 'echo', ['POST /v1/echo/body'], {
    body: [{ op: 'present', pointer: '/user' }],
  })
  vault.connect(SITE, capability('marked'))
  const host = await open()
  const { id: document } = await host.document({ origin: SITE })
  const post = (body: string) =>
    host.ask(document, 'POST', `${echo.url}/v1/echo/body`, {
      body,
      headers: [PLACEHOLDER, ['content-type', 'application/json']],
    })
  expect(await post('{"user":"a","deep":{"api_key":"sk-valetkey-placeholder"}}').text()).toBe(
    '{"user":"a","deep":{}}',
  )
  expect(await post('{"user":"sk-valetkey-placeholder"}').ended()).toMatchObject({
    type: 'problem',
    code: 'denied',
  })
  expect(echo.journal.calls).toHaveLength(1)
})

test('what no rule allows is refused, recorded and not sent', async () => {
  const { ask } = await connected()
  const ended = await ask('POST', `${flow.url}/v1/small`).ended()
  expect(ended).toMatchObject({ type: 'problem', code: 'denied' })
  expect(flow.journal.arrivals).toEqual([])
  const [record] = listAudit(vault.store, vault.keys, { limit: 1 })
  expect(record).toMatchObject({ kind: 'refusal', decision: 'deny', reason: 'no-rule', origin: SITE })
  expect(record?.id).toBe((ended as { instance?: string }).instance)
})

for (const path of [
  '/v1/echo/%2e%2e/%2e%2e/admin',
  '/v1/echo/..%2f..%2fadmin',
  '/v1//echo/headers',
  '/v1/echo\\..\\x',
]) {
  test(`a path that two parsers read differently is refused: ${path}`, async () => {
    const { ask } = await connected()
    const ended = await ask('GET', `${echo.url}${path}`).ended()
    expect(ended.type).toBe('problem')
    expect(echo.journal.arrivals).toEqual([])
  })
}

test('a document of another site, of another top site, or never announced is refused', async () => {
  const { host } = await connected()
  const other = await host.document({ origin: 'https://other.example' })
  const framed = await host.document({ origin: SITE, topOrigin: 'https://other.example' })
  for (const document of [other.id, framed.id, 999_999]) {
    const ended = await host.ask(document, 'GET', `${flow.url}/v1/small`).ended()
    expect(ended).toMatchObject({ type: 'problem', code: 'denied' })
  }
  expect(flow.journal.arrivals).toEqual([])
})

test('a revoke by another process cuts the stream, stops the upstream, and refuses the next call', async () => {
  const { ask, sessions } = await connected()
  const call = ask('GET', `${flow.url}/v1/clock?every=5`)
  await call.head()
  const flows = sessions[1]
  if (flows === undefined) throw new Error('no session')
  endSession(vault.store, vault.keys, flows.id, 'revoked', Date.now())
  expect(await call.ended()).toMatchObject({ type: 'cut', code: 'session-ended' })
  expect(await ask('GET', `${flow.url}/v1/small`).ended()).toMatchObject({
    type: 'problem',
    code: 'session-ended',
  })
  await expect.poll(() => flow.journal.calls[0]?.outcome).toBe('cut')
  expect(flow.journal.calls).toHaveLength(1)
  const refusal = listAudit(vault.store, vault.keys, { limit: 9 }).find(({ kind }) => kind === 'refusal')
  expect(refusal).toMatchObject({ reason: 'session-ended', url: `${flow.url}/v1/small`, service: 'flow' })
})

test('a call that still waits for the answer is cut by a revoke too, before its head', async () => {
  const { host, ask } = await connected()
  const call = ask('GET', `${flow.url}/v1/never`)
  await expect.poll(() => flow.journal.calls.length).toBe(1)
  await host.order({ name: 'session-revoke', all: true })
  expect(await call.ended()).toMatchObject({ type: 'problem', code: 'session-ended' })
  await expect.poll(() => flow.journal.calls[0]?.outcome).toBe('cut')
})

test('a session ends with its time: the stream is cut and later calls are refused', async () => {
  const { ask } = await connected(4)
  const call = ask('GET', `${flow.url}/v1/clock?every=20`)
  await call.head()
  expect(await call.ended()).toMatchObject({ type: 'cut', code: 'session-ended' })
  expect(await ask('GET', `${flow.url}/v1/small`).ended()).toMatchObject({
    type: 'problem',
    code: 'session-ended',
  })
})

test('a long answer is no idleness: the session lasts while it streams, and idles out after it', async () => {
  vault.addCapability('idles', 'flow', ['GET /v1/**'], { limits: { idle: 4 } })
  // First the host: on a busy machine it takes longer to start than the session may idle.
  const host = await open()
  vault.connect(SITE, capability('idles'))
  await host.next((frame) => frame.type === 'changed' && frame.live === 1)
  const { id: document } = await host.document({ origin: SITE })
  const long = host.ask(document, 'GET', `${flow.url}/v1/clock?events=70&every=100`)
  expect((await long.ended()).type).toBe('end')
  await new Promise((resolve) => setTimeout(resolve, 6000))
  const late = await host.ask(document, 'GET', `${flow.url}/v1/small`).ended()
  expect(late).toMatchObject({ type: 'problem', code: 'session-ended' })
})

test('a cancelled call stops its upstream and says nothing more', async () => {
  const { host, ask } = await connected()
  const call = ask('GET', `${flow.url}/v1/clock?every=5`)
  await call.head()
  call.cancel()
  await expect.poll(() => flow.journal.calls[0]?.outcome).toBe('cut')
  expect(host.frames.some((frame) => 'id' in frame && frame.id === call.id && frame.type === 'end')).toBe(
    false,
  )
})

test('a document that goes away takes its calls with it', async () => {
  const { host, document, ask } = await connected()
  await ask('GET', `${flow.url}/v1/clock?every=5`).head()
  host.send({ type: 'document-gone', document })
  await expect.poll(() => flow.journal.calls[0]?.outcome).toBe('cut')
})

test('a body that the upstream drops is cut, never ended', async () => {
  const { ask } = await connected()
  const ended = await ask('GET', `${flow.url}/v1/drop?after=1000`).ended()
  expect(ended).toMatchObject({ type: 'cut', code: 'upstream-unreachable' })
})

test('an upstream that is down is a problem of its own', async () => {
  vault.addService('down', 'http://127.0.0.1:9', KEY)
  vault.addCapability('downs', 'down', ['GET /**'])
  vault.connect(SITE, capability('downs'))
  const { ask } = await connected()
  expect(await ask('GET', 'http://127.0.0.1:9/x').ended()).toMatchObject({
    type: 'problem',
    code: 'upstream-unreachable',
  })
})

test('a second ask under a live id is refused and the first keeps its answer', async () => {
  const { host, document, ask } = await connected()
  const call = ask('GET', `${flow.url}/v1/late?after=200`)
  host.send({
    type: 'ask',
    id: call.id,
    document,
    method: 'GET',
    url: `${flow.url}/v1/small`,
    headers: [],
    hasBody: false,
    bodyLength: null,
    redirect: 'follow',
  })
  await call.text()
  expect(flow.journal.calls).toHaveLength(1)
})

test('a reader that gives no credit stops the upstream at the window', async () => {
  const { ask } = await connected()
  const call = ask('GET', `${flow.url}/v1/bytes?mib=64`)
  await call.head()
  await new Promise((resolve) => setTimeout(resolve, 400))
  // The window, what the sockets of both ends hold, and a chunk on its way.
  expect(flow.journal.last.answeredBytes).toBeLessThan(24 * 1024 * 1024)
  call.cancel()
})

test('locking anywhere ends the process that held the keys', async () => {
  const { host } = await connected()
  raiseLock(vault.store)
  expect(await host.exited).toBe(0)
})

test('the browser closing the wire ends the process', async () => {
  const { host } = await connected()
  expect(await host.close()).toBe(0)
})

for (const [what, send] of [
  [
    'a frame before hello',
    (host: NativeHost) => host.send({ type: 'command', id: 1, command: { name: 'status' } }),
  ],
  ['a frame of no known shape', (host: NativeHost) => host.send({ type: 'hello', protocol: 'x' })],
  ['a length above the limit', (host: NativeHost) => host.raw(Buffer.from('ffffffff', 'hex'))],
  ['bytes that are no JSON', (host: NativeHost) => host.raw(Buffer.from('0300000022ff22', 'hex'))],
] as const) {
  test(`${what} closes the wire and ends the process without an answer`, async () => {
    const host = new NativeHost(vault.home)
    hosts.push(host)
    send(host)
    expect(await host.exited).toBe(0)
    expect(host.frames).toEqual([])
  })
}

test('a host that finds the vault open keeps silent until it is greeted', async () => {
  const host = new NativeHost(vault.home)
  hosts.push(host)
  // Long enough for the host to find the key that the vault's holder offers.
  await new Promise((resolve) => setTimeout(resolve, 3000))
  host.send({ type: 'hello', protocol: PROTOCOL_VERSION, version: 'test' })
  await host.next((frame) => frame.type === 'hello')
  expect(host.frames[0]).toMatchObject({ type: 'hello', vault: 'unlocked' })
})

test('another protocol gets to know this one and nothing else', async () => {
  const host = new NativeHost(vault.home)
  hosts.push(host)
  host.send({ type: 'hello', protocol: PROTOCOL_VERSION + 1, version: 'test' })
  await host.next((frame) => frame.type === 'hello')
  host.send({ type: 'command', id: 1, command: { name: 'status' } })
  expect(await host.exited).toBe(0)
  expect(host.frames).toMatchObject([{ type: 'hello', protocol: PROTOCOL_VERSION }])
})

test('a locked vault refuses calls with its own problem and sends nothing', async () => {
  const { host } = await connected()
  await host.order({ name: 'vault-lock' })
  expect(await host.exited).toBe(0)
  vault.stopOffering()
  const locked = await open()
  const document = locked.id()
  locked.send({
    type: 'document',
    document,
    witnessed: { origin: SITE, topOrigin: SITE, tabId: 1, frameId: 0, documentId: null },
  })
  const ended = await locked.ask(document, 'GET', `${flow.url}/v1/small`).ended()
  expect(ended).toMatchObject({ type: 'problem', code: 'vault-locked' })
  expect(flow.journal.arrivals).toEqual([])
})

test('every call left its intent and its outcome in a chain that verifies', async () => {
  const { ask } = await connected()
  await ask('GET', `${flow.url}/v1/small`).text()
  await ask('GET', `${flow.url}/v1/nothing-allowed-here`.replace('/v1/', '/v2/')).ended()
  await expect
    .poll(
      () => listAudit(vault.store, vault.keys, { limit: 50 }).filter(({ kind }) => kind === 'outcome').length,
    )
    .toBe(1)
  const outcome = listAudit(vault.store, vault.keys, { limit: 50 }).find(({ kind }) => kind === 'outcome')
  expect(outcome).toMatchObject({ result: 'sent', status: 200, redactions: 0 })
  expect(verifyAudit(vault.store, vault.keys)).toMatchObject({ ok: true })
})
