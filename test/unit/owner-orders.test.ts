import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordIntent } from '../../native-host/audit/permit.ts'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { recordOutcome } from '../../native-host/audit/write-audit.ts'
import { serviceByHand } from '../../native-host/cli/service-by-hand.ts'
import { add as addCapability } from '../../native-host/owner/capabilities.ts'
import { explainerFor } from '../../native-host/owner/explain.ts'
import * as grants from '../../native-host/owner/grants.ts'
import type { CommandContext } from '../../native-host/owner/run-command.ts'
import { runCommand } from '../../native-host/owner/run-command.ts'
import * as services from '../../native-host/owner/services.ts'
import * as sessions from '../../native-host/owner/sessions.ts'
import { References } from '../../native-host/references/references.ts'
import { Refusal } from '../../native-host/refusal.ts'
import { isLive } from '../../native-host/sessions/session-life.ts'
import { listGrants } from '../../native-host/store/grants.ts'
import { listSecretNames, listServices } from '../../native-host/store/services.ts'
import { aCapability, callRecord, openVault, outcomeRecord, type VaultFixture } from './vault-fixture.ts'

const KEY = 'sk-canary-0123456789abcdef'
const ORIGIN = 'https://site.example'
const bytes = (text: string) => new TextEncoder().encode(text)

let vault: VaultFixture
let context: CommandContext

beforeEach(() => {
  vault = openVault()
  context = {
    store: vault.store,
    keys: vault.keys,
    now: Date.now,
    by: 'extension',
    inFlight: () => 2,
    host: 'this-host',
    references: new References(() => Promise.reject(new Error('fetched'))),
    // No order of these tests may send anything.
    upstream: {
      send: () => Promise.reject(new Error('sent')),
      close: () => Promise.resolve(),
    } as unknown as CommandContext['upstream'],
  }
})
afterEach(() => vault.remove())

const addOpenAi = (capabilities: string[] = []) =>
  runCommand(
    { name: 'service-add', id: 'oai', preset: 'openai', secrets: { token: KEY }, capabilities },
    context,
  )

const byHand = (secrets: ReadonlyMap<string, Uint8Array>) =>
  services.addByHand(
    context,
    serviceByHand('hand', [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }], {
      baseUrl: ['https://api.example'],
    }),
    secrets,
  )

/** The refusal code of what `work` throws, every kind of refusal included; `nothing` where it throws nothing. */
function refusalOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
  return 'nothing'
}

const acts = () =>
  listAudit(vault.store, vault.keys, { limit: 100 }).flatMap((record) =>
    record.kind === 'act' ? [record.act] : [],
  )

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    return refusalOf(() => {
      throw error
    })
  }
  return 'nothing'
}

