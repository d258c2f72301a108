import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { putGrant } from '../../native-host/store/grants.ts'
import type { CapabilityEdit } from '../../shared/model/capability-edit.ts'
import type { Session } from '../../shared/model/grant.ts'
import { GRANTS_PER_PAGE } from '../../shared/protocol/limits.ts'
import { times } from '../support/hard.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { type LoopbackServer, startLoopbackServer } from '../support/upstreams/loopback-server.ts'

/** What an owner orders about capabilities in the control room, of the real host process. */
vi.setConfig({ testTimeout: times(60_000, 300_000) })

const SITE = 'https://agent.example'
const DIGEST = '0'.repeat(64)

let server: LoopbackServer
let reached: string[]
let vault: OwnedVault
let host: NativeHost
let document: number
let session: Session

beforeAll(async () => {
  server = await startLoopbackServer((request, response) => {
    reached.push(`${request.method} ${request.url}`)
    response.end('{}')
  })
})
afterAll(() => server.close())
beforeEach(async () => {
  reached = []
  vault = await OwnedVault.create()
  vault.addService('api', server.url, 'sk-orders-0123456789', { credentialMinting: ['POST /v1/keys'] })
  vault.addCapability('chat', 'api', ['* /v1/**'], { models: null })
  const capability = findCapability(vault.store, vault.keys, 'chat')
  if (capability === null) throw new Error('no capability')
  session = vault.connect(SITE, capability)
  host = await NativeHost.start(vault.home)
  document = (await host.document({ origin: SITE })).id
})
afterEach(async () => {
  await host.close()
  await vault.remove()
})

const rules = (...texts: string[]): CapabilityEdit => ({
  rules: texts.map((text) => {
    const [effect = '', ...rest] = text.split(' ')
    return { effect: effect as 'allow', pattern: rest.join(' ') }
  }),
})
const preview = (edit: CapabilityEdit) => host.order({ name: 'capability-preview', id: 'chat', edit })
const stored = () => findCapability(vault.store, vault.keys, 'chat')
const acts = () =>
  listAudit(vault.store, vault.keys, { limit: 500 }).flatMap((each) =>
    each.kind === 'act' ? [each.act] : [],
  )

/** How a call of the site ended: its status, or the code of its problem. */
async function called(method: string, path: string, body?: string): Promise<number | string> {
  const call = host.ask(document, method, server.url + path, body === undefined ? {} : { body })
  const ended = await call.ended()
  return ended.type === 'end' ? (await call.head()).status : ended.code
}

describe('an owner who asks what would be decided', () => {
  test('hears the rule and the reason, and nothing is sent or written down', async () => {
    const explain = (method: string, path: string, part: { edit?: CapabilityEdit; body?: string } = {}) =>
      host.order({ name: 'explain', capability: 'chat', method, url: server.url + path, ...part })
    const before = listAudit(vault.store, vault.keys, { limit: 500 }).length
    expect(await explain('GET', '/v1/models')).toMatchObject({
      decision: 'allow',
      reason: 'rule-allow',
      rule: '* /v1/**',
      request: { method: 'GET', url: `${server.url}/v1/models` },
    })
    expect(await explain('POST', '/v1/keys')).toMatchObject({
      decision: 'deny',
      reason: 'credential-minting',
    })
    expect(await explain('GET', '/v2')).toMatchObject({ decision: 'deny', reason: 'no-rule', rule: null })
    expect(await explain('FLY', '/v1/x')).toMatchObject({ decision: 'deny', reason: 'method-unknown' })
    const asks = rules('ask GET /v1/models')
    expect(await explain('GET', '/v1/models', { edit: asks })).toMatchObject({ decision: 'ask' })
    const models = { edit: { models: ['small'] } }
    const naming = (model: string) =>
      explain('POST', '/v1/chat', { ...models, body: JSON.stringify({ model }) })
    expect(await naming('small')).toMatchObject({ decision: 'allow' })
    expect(await naming('large')).toMatchObject({ decision: 'deny', reason: 'model-not-listed' })
    expect(JSON.stringify(await explain('GET', '/v1/models'))).not.toContain('sk-orders')
    expect(reached).toEqual([])
    expect(listAudit(vault.store, vault.keys, { limit: 500 })).toHaveLength(before)
  })

  test('is refused what makes no sense', async () => {
    const code = (order: Promise<unknown>) =>
      order.then(
        () => 'done',
        (refusal) => refusal.code,
      )
    const call = { method: 'GET', url: `${server.url}/v1/x` }
    expect(await code(host.order({ name: 'explain', capability: 'nobody', ...call }))).toBe('unknown')
    const edit = rules('allow everything')
    expect(await code(host.order({ name: 'explain', capability: 'chat', edit, ...call }))).toBe('invalid')
    expect(await code(preview({ limits: { maxCost: 5 } }))).toBe('invalid')
    expect(await code(host.order({ name: 'capability-tighten', id: 'chat' }))).toBe('invalid')
  })
})

