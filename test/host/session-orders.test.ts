import { afterEach, beforeEach, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import type { Session } from '../../shared/model/grant.ts'
import { exampleCapability } from '../support/examples.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/** Taking a revoke back, and more time, ordered of the real host process while calls run. */
const KEY = 'sk-of-the-second-thought'
const SITE = 'https://agent.example'
const HOUR = 3600

let flow: LoopbackServer
let vault: OwnedVault
let host: NativeHost
let session: Session

beforeEach(async () => {
  flow = await startFlowUpstream(KEY)
  vault = await OwnedVault.create()
  vault.addService('flow', `${flow.url}/v1`, KEY)
  vault.addCapability('flow', 'flow', ['GET /v1/**'], { limits: { ttl: 8 * HOUR, maxRequests: 3 } })
  const capability = findCapability(vault.store, vault.keys, 'flow')
  if (capability === null) throw new Error('no capability')
  session = vault.connect(SITE, capability, HOUR)
  host = await NativeHost.start(vault.home)
})
afterEach(async () => {
  await host.close()
  await vault.remove()
  await flow.close()
})

const document = async () => (await host.document({ origin: SITE })).id
/** How a small call ended: `end`, or the code of its problem. */
async function small(of: number): Promise<string> {
  const ended = await host.ask(of, 'GET', `${flow.url}/v1/small`).ended()
  return ended.type === 'end' ? ended.type : ended.code
}
const acts = () =>
  listAudit(vault.store, vault.keys, { limit: 200 })
    .flatMap((each) => (each.kind === 'act' ? [`${each.act} by ${each.by}`] : []))
    .reverse()

test('a revoke cuts at once, and taking it back lets new calls pass while the cut one stays dead', async () => {
  const page = await document()
  const stream = host.ask(page, 'GET', `${flow.url}/v1/clock?every=1`)
  await stream.head()
  await host.order({ name: 'session-revoke', id: session.id })
  expect(await stream.ended()).toMatchObject({ type: 'cut', code: 'session-ended' })
  const got = stream.bytes().length
  expect(await small(page)).toBe('session-ended')

  const again = await host.order({ name: 'session-undo', id: session.id })
  expect(again).toMatchObject({ grant: session.grant, origin: SITE, endedAt: null, requests: 1 })
  expect(again.id).not.toBe(session.id)
  expect(await small(page)).toBe('end')
  expect(stream.bytes().length).toBe(got)
  expect(acts()).toEqual(['session.revoke by extension', 'session.undo by extension'])
})

test('what is taken back has the time and the calls that were left, and not one more', async () => {
  const page = await document()
  expect(await small(page)).toBe('end')
  await host.order({ name: 'session-revoke', id: session.id })
  const again = await host.order({ name: 'session-undo', id: session.id })
  expect(again.expiresAt).toBeLessThanOrEqual(session.expiresAt)
  expect(again.expiresAt).toBeGreaterThan(session.expiresAt - 60_000)
  expect([await small(page), await small(page), await small(page)]).toEqual(['end', 'end', 'budget-spent'])
})

test('is refused twice, for a session that nobody revoked, and for one of a grant that is gone', async () => {
  const undo = (id: string) => host.order({ name: 'session-undo', id })
  await expect(undo(session.id)).rejects.toMatchObject({ code: 'unknown' })
  await expect(undo(crypto.randomUUID())).rejects.toMatchObject({ code: 'unknown' })
  await host.order({ name: 'session-revoke', id: session.id })
  const again = await undo(session.id)
  await expect(undo(session.id)).rejects.toMatchObject({ code: 'exists' })
  await host.order({ name: 'session-revoke', id: again.id })
  await host.order({ name: 'grant-remove', id: session.grant })
  await expect(undo(again.id)).rejects.toMatchObject({ code: 'unknown' })
  expect(await small(await document())).toBe('session-ended')
})

test('more time is the grant’s anew and cuts nothing; what is over gets none', async () => {
  const stream = host.ask(await document(), 'GET', `${flow.url}/v1/clock?every=1`)
  await stream.head()
  const longer = await host.order({ name: 'session-extend', id: session.id })
  expect(longer.id).toBe(session.id)
  expect(longer.expiresAt).toBeGreaterThanOrEqual(session.expiresAt)
  expect(longer.expiresAt).toBeLessThanOrEqual(Date.now() + HOUR * 1000)
  const got = stream.bytes().length
  await host.next((frame) => frame.type === 'chunk' && frame.id === stream.id && stream.bytes().length > got)
  await host.order({ name: 'session-revoke', id: session.id })
  await stream.ended()
  await expect(host.order({ name: 'session-extend', id: session.id })).rejects.toMatchObject({
    code: 'unknown',
  })
  expect(acts()).toEqual(['session.extend by extension', 'session.revoke by extension'])
})

test('why a site was last refused is told until one of its calls passes', async () => {
  const page = await document()
  const why = () => host.order({ name: 'site-refusal', topOrigin: SITE })
  expect(await why()).toBeNull()
  await host.ask(page, 'DELETE', `${flow.url}/v1/small?key=secret`).ended()
  expect(await why()).toMatchObject({
    origin: SITE,
    method: 'DELETE',
    path: '/v1/small',
    reason: 'no-rule',
    rule: null,
    capability: 'flow',
  })
  expect(await host.order({ name: 'site-refusal', topOrigin: 'https://other.example' })).toBeNull()
  expect(await small(page)).toBe('end')
  expect(await why()).toBeNull()
})

test('each reason is told as its owner knows it: a denied rule, a model, a spent budget, a pause, the end', async () => {
  const rules = exampleCapability(['deny GET /v1/bytes', 'allow GET,POST /v1/**']).rules
  vault.addCapability('flow', 'flow', [], { rules, models: ['small-model'], limits: { maxRequests: 1 } })
  const page = await document()
  const refused = async (method: string, path: string, body?: string) => {
    const headers: [string, string][] = body === undefined ? [] : [['content-type', 'application/json']]
    const call = { headers, ...(body === undefined ? {} : { body }) }
    expect(await host.ask(page, method, `${flow.url}/v1/${path}`, call).ended()).toMatchObject({
      type: 'problem',
    })
    return (await host.order({ name: 'site-refusal', topOrigin: SITE }))?.reason
  }
  expect(await refused('GET', 'bytes')).toBe('rule-deny')
  expect(await refused('POST', 'small', '{"model":"large-model"}')).toBe('model-not-listed')
  await host.order({ name: 'vault-pause' })
  expect(await refused('GET', 'small')).toBe('vault-paused')
  await host.order({ name: 'vault-resume' })
  expect(await small(page)).toBe('end')
  expect(await refused('GET', 'small')).toBe('budget-spent')
  await host.order({ name: 'session-revoke', id: session.id })
  expect(await refused('GET', 'small')).toBe('session-ended')
})