describe('services', () => {
  test('one from the catalogue comes with the capabilities that were chosen, and all of it is in the audit', async () => {
    expect(await addOpenAi(['openai-chat'])).toMatchObject({
      id: 'oai',
      preset: 'openai',
      secrets: ['token'],
      capabilities: ['oai-openai-chat'],
    })
    expect(acts()).toEqual(['capability.add', 'service.add'])
    expect(verifyAudit(vault.store, vault.keys)).toMatchObject({ ok: true })
  })

  test('nothing is saved of one that is refused', async () => {
    expect(await codeOf(addOpenAi(['no-such-capability']))).toBe('unknown')
    expect(refusalOf(() => byHand(new Map([['token', bytes(`${KEY}\n`)]])))).toBe('invalid')
    expect(refusalOf(() => byHand(new Map()))).toBe('secret-missing')
    expect(refusalOf(() => byHand(new Map([['other', bytes(KEY)]])))).toBe('invalid')
    expect(listServices(vault.store, vault.keys)).toEqual([])
    expect(acts()).toEqual([])
  })

  test('a name can be used once', async () => {
    await addOpenAi()
    expect(await codeOf(addOpenAi())).toBe('exists')
  })

  test('a template wants a base URL, and a base URL must be one', async () => {
    const add = (baseUrls?: string[]) =>
      runCommand(
        {
          name: 'service-add',
          id: 'x',
          preset: 'openai-compatible',
          secrets: { token: KEY },
          capabilities: [],
          ...(baseUrls === undefined ? {} : { baseUrls }),
        },
        context,
      )
    expect(await codeOf(add())).toBe('invalid')
    expect(await codeOf(add(['not a url']))).toBe('invalid')
    expect(await codeOf(add(['http://api.example/v1']))).toBe('invalid')
    expect(await codeOf(add(['https://user:pass@api.example/v1']))).toBe('invalid')
    expect(await codeOf(add(['https://api.example/v1']))).toBe('nothing')
  })

  test('a service that can do without a key is kept without one', async () => {
    const jan = await runCommand(
      { name: 'service-add', id: 'jan', preset: 'jan', secrets: {}, capabilities: [] },
      context,
    )
    expect(jan).toMatchObject({ secrets: [], local: true })
  })

  const addLocal = (baseUrl: string, local?: { address: string | null }) =>
    runCommand(
      {
        name: 'service-add',
        id: 'x',
        preset: 'openai-compatible',
        baseUrls: [baseUrl],
        secrets: {},
        capabilities: ['oai-chat'],
        ...(local === undefined ? {} : { local }),
      },
      context,
    )

  test.each(['http://127.0.0.1:1234/v1', 'https://192.168.1.4/v1', 'http://[fd00::1]:8080/v1'])(
    '%s is a service only once the owner declared it local',
    async (baseUrl) => {
      await expect(addLocal(baseUrl)).rejects.toThrow(/declare the service local \(`--local`\)/)
      expect(listServices(vault.store, vault.keys)).toEqual([])
      expect(await addLocal(baseUrl, { address: null })).toMatchObject({ local: true, secrets: [] })
      expect(listServices(vault.store, vault.keys)).toMatchObject([
        { local: { address: null }, auth: [{ auth: { kind: 'none' } }] },
      ])
    },
  )

  test('a name for this machine is refused with what to write, declared local or not', async () => {
    await expect(addLocal('http://localhost:1234/v1')).rejects.toThrow(/`127\.0\.0\.1`/)
    await expect(addLocal('http://localhost:1234/v1', { address: null })).rejects.toThrow(
      /give the one address/,
    )
  })

  test('declaring a service local lets it be nowhere else', async () => {
    expect(await codeOf(addLocal('https://8.8.8.8/v1', { address: null }))).toBe('invalid')
    expect(await codeOf(addLocal('https://169.254.169.254/v1', { address: null }))).toBe('invalid')
    expect(await codeOf(addLocal('https://api.example/v1', { address: null }))).toBe('invalid')
  })

  test('a key is replaced by an order that answers without it', async () => {
    await addOpenAi()
    const newKey = 'sk-another-canary-9876543210'
    const order = { name: 'service-rotate', id: 'oai' } as const
    const rotated = await runCommand({ ...order, secrets: { token: newKey } }, context)
    expect(rotated).toMatchObject({ id: 'oai', secrets: ['token'] })
    expect(JSON.stringify(rotated)).not.toContain(newKey)
    expect(acts()[0]).toBe('service.rotate')
    expect(await codeOf(runCommand({ ...order, secrets: {} }, context))).toBe('secret-missing')
    expect(await codeOf(runCommand({ ...order, secrets: { token: '' } }, context))).toBe('invalid')
    expect(await codeOf(runCommand({ ...order, secrets: { other: KEY } }, context))).toBe('invalid')
  })

  test('rotating wants a secret that the service has', () => {
    byHand(new Map([['token', bytes(KEY)]]))
    expect(refusalOf(() => services.rotate(context, 'hand', new Map()))).toBe('secret-missing')
    expect(refusalOf(() => services.rotate(context, 'hand', new Map([['value', bytes(KEY)]])))).toBe(
      'invalid',
    )
    expect(refusalOf(() => services.rotate(context, 'nope', new Map([['token', bytes(KEY)]])))).toBe(
      'unknown',
    )
    services.rotate(context, 'hand', new Map([['token', bytes('sk-another-0123456789')]]))
    expect(listSecretNames(vault.store, vault.keys, 'hand')).toEqual(['token'])
    expect(acts()[0]).toBe('service.rotate')
  })

  test('removing one removes its capabilities, their grants and their sessions', async () => {
    await addOpenAi(['openai-chat'])
    const { session } = grants.add(context, {
      origin: ORIGIN,
      topOrigin: ORIGIN,
      capability: 'oai-openai-chat',
    })
    await runCommand({ name: 'service-remove', id: 'oai' }, context)
    expect(await runCommand({ name: 'capability-list' }, context)).toEqual([])
    expect(listGrants(vault.store, vault.keys)).toEqual([])
    const ended = sessions.summaries(context).find((each) => each.id === session.id)
    expect(ended?.endReason).toBe('removed')
    expect(await codeOf(runCommand({ name: 'service-remove', id: 'oai' }, context))).toBe('unknown')
  })

  test('no answer and no act holds a key', async () => {
    const answers = [
      await addOpenAi(['openai-chat']),
      await runCommand({ name: 'service-list' }, context),
      await runCommand({ name: 'audit-list', limit: 100 }, context),
    ]
    expect(JSON.stringify(answers)).not.toContain(KEY)
  })
})

