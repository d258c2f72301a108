import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { adoptChanges } from '../../native-host/owner/adopt-changes.ts'
import type { OwnerContext } from '../../native-host/owner/context.ts'
import { explainerFor } from '../../native-host/owner/explain.ts'
import { previewUpdate } from '../../native-host/owner/preset-update.ts'
import { addFromPreset, listSummaries } from '../../native-host/owner/services.ts'
import { putCapability, removeCapability } from '../../native-host/store/capabilities.ts'
import { putService } from '../../native-host/store/services.ts'
import type { BodyRule } from '../../shared/model/capability.ts'
import { isPlain, type PresetChange } from '../../shared/model/preset-change.ts'
import { PRESETS } from '../../shared/presets/catalogue.ts'
import { capabilityOrigin, serviceOrigin } from '../../shared/presets/preset-origin.ts'
import {
  forgetOrigin,
  makeOlder,
  makeOlderCapability,
  storedCapability,
  storedService,
} from '../support/older-preset.ts'
import { exampleCapabilityOf, exampleServiceOf, examplesOf } from '../support/preset-examples.ts'
import { openVault, type VaultFixture } from './vault-fixture.ts'

const IMAGE = 'lab-modelslab-image'
const POLL = 'lab-modelslab-poll'

let vault: VaultFixture
let context: OwnerContext

function open(): void {
  vault = openVault()
  context = { store: vault.store, keys: vault.keys, now: Date.now, by: 'extension' }
}

function addLab(): void {
  addFromPreset(context, {
    id: 'lab',
    preset: 'modelslab',
    secrets: new Map([['value', new TextEncoder().encode('k'.repeat(60))]]),
    capabilities: ['modelslab-image', 'modelslab-poll'],
    models: ['flux'],
  })
}

const preview = () => previewUpdate(context, 'lab')
const changes = () => preview().changes
const texts = (list: readonly PresetChange[]) =>
  list.flatMap(({ what }) =>
    what.map((each) => {
      if (each.kind === 'service')
        return `${each.part} ${each.name} ${each.was === null ? 'new' : each.now === null ? 'gone' : 'other'}`
      if (each.kind === 'rule') return `rule ${each.pattern} ${each.was} ${each.now}`
      if (each.kind === 'limit') return `limit ${each.name} ${each.was} ${each.now}`
      return each.kind
    }),
  )
const adopt = (ids: readonly string[], widen = false, keep: readonly string[] = []) =>
  adoptChanges(context, 'lab', { digest: preview().digest, adopt: ids, keep, widen })
const plainIds = () =>
  changes()
    .filter(isPlain)
    .map(({ id }) => id)
const idsOf = (list: readonly PresetChange[]) => list.map(({ id }) => id)
const refused = (work: () => unknown) => {
  try {
    work()
    return null
  } catch (error) {
    return (error as { code?: string }).code
  }
}
const withWebhook = () =>
  explainerFor(context, IMAGE)(
    {
      method: 'POST',
      url: 'https://modelslab.com/api/v6/images/text2img',
      headers: [['content-type', 'application/json']],
    },
    new TextEncoder().encode('{"model_id":"flux","prompt":"a","webhook":"https://elsewhere.example"}'),
  ).decision
const isOfSamples = (rule: BodyRule): rule is Extract<BodyRule, { op: '<=' }> =>
  rule.op === '<=' && rule.pointer === '/samples'
const acts = () =>
  listAudit(vault.store, vault.keys, { limit: 50 }).flatMap((each) => (each.kind === 'act' ? [each.act] : []))

describe('a service that its preset made just now', () => {
  // One vault for all: each replaces what was there.
  beforeAll(open)
  afterAll(() => vault.remove())

  test.each(PRESETS.map((preset) => [preset.id, preset] as const))(
    '%s differs in nothing from what its preset says, whether that was kept or is read off',
    (_id, preset) => {
      const examples = examplesOf(preset.id)
      const service = exampleServiceOf(preset, examples)
      const values = examples.values ?? {}
      const made = preset.capabilities.map(({ id }) => ({
        ...exampleCapabilityOf(preset, id, service, examples),
        id: `mine-${id}`,
      }))
      const own = { baseUrls: preset.baseUrls.length === 0, auth: false, values }
      putService(vault.store, vault.keys, { ...service, from: serviceOrigin(preset, service, own) })
      made.forEach((each, index) => {
        const from = capabilityOrigin(each, preset.capabilities[index]?.id ?? '', values)
        putCapability(vault.store, vault.keys, { ...each, from })
      })
      const nothing = { changes: [], left: [] }
      expect(previewUpdate(context, 'mine')).toMatchObject(nothing)
      const ids = made.map(({ id }) => id)
      forgetOrigin(vault, 'mine', ids)
      expect(previewUpdate(context, 'mine')).toMatchObject(nothing)
      expect(listSummaries(context)[0]?.presetChanges).toBeUndefined()
      for (const id of ids) removeCapability(vault.store, vault.keys, id)
    },
  )
})

