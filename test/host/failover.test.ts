import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import type { CallRecord, OutcomeRecord } from '../../native-host/audit/write-audit.ts'
import { endSession } from '../../native-host/sessions/sessions.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { putSecret } from '../../native-host/store/services.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Failover, FailoverTrigger } from '../../shared/model/failover.ts'
import type { Session } from '../../shared/model/grant.ts'
import { makeCanary, searchFor } from '../support/canary.ts'
import { eventually } from '../support/eventually.ts'
import { done, times } from '../support/hard.ts'
import { type AskOptions, NativeHost, type PageCall } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { type ChatUpstream, startChatUpstream } from '../support/upstreams/chat-upstream.ts'
import { arrivalText, headerOf } from '../support/upstreams/journal.ts'
import { startLoopbackServer } from '../support/upstreams/loopback-server.ts'
import { startTokenApi, type TokenApi } from '../support/upstreams/token-api.ts'
import { clientCredentials } from './minted-fixture.ts'

/** The host process against a cloud that fails in every way and a local server that goes on for it. */
const CLOUD = makeCanary('the cloud’s key', 'sk-cloud-')
const LOCAL = makeCanary('the local key', 'sk-local-')
const SITE = 'https://chat.example'
const PLACEHOLDER: [string, string] = ['Authorization', 'Bearer sk-valetkey-placeholder']
const JSON_TYPE: [string, string] = ['Content-Type', 'application/json']
const CHAT = 'POST /v1/chat/completions'

let cloud: ChatUpstream
let local: ChatUpstream
let vault: OwnedVault
let host: NativeHost | null

beforeEach(async () => {
  host = null
  cloud = await startChatUpstream(CLOUD.key, 'from the cloud')
  local = await startChatUpstream(LOCAL.key, 'from this machine')
  vault = await OwnedVault.create()
  vault.addService('cloud', `${cloud.url}/v1`, CLOUD.key)
  vault.addService('local', local.url, LOCAL.key, { placeholder: 'local-placeholder' })
  vault.addCapability('local', 'local', [CHAT, 'GET /v1/models'], { models: ['qwen'] })
})
afterEach(async () => {
  await host?.close()
  const written = Buffer.concat(host?.written ?? [])
  expect(searchFor([CLOUD, LOCAL], written, 'the wire')).toEqual([])
  expect(verifyAudit(vault.store, vault.keys)).toMatchObject({ ok: true })
  await vault.remove()
  await Promise.all([cloud.close(), local.close()])
})

const capability = (id: string): Capability => {
  const found = findCapability(vault.store, vault.keys, id)
  if (found === null) throw new Error(`no capability ${id}`)
  return found
}

type Wish = Partial<Omit<Failover, 'on'>> & { on?: FailoverTrigger[]; limits?: Partial<Capability['limits']> }

interface Connected {
  post(body?: object | string, options?: AskOptions, url?: string): PageCall
  get(path: string): PageCall
  sessions: Record<'cloud' | 'local', Session>
}

/** The site with live sessions of both. The cloud's capability goes on to the local one. */
async function connected({ limits = {}, ...wish }: Wish = {}): Promise<Connected> {
  const failover: Failover = {
    capability: 'local',
    on: ['unreachable', 'timeout'],
    models: [{ from: 'gpt-5', to: 'qwen' }],
    wait: null,
    ...wish,
  }
  vault.addCapability('cloud', 'cloud', [CHAT, 'GET /v1/models'], { failover, limits })
  const sessions = {
    cloud: vault.connect(SITE, capability('cloud')),
    local: vault.connect(SITE, capability('local')),
  }
  return { ...(await pageOf()), sessions }
}

