import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import type { CapabilityEdit } from '../../shared/model/capability-edit.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { type ChatUpstream, startChatUpstream } from '../support/upstreams/chat-upstream.ts'

/** What an owner changes in the control room of where calls go on, of bodies and of the budget's period. */
const SITE = 'https://chat.example'
const CHAT = 'POST /v1/chat/completions'
const GOING_ON = {
  capability: 'local',
  on: ['unreachable'],
  models: [{ from: 'gpt-5', to: 'qwen' }],
  wait: null,
} satisfies CapabilityEdit['failover']

let cloud: ChatUpstream
let local: ChatUpstream
let vault: OwnedVault
let host: NativeHost
let document: number

beforeEach(async () => {
  cloud = await startChatUpstream('sk-cloud-0123456789', 'from the cloud')
  local = await startChatUpstream('sk-local-0123456789', 'from this machine')
  vault = await OwnedVault.create()
  vault.addService('cloud', cloud.url, 'sk-cloud-0123456789')
  vault.addService('local', local.url, 'sk-local-0123456789')
  vault.addCapability('cloud', 'cloud', [CHAT])
  vault.addCapability('local', 'local', [CHAT], { models: ['qwen'] })
  vault.addCapability('listing', 'local', ['GET /v1/models'])
  vault.addCapability('same', 'cloud', [CHAT])
  for (const id of ['cloud', 'local']) vault.connect(SITE, capability(id))
  host = await NativeHost.start(vault.home)
  document = (await host.document({ origin: SITE })).id
})
afterEach(async () => {
  await host.close()
  await vault.remove()
  await Promise.all([cloud.close(), local.close()])
})

function capability(id: string) {
  const found = findCapability(vault.store, vault.keys, id)
  if (found === null) throw new Error(`no capability ${id}`)
  return found
}

const preview = (edit: CapabilityEdit, id = 'cloud') => host.order({ name: 'capability-preview', id, edit })
const save = async (edit: CapabilityEdit) => {
  const { digest, widens } = await preview(edit)
  const widen = widens ? { widen: true as const } : {}
  return host.order({ name: 'capability-update', id: 'cloud', edit, digest, ...widen })
}

/** The text of the answer to a chat, or the code of its problem. */
async function asked(body: object = { model: 'gpt-5', n: 1 }): Promise<string> {
  const headers: [string, string][] = [['Content-Type', 'application/json']]
  const url = `${cloud.url}/v1/chat/completions`
  const call = host.ask(document, 'POST', url, { headers, body: JSON.stringify(body) })
  const ended = await call.ended()
  return ended.type === 'end' ? call.text() : ended.code
}