describe('capabilities', () => {
  beforeEach(() => addOpenAi())

  test('one for a service there is not is refused, and so is a rule that cannot be read', () => {
    const draft = aCapability({}, { id: 'c', service: 'oai' })
    expect(refusalOf(() => addCapability(context, { ...draft, service: 'nope' }))).toBe('unknown')
    const rules = [{ effect: 'allow' as const, pattern: 'FETCH /x' }]
    expect(refusalOf(() => addCapability(context, { ...draft, rules }))).toBe('invalid')
    expect(refusalOf(() => addCapability(context, { ...draft, id: 'Not A Name' }))).toBe('invalid')
    addCapability(context, draft)
    expect(refusalOf(() => addCapability(context, draft))).toBe('exists')
  })

  test('explaining leaves no trace and needs no secret', () => {
    addCapability(
      context,
      aCapability({}, { id: 'c', service: 'oai', rules: [{ effect: 'allow', pattern: 'GET /v1/x' }] }),
    )
    const before = acts().length
    const ask = explainerFor(context, 'c')
    const claimed = (url: string) => ({
      method: 'GET',
      url,
      headers: [['authorization', KEY]] as [string, string][],
    })
    expect(ask(claimed('https://api.openai.com/v1/x'), null)).toMatchObject({
      decision: 'allow',
      rule: 'GET /v1/x',
    })
    expect(ask(claimed('https://api.openai.com/v1/y'), null)).toMatchObject({
      decision: 'deny',
      reason: 'no-rule',
    })
    expect(JSON.stringify(ask(claimed('https://api.openai.com/v1/x'), null))).not.toContain(KEY)
    expect(acts()).toHaveLength(before)
    expect(refusalOf(() => explainerFor(context, 'nope'))).toBe('unknown')
  })
})