describe('a service of an older preset', () => {
  beforeEach(open)
  beforeEach(addLab)
  afterEach(() => vault.remove())

  test('takes over what its preset denies since, and calls are decided by it', () => {
    makeOlder(vault, 'lab', () => ({ denyFields: [] }))
    expect(withWebhook()).toBe('allow')
    expect(listSummaries(context)[0]?.presetChanges).toEqual({ plain: 4, asked: 0 })
    expect(texts(changes()).sort()).toEqual([
      'denied-field track_id new',
      'denied-field webhook new',
      'denied-field-below track_id new',
      'denied-field-below webhook new',
    ])
    expect(adopt(plainIds()).changes).toEqual([])
    expect(withWebhook()).toBe('deny')
    expect(listSummaries(context)[0]?.presetChanges).toBeUndefined()
    expect(acts()).toContain('service.update')
  })

  test('leaves what the owner did in rules, conditions, limits and names as it is', () => {
    const own = storedCapability(vault, IMAGE)
    const rules = [
      ...own.rules.slice(1),
      { effect: 'ask' as const, pattern: 'POST /api/v6/images/text2img' },
      { effect: 'allow' as const, pattern: 'POST /api/v6/images/upscale' },
    ]
    const body = own.body.map((rule) =>
      'limit' in rule && rule.pointer === '/samples' ? { ...rule, limit: 4 } : rule,
    )
    makeOlderCapability(vault, IMAGE, (made) => ({
      rules: made.rules.filter(({ pattern }) => !pattern.endsWith('/inpaint')),
      limits: { ...made.limits, ratePerMinute: 500 },
    }))
    const edited = { ...storedCapability(vault, IMAGE), label: 'Pictures', body }
    putCapability(vault.store, vault.keys, {
      ...edited,
      rules: rules.filter(({ pattern }) => !pattern.endsWith('/inpaint')),
      limits: { ...edited.limits, maxRequests: 7 },
    })
    expect(texts(changes()).sort()).toEqual([
      'limit ratePerMinute 500 30',
      'rule POST /api/v6/images/inpaint null allow',
      'rule POST /api/v7/images/inpaint null allow',
    ])
    adopt(idsOf(changes()), true)
    const after = storedCapability(vault, IMAGE)
    expect(after.rules).toEqual(expect.arrayContaining(rules))
    expect(after).toMatchObject({ label: 'Pictures', body, limits: { maxRequests: 7, ratePerMinute: 30 } })
    expect(changes()).toEqual([])
  })

  test('tells what the owner changed as well from what the preset alone did, and keeps the owner’s until told', () => {
    makeOlderCapability(vault, IMAGE, (made) => ({
      limits: { ...made.limits, concurrent: 9, concurrentInAll: 9 },
    }))
    const stored = storedCapability(vault, IMAGE)
    putCapability(vault.store, vault.keys, { ...stored, limits: { ...stored.limits, concurrent: 5 } })
    const found = Object.fromEntries(changes().map((each) => [texts([each])[0], each.standing]))
    expect(found).toEqual({ 'limit concurrent 5 2': 'yours', 'limit concurrentInAll 9 3': 'preset' })
    adopt(plainIds())
    expect(storedCapability(vault, IMAGE).limits).toMatchObject({ concurrent: 5, concurrentInAll: 3 })
    expect(texts(changes())).toEqual(['limit concurrent 5 2'])
    adopt(idsOf(changes()))
    expect(storedCapability(vault, IMAGE).limits.concurrent).toBe(2)
  })

  test('keeps a condition that its owner changed where the preset changed it too, and says whose it is', () => {
    makeOlderCapability(vault, IMAGE, (made) => ({
      body: made.body.map((rule) => (isOfSamples(rule) ? { ...rule, limit: 2 } : rule)),
    }))
    const stored = storedCapability(vault, IMAGE)
    const body = stored.body.map((rule) => (isOfSamples(rule) ? { ...rule, limit: 4 } : rule))
    putCapability(vault.store, vault.keys, { ...stored, body })
    expect(changes()).toMatchObject([
      { standing: 'yours', what: [{ kind: 'condition' }, { kind: 'condition' }] },
    ])
    adopt(plainIds())
    expect(storedCapability(vault, IMAGE).body).toEqual(body)
  })

  test('is opened by nothing that its owner was not asked about by itself', () => {
    makeOlder(vault, 'lab', (made) => ({
      denyAlways: [...made.denyAlways, '* /api/v6/voice/**'],
      allowHeaders: [],
      strip: { ...made.strip, headers: [...made.strip.headers, 'x-old'] },
    }))
    makeOlderCapability(vault, POLL, (made) => ({
      rules: [...made.rules, { effect: 'deny', pattern: 'POST /api/v6/secret/fetch/*' }],
    }))
    expect(changes().every(({ opens, standing }) => opens && standing === 'preset')).toBe(true)
    expect(texts(changes()).sort()).toEqual([
      'allowed-header anthropic-beta new',
      'allowed-header anthropic-version new',
      'denied * /api/v6/voice/** gone',
      'rule POST /api/v6/secret/fetch/* deny null',
      'stripped-header x-old gone',
    ])
    for (const { id } of changes()) expect(refused(() => adopt([id]))).toBe('invalid')
    expect(storedService(vault, 'lab').allowHeaders).toEqual([])
    adopt(idsOf(changes()), true)
    expect(storedService(vault, 'lab').denyAlways).not.toContain('* /api/v6/voice/**')
    expect(changes()).toEqual([])
  })

  test('is asked about as a whole where nothing was kept of its preset, until all of it is decided', () => {
    makeOlder(vault, 'lab', (made) => ({ denyFields: [], denyAlways: made.denyAlways.slice(2) }))
    forgetOrigin(vault, 'lab', [IMAGE, POLL])
    const found = changes()
    expect(found).toHaveLength(6)
    expect(found.every(({ standing }) => standing === 'unknown')).toBe(true)
    expect(plainIds()).toEqual([])
    expect(listSummaries(context)[0]?.presetChanges).toEqual({ plain: 0, asked: 6 })
    const [first, ...others] = idsOf(found)
    adopt([first ?? ''])
    expect(changes().map(({ standing }) => standing)).toEqual(Array(5).fill('unknown'))
    adopt(others.slice(0, 1), false, others.slice(1))
    expect(changes()).toEqual([])
    expect(storedService(vault, 'lab').from).toBeDefined()
  })

  test('is not asked again about what its owner keeps as it is, until the preset says something else again', () => {
    makeOlder(vault, 'lab', (made) => ({ denyFields: [], placeholder: `${made.placeholder}0` }))
    const [one, ...others] = changes()
    adopt([], false, [one?.id ?? ''])
    expect(idsOf(changes())).toEqual(idsOf(others))
    adopt([], false, idsOf(others))
    expect(changes()).toEqual([])
    expect(withWebhook()).toBe('allow')
  })

  test('is saved only as it was shown', () => {
    makeOlder(vault, 'lab', () => ({ denyFields: [] }))
    const { digest } = preview()
    const [id = ''] = plainIds()
    const stored = storedCapability(vault, POLL)
    putCapability(vault.store, vault.keys, { ...stored, label: 'Changed meanwhile' })
    const order = { digest, adopt: [id], keep: [], widen: false }
    expect(refused(() => adoptChanges(context, 'lab', order))).toBe('unknown')
    expect(refused(() => adopt(['0123456789abcdef']))).toBe('unknown')
    expect(refused(() => adopt([id], false, [id]))).toBe('invalid')
    expect(storedService(vault, 'lab').denyFields).toEqual([])
  })

  test('gets no scheme for which it has no secret', () => {
    makeOlder(vault, 'lab', () => ({
      auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
    }))
    vault.store.run('DELETE FROM secrets')
    const [change] = changes()
    expect(change).toMatchObject({ opens: true, what: [{ part: 'auth' }] })
    expect(refused(() => adopt([change?.id ?? ''], true))).toBe('secret-missing')
    expect(storedService(vault, 'lab').auth).toHaveLength(1)
  })

  test('keeps conditions that stand in for denials of a service from before there were any', () => {
    const stored = storedCapability(vault, POLL)
    const conditions = [{ op: 'absent' as const, pointer: '/webhook' }]
    makeOlder(vault, 'lab', () => ({ denyFields: [] }))
    putCapability(vault.store, vault.keys, { ...stored, body: conditions })
    forgetOrigin(vault, 'lab', [POLL])
    adopt(idsOf(changes()), true)
    expect(storedCapability(vault, POLL).body).toEqual(conditions)
  })

  test('says of a capability that its preset does not offer any more, and of one by hand says nothing', () => {
    const stored = storedCapability(vault, POLL)
    const made = { label: stored.label, rules: stored.rules, body: stored.body, limits: stored.limits }
    putCapability(vault.store, vault.keys, { ...stored, from: { capability: 'was-once', values: {}, made } })
    const { from: _, ...byHand } = stored
    putCapability(vault.store, vault.keys, { ...byHand, id: 'mine', label: 'Mine' })
    expect(preview()).toMatchObject({ changes: [], left: [{ capability: POLL, why: 'gone' }] })
  })

  test('shows what can go wrong with it that was not known when it was added', () => {
    makeOlder(vault, 'lab', (made) => ({ hazards: made.hazards.slice(1) }))
    expect(changes()).toMatchObject([
      { opens: false, standing: 'preset', what: [{ part: 'hazard', was: null }] },
    ])
    adopt(plainIds())
    expect(changes()).toEqual([])
  })
})