describe('an owner who lets calls go on elsewhere', () => {
  test('is offered what is for the same kind of API, of another service, and hears what a draft would do', async () => {
    expect(await host.order({ name: 'capability-failovers', id: 'cloud' })).toEqual(['local'])
    expect(await host.order({ name: 'capability-failovers', id: 'listing' })).toEqual([])
    await expect(host.order({ name: 'capability-failovers', id: 'nobody' })).rejects.toMatchObject({
      code: 'unknown',
    })
    const call = { name: 'explain', capability: 'cloud', method: 'POST' } as const
    const where = { url: `${cloud.url}/v1/chat/completions`, body: '{"model":"gpt-5"}' }
    const explained = await host.order({ ...call, ...where, edit: { failover: GOING_ON } })
    expect(explained.failover).toMatchObject({ capability: 'local', decision: 'allow' })
    expect((await host.order({ ...call, ...where })).failover).toBeUndefined()
    vault.addCapability('local', 'local', [CHAT], { failover: { ...GOING_ON, capability: 'cloud' } })
    // A circle.
    expect(await host.order({ name: 'capability-failovers', id: 'cloud' })).toEqual([])
  })

  test('is shown that it opens, and the next call goes on once that is said; taken away, none does', async () => {
    await cloud.close()
    expect(await asked()).toBe('upstream-unreachable')
    const edit = { failover: GOING_ON }
    const { digest, widens, differences } = await preview(edit)
    expect(widens).toBe(true)
    expect(differences).toEqual([{ kind: 'failover', was: null, now: GOING_ON, opens: true }])
    const update = { name: 'capability-update', id: 'cloud', edit, digest } as const
    await expect(host.order(update)).rejects.toMatchObject({ code: 'invalid' })
    expect(await asked()).toBe('upstream-unreachable')
    await host.order({ ...update, widen: true })
    expect(await asked()).toContain('from this machine')
    expect(local.models).toEqual(['qwen'])
    await expect(host.order({ ...update, widen: true })).rejects.toMatchObject({ code: 'unknown' })
    const end = { failover: null }
    const ending = await preview(end)
    expect(ending).toMatchObject({
      widens: false,
      differences: [{ kind: 'failover', now: null, opens: false }],
    })
    await host.order({ name: 'capability-update', id: 'cloud', edit: end, digest: ending.digest })
    expect(await asked()).toBe('upstream-unreachable')
    expect(capability('cloud')).not.toHaveProperty('failover')
    const acts = listAudit(vault.store, vault.keys, { limit: 500 })
    expect(acts.filter((each) => each.kind === 'act' && each.act === 'capability.update')).toHaveLength(2)
  })

  test('is refused what cannot be, with the sentence that the command says', async () => {
    const refused: [CapabilityEdit['failover'], string, RegExp][] = [
      [{ ...GOING_ON, capability: 'nobody' }, 'unknown', /no capability `nobody`/],
      [{ ...GOING_ON, capability: 'cloud' }, 'invalid', /its own failover/],
      [{ ...GOING_ON, capability: 'same' }, 'invalid', /for the same service/],
      [{ ...GOING_ON, capability: 'listing', models: [] }, 'invalid', /allows none of the calls/],
      [{ ...GOING_ON, models: [{ from: null, to: 'huge' }] }, 'invalid', /does not allow the model `huge`/],
      [{ ...GOING_ON, wait: 5 }, 'invalid', /goes with `timeout`/],
      [{ ...GOING_ON, on: ['429', '429'] }, 'invalid', /stands there twice/],
    ]
    for (const [failover, code, message] of refused) {
      const refusal = { code, message: expect.stringMatching(message) }
      await expect(preview({ failover })).rejects.toMatchObject(refusal)
    }
    expect(capability('cloud').failover).toBeUndefined()
  })

  test('whose other capability is gone can still change the rest, by ending it', async () => {
    await save({ failover: GOING_ON })
    await host.order({ name: 'capability-remove', id: 'local' })
    await expect(preview({ limits: { maxRequests: 5 } })).rejects.toMatchObject({ code: 'unknown' })
    await save({ limits: { maxRequests: 5 }, failover: null })
    expect(capability('cloud').limits.maxRequests).toBe(5)
  })
})

describe('an owner who changes conditions and the period', () => {
  test('binds the next call by them, and the other parts stay', async () => {
    const body = [{ op: '<=' as const, pointer: '/n', limit: 1 }]
    expect(await asked({ model: 'gpt-5', n: 4 })).toContain('from the cloud')
    const { widens } = await preview({ body })
    expect(widens).toBe(false)
    await save({ body, limits: { period: 'week', maxTokens: 1000 } })
    expect(await asked({ model: 'gpt-5', n: 4 })).toBe('denied')
    expect(await asked()).toContain('from the cloud')
    expect(capability('cloud')).toMatchObject({ body, limits: { period: 'week', maxTokens: 1000 } })
    const [budget] = (await host.order({ name: 'budget-list' })).filter((each) => each.capability === 'cloud')
    expect(budget).toMatchObject({ period: 'week', tokens: { spent: 3 } })
    // What is not named stays.
    await save({ limits: { maxRequests: 50 } })
    expect(capability('cloud').limits.period).toBe('week')
    expect((await preview({ limits: { period: 'day' } })).widens).toBe(true)
    expect((await preview({ body: [] })).widens).toBe(true)
    const absent = { op: 'absent' as const, pointer: '/n' }
    const impossible: CapabilityEdit['body'][] = [
      [{ op: 'in', pointer: '/n', values: [] }],
      [{ ...absent, pointer: 'n' }],
      [absent, { op: 'present', pointer: '/n' }],
    ]
    for (const each of impossible)
      await expect(preview({ body: each })).rejects.toMatchObject({ code: 'invalid' })
    expect(capability('cloud').body).toEqual(body)
  })
})
