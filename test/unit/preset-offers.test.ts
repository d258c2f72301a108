import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { adoptChanges } from '../../native-host/owner/adopt-changes.ts'
import { add, fromPreset, remove } from '../../native-host/owner/capabilities.ts'
import type { OwnerContext } from '../../native-host/owner/context.ts'
import { type DecidedOffers, decideOffers } from '../../native-host/owner/decide-offers.ts'
import { previewUpdate } from '../../native-host/owner/preset-update.ts'
import { addFromPreset, listSummaries } from '../../native-host/owner/services.ts'
import { listCapabilities, putCapability } from '../../native-host/store/capabilities.ts'
import { listGrants } from '../../native-host/store/grants.ts'
import { PRESETS } from '../../shared/presets/catalogue.ts'
import { givenSecretNames } from '../../shared/presets/secret-names.ts'
import { makeBefore, makeOlder, storedCapability, storedService } from '../support/older-preset.ts'
import { openVault, refusalOf, type VaultFixture } from './vault-fixture.ts'

const KEY = new TextEncoder().encode('k'.repeat(60))
/** A service without a key, for a capability whose id the one under test would take. */
const AT_HOME = { preset: 'ollama', secrets: new Map(), capabilities: [] }
const TAKEN = { id: 'lab-modelslab-llm', name: 'ollama-chat' }
const NEW = ['modelslab-poll', 'modelslab-llm']

let vault: VaultFixture
let context: OwnerContext

beforeEach(() => {
  vault = openVault()
  context = { store: vault.store, keys: vault.keys, now: Date.now, by: 'extension' }
  addLab()
  makeBefore(vault, 'lab', NEW)
})
afterEach(() => vault.remove())

function addLab(): void {
  addFromPreset(context, {
    id: 'lab',
    preset: 'modelslab',
    secrets: new Map([['value', KEY]]),
    capabilities: ['modelslab-image'],
    models: ['flux'],
  })
}

const told = (id = 'lab') => listSummaries(context).find((each) => each.id === id)?.offers?.capabilities
const decide = (decided: Partial<DecidedOffers>) =>
  decideOffers(context, 'lab', { add: [], dismiss: [], ...decided })
const ids = () => listCapabilities(vault.store, vault.keys).map(({ id }) => id)
const acts = () =>
  listAudit(vault.store, vault.keys, { limit: 50 }).flatMap((each) =>
    each.kind === 'act' ? [`${each.act} ${each.subject}`] : [],
  )

describe('a capability that a preset has got since a service was made', () => {
  test('is told by the summary, in the order of the preset, and is in nobody’s hands', () => {
    expect(told()).toEqual(NEW)
    expect(ids()).toEqual(['lab-modelslab-image'])
    expect(listGrants(vault.store, vault.keys)).toEqual([])
  })

  test('is added as `service add` makes it, given to no site, and told no more', () => {
    const summary = decide({ add: ['modelslab-poll'] })
    expect(summary.offers?.capabilities).toEqual(['modelslab-llm'])
    const added = storedCapability(vault, 'lab-modelslab-poll')
    expect(added).toEqual(
      fromPreset(context, { id: 'lab-modelslab-poll', service: 'lab', name: 'modelslab-poll' }),
    )
    expect(listGrants(vault.store, vault.keys)).toEqual([])
    expect(acts()).toContain('capability.add lab-modelslab-poll')
    // Nor once its owner has removed it again.
    remove(context, added.id)
    expect(told()).toEqual(['modelslab-llm'])
  })

  test('is told no more where it was dismissed, whatever is taken over of the preset after', () => {
    makeOlder(vault, 'lab', () => ({ denyFields: [] }))
    decide({ dismiss: ['modelslab-poll'] })
    expect(told()).toEqual(['modelslab-llm'])
    expect(acts()).toContain('service.update lab')
    const { digest, changes } = previewUpdate(context, 'lab')
    adoptChanges(context, 'lab', { digest, adopt: changes.map(({ id }) => id), keep: [], widen: true })
    expect(told()).toEqual(['modelslab-llm'])
    expect(decide({ dismiss: ['modelslab-llm'] }).offers).toBeUndefined()
    expect(ids()).toEqual(['lab-modelslab-image'])
  })

  test('is no news where its owner made it by `capability add`', () => {
    add(context, fromPreset(context, { id: 'own', service: 'lab', name: 'modelslab-poll' }))
    expect(told()).toEqual(['modelslab-llm'])
    remove(context, 'own')
    expect(told()).toEqual(['modelslab-llm'])
  })

  test('is no news where its owner has it from a time when nothing was kept of presets', () => {
    const { from: _, ...byHand } = fromPreset(context, {
      ...{ id: 'lab-modelslab-poll', service: 'lab', name: 'modelslab-poll' },
    })
    putCapability(vault.store, vault.keys, byHand)
    expect(told()).toEqual(['modelslab-llm'])
  })

  test('is decided all or nothing, and only where it was told', () => {
    const before = storedService(vault, 'lab')
    const both = { add: ['modelslab-poll'], dismiss: ['modelslab-poll'] }
    expect(refusalOf(() => decide(both))).toBe('invalid')
    expect(refusalOf(() => decide({ add: ['modelslab-poll', 'modelslab-image'] }))).toBe('unknown')
    expect(refusalOf(() => decide({ add: ['modelslab-poll'], dismiss: ['no-such-one'] }))).toBe('unknown')
    // Its id is taken by one of another service: the one before it in the order is not made either.
    addFromPreset(context, { ...AT_HOME, id: 'lab-modelslab' })
    add(context, fromPreset(context, { ...TAKEN, service: 'lab-modelslab' }))
    expect(refusalOf(() => decide({ add: [...NEW] }))).toBe('exists')
    expect(storedService(vault, 'lab')).toEqual(before)
    expect(ids()).toEqual(['lab-modelslab-image', TAKEN.id])
    remove(context, TAKEN.id)
    expect(decide({ add: [...NEW], models: ['gpt-5'] }).offers).toBeUndefined()
    expect(storedCapability(vault, 'lab-modelslab-llm').models).toEqual(['gpt-5'])
    expect(storedCapability(vault, 'lab-modelslab-poll').models).toBeNull()
  })
})