async function pageOf() {
  const started = await NativeHost.start(vault.home)
  host = started
  const { id: document } = await started.document({ origin: SITE })
  const post = (
    body: object | string = { model: 'gpt-5', n: 1 },
    options: AskOptions = {},
    url = `${cloud.url}/v1/chat/completions`,
  ) =>
    started.ask(document, 'POST', url, {
      headers: [PLACEHOLDER, JSON_TYPE],
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...options,
    })
  const get = (path: string) =>
    started.ask(document, 'GET', `${cloud.url}/v1${path}`, { headers: [PLACEHOLDER] })
  return { post, get }
}

const records = () => listAudit(vault.store, vault.keys, { limit: 5000 })
const calls = (): CallRecord[] =>
  records()
    .filter((record): record is CallRecord => record.kind === 'intent' || record.kind === 'refusal')
    .toReversed()
const outcomeOf = (intent: string | undefined): Promise<OutcomeRecord | undefined> =>
  eventually(
    'the call has its outcome',
    () =>
      records().find(
        (record): record is OutcomeRecord => record.kind === 'outcome' && record.intent === intent,
      ),
    (found) => found !== undefined,
  )

describe('goes on', () => {
  test('the page is told what the other answers, but not where the other has made something', async () => {
    const maker = await startLoopbackServer((_request, response) => {
      response.writeHead(201, { location: '/v1/made', 'x-request-id': 'of the other' }).end('{}')
    })
    vault.addService('local', maker.url, LOCAL.key, { placeholder: 'local-placeholder' })
    const { post } = await connected()
    await cloud.close()
    const head = await post().head()
    await maker.close()
    expect(head.status).toBe(201)
    expect(head.headers).toContainEqual(['x-request-id', 'of the other'])
    expect(head.headers.map(([name]) => name)).not.toContain('location')
  })

  test('where the service cannot be reached: the other gets its own key and its own model, the page the answer', async () => {
    const { post, sessions } = await connected()
    await cloud.close()
    const call = post('{"model":"gpt-5","stream":false,"n":1e0}')
    const head = await call.head()
    expect(head).toMatchObject({ status: 200, url: `${cloud.url}/v1/chat/completions`, redirected: false })
    expect(head.headers).toContainEqual(['valet-key-failover', 'unreachable'])
    expect(await call.text()).toContain('from this machine')
    const arrival = local.journal.last
    expect(arrival.target).toBe('/v1/chat/completions')
    expect(arrival.body.toString()).toBe('{"model":"qwen","stream":false,"n":1e0}')
    expect(headerOf(arrival, 'authorization')).toBe(`Bearer ${LOCAL.key}`)
    expect(searchFor([CLOUD], Buffer.from(arrivalText(arrival)), 'what the local server got')).toEqual([])
    const [first, second, ...more] = calls()
    expect(more).toEqual([])
    expect(first).toMatchObject({ kind: 'intent', capability: 'cloud', session: sessions.cloud.id })
    expect(first?.insteadOf).toBeUndefined()
    expect(second).toMatchObject({
      kind: 'intent',
      capability: 'local',
      service: 'local',
      session: sessions.local.id,
      insteadOf: { intent: first?.id, on: 'unreachable' },
    })
    expect(await outcomeOf(first?.id)).toMatchObject({ result: 'failed', problem: 'refused', status: null })
    expect(await outcomeOf(second?.id)).toMatchObject({ result: 'sent', problem: null, status: 200 })
  })

  test('where DNS does not know the name of the service', async () => {
    const { post } = await connected()
    // No resolver asks for a label of more than 63 letters.
    const url = `https://${'n'.repeat(64)}.example/v1`
    vault.addService('cloud', url, CLOUD.key, { local: null })
    const call = post(undefined, {}, `${url}/chat/completions`)
    expect((await call.head()).headers).toContainEqual(['valet-key-failover', 'unreachable'])
    expect(await call.text()).toContain('from this machine')
    expect(await outcomeOf(calls()[0]?.id)).toMatchObject({ result: 'failed', problem: 'dns' })
  })

  test('where no head comes in time, and the first call is over then', async () => {
    const { post } = await connected({ wait: 3 })
    cloud.behaviour = 'hang'
    const call = post()
    expect((await call.head()).headers).toContainEqual(['valet-key-failover', 'timeout'])
    expect(await call.text()).toContain('from this machine')
    await eventually(
      'the cloud saw it end',
      () => cloud.journal.last.outcome,
      (outcome) => outcome === 'cut',
    )
    expect(await outcomeOf(calls()[0]?.id)).toMatchObject({ result: 'failed', problem: 'failover-wait' })
  })

  test.each([
    [429, '429'],
    [500, '5xx'],
    [503, '5xx'],
    [529, '5xx'],
  ] as const)('on %i where the owner says so', async (status, on) => {
    const { post } = await connected({ on: [on] })
    cloud.behaviour = status
    const call = post()
    const head = await call.head()
    expect(head.status).toBe(200)
    expect(head.headers).toContainEqual(['valet-key-failover', on])
    expect(head.headers.some(([name]) => name === 'retry-after')).toBe(false)
    expect(await call.text()).toContain('from this machine')
    expect(await outcomeOf(calls()[0]?.id)).toMatchObject({ result: 'sent', problem: 'failed-over', status })
  })

  test('and lets an answer go that does not end', async () => {
    const { post } = await connected({ on: ['5xx'] })
    cloud.behaviour = 'stream-503'
    expect(await post().text()).toContain('from this machine')
    await eventually(
      'the cloud saw it end',
      () => cloud.journal.last.outcome,
      (outcome) => outcome === 'cut',
    )
  })

  test('a call without a body, and the other’s list of models is what the page gets', async () => {
    const { get } = await connected()
    await cloud.close()
    expect(await get('/models?limit=3').text()).toContain('from this machine')
    expect(local.journal.last.target).toBe('/v1/models?limit=3')
  })

  test('local first, and to the cloud where the local server is down', async () => {
    vault.addService('cloud-2', `${cloud.url}/v1`, CLOUD.key)
    vault.addCapability('second', 'cloud-2', [CHAT])
    const failover: Failover = {
      capability: 'second',
      on: ['unreachable'],
      models: [{ from: null, to: 'gpt-5' }],
      wait: null,
    }
    vault.addCapability('first', 'local', [CHAT], { failover })
    for (const id of ['first', 'second']) vault.connect(SITE, capability(id))
    host = await NativeHost.start(vault.home)
    const { id } = await host.document({ origin: SITE })
    const asked = { headers: [JSON_TYPE], body: '{"model":"anything"}' }
    const ask = () => host?.ask(id, 'POST', `${local.url}/v1/chat/completions`, asked).text()
    expect(await ask()).toContain('from this machine')
    await local.close()
    expect(await ask()).toContain('from the cloud')
    expect(cloud.models).toEqual(['gpt-5'])
    expect(cloud.journal.last.target).toBe('/v1/chat/completions')
  })

  test('an owner is asked for the other by the other’s own rule, and a no leaves the first’s answer', async () => {
    vault.addCapability('asking', 'local', [], { rules: [{ effect: 'ask', pattern: CHAT }] })
    const { post } = await connected({ capability: 'asking', on: ['429'] })
    vault.connect(SITE, capability('asking'))
    cloud.behaviour = 429
    for (const answer of ['once', 'deny'] as const) {
      const call = post()
      const [waiting] = await eventually(
        'the owner is asked',
        async () => (await host?.order({ name: 'approval-list' })) ?? [],
        (list) => list.length === 1,
      )
      expect(waiting).toMatchObject({ capability: 'asking', url: `${local.url}/v1/chat/completions` })
      if (waiting === undefined) throw new Error('nobody waits')
      await host?.order({ name: 'approval-answer', id: waiting.id, digest: waiting.digest, answer })
      expect((await call.head()).status).toBe(answer === 'once' ? 200 : 429)
      await call.ended()
    }
    expect(local.models).toEqual(['qwen'])
  })

  test('twenty at once: each once to either', async () => {
    const { post } = await connected({ on: ['5xx'] })
    cloud.behaviour = 500
    const many = times(20, 200)
    const all = await Promise.all(Array.from({ length: many }, () => post().text()))
    expect(all.every((text) => text.includes('from this machine'))).toBe(true)
    expect([cloud.models.length, local.models.length]).toEqual([many, many])
    const onward = calls().filter(({ insteadOf }) => insteadOf !== undefined)
    expect(new Set(onward.map(({ insteadOf }) => insteadOf?.intent)).size).toBe(many)
    done('calls that went on at once', many)
  })
})