describe('a change', () => {
  test('is shown with what it would have done to recorded calls, and binds the next call once it is saved', async () => {
    expect(await called('GET', '/v1/models')).toBe(200)
    expect(await called('POST', '/v1/files', '{}')).toBe(200)
    const edit = { ...rules('allow GET /v1/**'), limits: { maxRequests: 50 } }
    const shown = await preview(edit)
    expect(shown).toMatchObject({
      widens: false,
      differences: [
        { kind: 'rule', pattern: '* /v1/**', was: 'allow', now: null, opens: false },
        { kind: 'rule', pattern: 'GET /v1/**', was: null, now: 'allow', opens: false },
        { kind: 'limit', name: 'maxRequests', was: null, now: 50, opens: false },
      ],
      replay: {
        calls: 2,
        changed: [{ method: 'POST', url: `${server.url}/v1/files`, was: 'allow', now: 'deny', count: 1 }],
      },
    })
    expect(stored()?.rules).toHaveLength(1)
    expect(await called('POST', '/v1/files', '{}')).toBe(200)
    await host.order({ name: 'capability-update', id: 'chat', edit, digest: shown.digest })
    expect(await called('POST', '/v1/files', '{}')).toBe('denied')
    expect(await called('GET', '/v1/models')).toBe(200)
    expect(stored()?.limits.maxRequests).toBe(50)
    expect(acts().filter((act) => act === 'capability.update')).toHaveLength(1)
  })

  test('that allows more is saved only where that is said', async () => {
    const edit = rules('allow * /v1/**', 'allow GET /v2/**')
    const { digest, widens } = await preview(edit)
    expect(widens).toBe(true)
    const update = { name: 'capability-update', id: 'chat', edit, digest } as const
    await expect(host.order(update)).rejects.toMatchObject({ code: 'invalid' })
    expect(await called('GET', '/v2/x')).toBe('denied')
    await host.order({ ...update, widen: true })
    expect(await called('GET', '/v2/x')).toBe(200)
  })

  test('is not saved where it is another than was shown, or the capability is another by now', async () => {
    const edit = rules('allow GET /v1/**')
    const { digest } = await preview(edit)
    const save = (part: object) =>
      host.order({ name: 'capability-update', id: 'chat', edit, digest, widen: true, ...part })
    await expect(save({ digest: DIGEST })).rejects.toMatchObject({ code: 'unknown' })
    await expect(save({ edit: rules('allow * /**') })).rejects.toMatchObject({ code: 'unknown' })
    const other = { limits: { maxRequests: 9 } }
    const between = await preview(other)
    await host.order({ name: 'capability-update', id: 'chat', edit: other, digest: between.digest })
    await expect(save({})).rejects.toMatchObject({ code: 'unknown' })
    expect(stored()).toMatchObject({ rules: [{ pattern: '* /v1/**' }], limits: { maxRequests: 9 } })
  })

  test('that is proposed leaves what was used and nothing else', async () => {
    await called('GET', '/v1/items/17')
    await called('GET', '/v1/models')
    const { edit, digest, widens, replay } = await host.order({ name: 'capability-tighten', id: 'chat' })
    expect({ widens, changed: replay.changed }).toEqual({ widens: false, changed: [] })
    expect(edit.rules?.map(({ pattern }) => pattern)).toEqual(['GET /v1/items/*?', 'GET /v1/models?'])
    await host.order({ name: 'capability-update', id: 'chat', edit, digest })
    expect(await called('GET', '/v1/items/18')).toBe(200)
    expect(await called('POST', '/v1/items/18', '{}')).toBe('denied')
  })

  test('that removes it ends its sessions and takes its grants', async () => {
    await host.order({ name: 'capability-remove', id: 'chat' })
    expect(await called('GET', '/v1/models')).not.toBe(200)
    expect(reached).toEqual([])
    expect(await host.order({ name: 'grant-list' })).toEqual([])
    const [ended] = await host.order({ name: 'session-list' })
    expect(ended).toMatchObject({ id: session.id, endReason: 'removed' })
  })
})

describe('grants', () => {
  test('come by pages, each once, however many there are', async () => {
    const count = 2 * GRANTS_PER_PAGE + 7
    const grant = { topOrigin: SITE, capability: 'chat', ttl: 60, createdAt: 1, askWrites: false }
    vault.store.transaction(() => {
      for (let at = 0; at < count; at += 1) {
        const origin = `https://${'a'.repeat(60)}.${'b'.repeat(60)}.site-${at}.example`
        putGrant(vault.store, vault.keys, { ...grant, id: crypto.randomUUID(), origin })
      }
    })
    const sizes: number[] = []
    const ids = new Set<string>()
    for (let after: string | undefined; sizes.at(-1) !== 8; ) {
      const page = await host.order({ name: 'grant-list', ...(after === undefined ? {} : { after }) })
      sizes.push(page.length)
      for (const { id } of page) ids.add(id)
      after = page.at(-1)?.id
    }
    expect(sizes).toEqual([GRANTS_PER_PAGE, GRANTS_PER_PAGE, 8])
    expect(ids.size).toBe(count + 1)
  })

  test('tell when they were last used: by a session, and by the log where that is gone', async () => {
    expect((await host.order({ name: 'grant-use' })).uses).toEqual([])
    const before = Date.now()
    await called('GET', '/v1/models')
    const { uses, since } = await host.order({ name: 'grant-use' })
    expect(uses).toMatchObject([{ grant: session.grant }])
    expect(uses[0]?.at).toBeGreaterThanOrEqual(before)
    expect(since).toBeLessThan(before - 31 * 86_400_000)
    vault.store.run('DELETE FROM sessions')
    const fromLog = (await host.order({ name: 'grant-use' })).uses
    expect(fromLog).toMatchObject([{ grant: session.grant }])
    expect(fromLog[0]?.at).toBeGreaterThanOrEqual(before)
  })
})