describe('the capabilities of a preset', () => {
  test('are no news to a service that was made just now, with none of them', () => {
    const made = PRESETS.filter((preset) => {
      const secrets = new Map(givenSecretNames(preset.auth).map((name) => [name, KEY]))
      const own = preset.baseUrls.length > 0 ? {} : { baseUrls: [preset.baseUrlHint ?? ''] }
      const wanted = { id: `new-${preset.id}`, preset: preset.id, secrets, capabilities: [], ...own }
      if (refusalOf(() => addFromPreset(context, wanted)) !== 'nothing') return false
      expect(told(wanted.id)).toBeUndefined()
      return true
    })
    // Some want a key of another kind, or a value.
    expect(made.length).toBeGreaterThan(PRESETS.length / 2)
  })

  test('are none to a service from before it was kept which there were, and it stays as it was written', () => {
    makeBefore(vault, 'lab', [])
    makeBefore(vault, 'lab', null)
    const before = storedService(vault, 'lab')
    expect(before.from).not.toHaveProperty('offered')
    expect(told()).toBeUndefined()
    add(context, fromPreset(context, { id: 'own', service: 'lab', name: 'modelslab-poll' }))
    expect(storedService(vault, 'lab')).toEqual(before)
    expect(refusalOf(() => decide({ dismiss: ['modelslab-llm'] }))).toBe('unknown')
  })

  test('that want another scheme than the service has are not told', () => {
    const x = PRESETS.find(({ capabilities }) => capabilities.some(({ auth }) => auth !== undefined))
    const special = x?.capabilities.filter(({ auth }) => auth !== undefined).map(({ id }) => id) ?? []
    expect(special).not.toEqual([])
    addFromPreset(context, {
      ...{ id: 'x', preset: x?.id ?? '', secrets: new Map([['token', KEY]]), capabilities: [] },
    })
    makeBefore(vault, 'x', x?.capabilities.map(({ id }) => id) ?? [])
    expect(told('x')).toEqual(x?.capabilities.map(({ id }) => id).filter((id) => !special.includes(id)))
  })

  test('use what was said of the preset’s values when the service was made', () => {
    addFromPreset(context, {
      ...{ id: 'chat', preset: 'slack', secrets: new Map([['token', KEY]]), capabilities: [] },
      values: { channel: 'C0123456789' },
    })
    const wanting = PRESETS.find(({ id }) => id === 'slack')?.capabilities.filter((each) =>
      JSON.stringify(each).includes('{channel}'),
    )
    const [name = ''] = wanting?.map(({ id }) => id) ?? []
    makeBefore(vault, 'chat', [name])
    expect(listSummaries(context).find(({ id }) => id === 'chat')?.offers).toEqual({
      ...{ capabilities: [name], known: ['channel'] },
    })
    decideOffers(context, 'chat', { add: [name], dismiss: [] })
    expect(JSON.stringify(storedCapability(vault, `chat-${name}`))).toContain('C0123456789')
  })
})