describe('a cloud that wants a token first', () => {
  let tokens: TokenApi
  beforeEach(async () => {
    tokens = await startTokenApi()
    const auth = clientCredentials(tokens.tokenUrl)
    vault.addService('cloud', `${cloud.url}/v1`, CLOUD.key, { auth: [{ paths: ['* /**'], auth }] })
    putSecret(vault.store, vault.keys, 'cloud', 'client-secret', Buffer.from('a-client-secret'))
  })
  afterEach(() => tokens.server.close())

  test('is as unreachable as its token server', async () => {
    const { post } = await connected({ on: ['unreachable'] })
    await tokens.server.close()
    const call = post()
    expect((await call.head()).headers).toContainEqual(['valet-key-failover', 'unreachable'])
    expect(await call.text()).toContain('from this machine')
    expect(cloud.journal.arrivals).toEqual([])
    expect(await outcomeOf(calls()[0]?.id)).toMatchObject({ result: 'failed', problem: 'token-unreachable' })
  })

  test('is not where that server answers that it does not know the client', async () => {
    const { post } = await connected({ on: ['unreachable', 'timeout'] })
    tokens.refuse = () => ({ error: 'invalid_client' })
    expect(await post().ended()).toMatchObject({ type: 'problem', code: 'credential-unavailable' })
    expect(local.journal.arrivals).toEqual([])
    expect(calls()).toHaveLength(1)
  })
})