describe('grants and sessions', () => {
  beforeEach(() => addOpenAi(['openai-chat']))
  const connect = (ttl: number, origin = ORIGIN) =>
    runCommand({ name: 'connect', origin, topOrigin: origin, capability: 'oai-openai-chat', ttl }, context)

  test('connecting makes a grant and a live session with its names', async () => {
    const summary = await connect(60)
    expect(summary).toMatchObject({
      origin: ORIGIN,
      service: 'oai',
      serviceLabel: 'OpenAI',
      inFlight: 2,
      lastCall: null,
    })
    expect(listGrants(vault.store, vault.keys)).toHaveLength(1)
  })

  test('connecting again keeps the grant, and the shorter time counts', async () => {
    await connect(3600)
    const again = (await connect(60)) as { id: string; expiresAt: number }
    expect(listGrants(vault.store, vault.keys)).toHaveLength(1)
    const live = sessions.summaries(context).filter((each) => isLive(each, Date.now()))
    expect(live.map((each) => each.id)).toEqual([again.id])
    expect(again.expiresAt).toBeLessThanOrEqual(Date.now() + 60_000)
  })

  test('no session outlives the limit of its capability', async () => {
    const summary = (await connect(30 * 86_400)) as { expiresAt: number }
    expect(summary.expiresAt).toBeLessThanOrEqual(Date.now() + 8 * 3_600_000)
  })

  test('a capability that there is not cannot be granted, and an origin must be one', () => {
    const add = (origin: string, capability = 'oai-openai-chat') =>
      refusalOf(() => grants.add(context, { origin, topOrigin: ORIGIN, capability }))
    expect(add(ORIGIN, 'nope')).toBe('unknown')
    for (const origin of ['https://a.example/', 'a.example', 'null', 'file:///x', 'https://a.example/x']) {
      expect(add(origin)).toBe('invalid')
    }
  })

  test('removing a grant ends its sessions', async () => {
    await connect(60)
    const [grant] = listGrants(vault.store, vault.keys)
    await runCommand({ name: 'grant-remove', id: grant?.id ?? '' }, context)
    expect(sessions.summaries(context).filter((each) => isLive(each, Date.now()))).toEqual([])
    expect(await codeOf(runCommand({ name: 'grant-remove', id: grant?.id ?? '' }, context))).toBe('unknown')
  })

  test('revoking ends one, an origin or all, and says how many', async () => {
    const one = (await connect(60)) as { id: string }
    await connect(60, 'https://b.example')
    await connect(60, 'https://c.example')
    const revoke = (order: { id?: string; origin?: string; all?: true }) =>
      runCommand({ name: 'session-revoke', ...order }, context)
    expect(await revoke({ id: one.id })).toEqual({ revoked: 1 })
    expect(await revoke({ id: one.id })).toEqual({ revoked: 0 })
    expect(await revoke({ origin: 'https://b.example' })).toEqual({ revoked: 1 })
    expect(await revoke({ all: true })).toEqual({ revoked: 1 })
    expect(acts().filter((act) => act === 'session.revoke')).toHaveLength(3)
  })

  test('an order that names nothing, or two things, ends nothing', async () => {
    await connect(60)
    expect(await codeOf(runCommand({ name: 'session-revoke' }, context))).toBe('malformed')
    const two = { name: 'session-revoke', all: true, origin: ORIGIN } as const
    expect(await codeOf(runCommand(two, context))).toBe('malformed')
    expect(sessions.summaries(context).filter((each) => isLive(each, Date.now()))).toHaveLength(1)
  })

  test('a session shows its last call with the status it got', async () => {
    const { id } = (await connect(60)) as { id: string }
    const { store, keys } = vault
    const [capability] = (await runCommand({ name: 'capability-list' }, context)) as [
      Parameters<typeof recordIntent>[2]['capability'],
    ]
    const send = (path: string) => {
      const record = callRecord({
        capability: 'oai-openai-chat',
        service: 'oai',
        session: id,
        at: Date.now(),
        url: `https://api.openai.com${path}`,
      })
      const permit = recordIntent(store, keys, {
        session: id,
        capability,
        now: Date.now(),
        record: { ...record, kind: 'intent' },
      })
      if ('refused' in permit) throw new Error(permit.refused)
      const outcome = outcomeRecord({ intent: permit.auditId, at: Date.now(), status: 201, responseBytes: 5 })
      recordOutcome(store, keys, outcome, id)
    }
    send('/v1/first')
    send('/v1/second')
    const [summary] = sessions.summaries(context)
    expect(summary).toMatchObject({
      requests: 2,
      lastCall: { method: 'GET', path: '/v1/second', status: 201 },
    })
  })
})