describe('does not go on', () => {
  test.each([
    [429, ['unreachable', 'timeout', '5xx']],
    [500, ['unreachable', 'timeout', '429']],
    [404, ['unreachable', 'timeout', '429', '5xx']],
    ['break', ['unreachable', '429', '5xx']],
  ] as const)('on %s where the owner named others', async (behaviour, on) => {
    const { post } = await connected({ on: [...on] })
    cloud.behaviour = behaviour
    const call = post()
    if (typeof behaviour === 'number') {
      expect(await call.head()).toMatchObject({ status: behaviour })
      expect((await call.head()).headers.some(([name]) => name === 'valet-key-failover')).toBe(false)
    } else expect(await call.ended()).toMatchObject({ type: 'problem', code: 'upstream-unreachable' })
    await call.ended()
    expect(local.journal.arrivals).toEqual([])
    expect(calls()).toHaveLength(1)
  })

  test('a connection that broke once the call was sent is no answer, which the owner may name', async () => {
    const { post } = await connected({ on: ['timeout'] })
    cloud.behaviour = 'break'
    const call = post()
    expect((await call.head()).headers).toContainEqual(['valet-key-failover', 'timeout'])
    await call.ended()
  })

  test('to what the site has no live session for: it gets what the first gave, and the log says why', async () => {
    const { post, sessions } = await connected({ on: ['unreachable', '429'] })
    endSession(vault.store, vault.keys, sessions.local.id, 'revoked', Date.now())
    cloud.behaviour = 429
    const answered = post()
    expect(await answered.head()).toMatchObject({ status: 429 })
    expect(await answered.text()).toContain('from the cloud')
    await cloud.close()
    expect(await post().ended()).toMatchObject({ type: 'problem', code: 'upstream-unreachable' })
    const refused = calls().filter(({ kind }) => kind === 'refusal')
    expect(refused).toHaveLength(2)
    for (const each of refused)
      expect(each).toMatchObject({ reason: 'failover-not-granted', capability: 'local', decision: 'deny' })
    expect(local.journal.arrivals).toEqual([])
  })

  test('to a session of another site, or of a frame elsewhere', async () => {
    const { post, sessions } = await connected()
    endSession(vault.store, vault.keys, sessions.local.id, 'revoked', Date.now())
    vault.connect('https://other.example', capability('local'))
    vault.connect(SITE, capability('local'), 3600, 'https://other.example')
    await cloud.close()
    expect(await post().ended()).toMatchObject({ code: 'upstream-unreachable' })
    expect(local.journal.arrivals).toEqual([])
  })

  test.each([
    [
      'what the other’s rules deny',
      'no-rule',
      { rules: [{ effect: 'allow', pattern: 'GET /v1/models' }] },
      {},
    ],
    ['a model that has no name there', 'failover-model', {}, { models: [{ from: 'gpt-4', to: 'qwen' }] }],
    [
      'a model that the other does not list',
      'model-not-listed',
      {},
      { models: [{ from: null, to: 'huge' }] },
    ],
    ['what breaks a condition there', 'body-rule', { body: [{ op: 'absent', pointer: '/n' }] }, {}],
  ] as const)('%s', async (_, reason, changes, wish) => {
    vault.addCapability('local', 'local', [CHAT], { models: ['qwen'], ...structuredClone(changes) } as object)
    const { post } = await connected(structuredClone(wish) as Wish)
    await cloud.close()
    expect(await post().ended()).toMatchObject({ code: 'upstream-unreachable' })
    expect(calls().at(-1)).toMatchObject({ kind: 'refusal', reason, capability: 'local' })
    expect(calls().at(-1)?.insteadOf?.on).toBe('unreachable')
    expect(local.journal.arrivals).toEqual([])
  })

  test('beyond the other’s budget, which alone is charged for what it answers', async () => {
    vault.addCapability('local', 'local', [CHAT], { limits: { maxRequests: 2 } })
    const { post } = await connected({ limits: { maxRequests: 100 } })
    await cloud.close()
    await post().text()
    await post().text()
    expect(await post().ended()).toMatchObject({ code: 'upstream-unreachable' })
    expect(calls().at(-1)).toMatchObject({ kind: 'refusal', reason: 'budget-spent' })
    expect(local.models).toHaveLength(2)
  })

  test('to more calls at a time than the other capability lets', async () => {
    vault.addCapability('local', 'local', [CHAT], { limits: { concurrent: 1 } })
    const { post } = await connected({ on: ['429'], limits: { concurrent: 100 } })
    cloud.behaviour = 429
    local.behaviour = 'stream'
    const first = post()
    expect((await first.head()).status).toBe(200)
    const second = post()
    expect((await second.head()).status).toBe(429)
    await second.ended()
    expect(calls().at(-1)).toMatchObject({
      kind: 'refusal',
      reason: 'concurrency-limited',
      capability: 'local',
    })
    first.cancel()
  })

  test('with a body that is no JSON', async () => {
    const { post } = await connected()
    await cloud.close()
    const call = post('model=gpt-5', {
      headers: [PLACEHOLDER, ['Content-Type', 'application/x-www-form-urlencoded']],
    })
    expect(await call.ended()).toMatchObject({ code: 'upstream-unreachable' })
    expect(calls().at(-1)).toMatchObject({ reason: 'failover-body' })
  })

  test('a second time: the other’s own failover is not taken, and a refused first answer stands', async () => {
    const again: Failover = { capability: 'third', on: ['unreachable', 'timeout'], models: [], wait: null }
    const third = await startChatUpstream(LOCAL.key, 'from a third')
    try {
      vault.addService('third', third.url, LOCAL.key)
      vault.addCapability('third', 'third', [CHAT])
      vault.addCapability('local', 'local', [CHAT], { failover: again })
      const { post } = await connected({ on: ['unreachable', '429'] })
      vault.connect(SITE, capability('third'))
      await local.close()
      cloud.behaviour = 429
      const call = post()
      expect(await call.head()).toMatchObject({ status: 429 })
      expect(await call.text()).toContain('from the cloud')
      expect(third.journal.arrivals).toEqual([])
      expect(await outcomeOf(calls()[0]?.id)).toMatchObject({ result: 'sent', problem: null, status: 429 })
      expect(await outcomeOf(calls()[1]?.id)).toMatchObject({ result: 'failed', problem: 'refused' })
    } finally {
      await third.close()
    }
  })

  test('once the head has been given: an answer that breaks is a cut', async () => {
    const { post } = await connected({ on: ['unreachable', 'timeout', '429', '5xx'] })
    cloud.behaviour = 'stream'
    const call = post()
    await call.head()
    await cloud.close()
    expect(await call.ended()).toMatchObject({ type: 'cut' })
    expect(local.journal.arrivals).toEqual([])
  })
})

describe('ends', () => {
  test('with the page’s cancel, also while the other is asked', async () => {
    const { post } = await connected({ on: ['429'] })
    cloud.behaviour = 429
    local.behaviour = 'hang'
    const call = post()
    await eventually(
      'the local server is asked',
      () => local.journal.calls.length,
      (count) => count === 1,
    )
    call.cancel()
    await eventually(
      'it saw the end',
      () => local.journal.last.outcome,
      (outcome) => outcome === 'cut',
    )
    for (const { id } of calls()) expect(await outcomeOf(id)).toMatchObject({ result: 'cut' })
  })

  test.each(['cloud', 'local'] as const)(
    'with the session of the %s one, while the other answers',
    async (which) => {
      const { post, sessions } = await connected()
      await cloud.close()
      local.behaviour = 'stream'
      const call = post()
      await call.head()
      await eventually(
        'it streams',
        () => call.bytes().length,
        (length) => length > 0,
      )
      endSession(vault.store, vault.keys, sessions[which].id, 'revoked', Date.now())
      expect(await call.ended()).toMatchObject({ type: 'cut', code: 'session-ended' })
      await eventually(
        'it saw the end',
        () => local.journal.last.outcome,
        (outcome) => outcome === 'cut',
      )
    },
  )

  test.each(['cloud', 'local'] as const)('with the session of the %s one, between the two', async (which) => {
    const { post, sessions } = await connected()
    cloud.behaviour = 'hang'
    const call = post()
    await eventually(
      'the cloud is asked',
      () => cloud.journal.calls.length,
      (count) => count === 1,
    )
    endSession(vault.store, vault.keys, sessions[which].id, 'revoked', Date.now())
    // Sent and not answered: it goes on, or would.
    await cloud.close()
    const ended = await call.ended()
    expect(ended).toMatchObject({ code: which === 'cloud' ? 'session-ended' : 'upstream-unreachable' })
    expect(local.journal.arrivals).toEqual([])
  })
})

test('what either service says of either key is taken out of the answer', async () => {
  const { post } = await connected({ on: ['5xx'] })
  cloud.behaviour = 500
  local.echo = ` ${CLOUD.key} and ${LOCAL.key}`
  const text = await post().text()
  expect(text).toContain('[redacted] and [redacted]')
  expect(searchFor([CLOUD, LOCAL], Buffer.from(text), 'the answer')).toEqual([])
})

test('no service can send the header that says so, and where we do it is there once', async () => {
  const { get } = await connected()
  const named = (head: { headers: [string, string][] }) =>
    head.headers.filter(([name]) => name === 'valet-key-failover')
  expect(named(await get('/models').head())).toEqual([])
  await cloud.close()
  expect(named(await get('/models').head())).toEqual([['valet-key-failover', 'unreachable']])
})
