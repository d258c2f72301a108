import { expect, test, vi } from 'vitest'
import type { OwnerSnapshot } from '../../extension/ui/owner-view.ts'

const { fake } = await vi.hoisted(async () => {
  const { fakeBrowser } = await import('../support/fake-browser.ts')
  return { fake: fakeBrowser() }
})
vi.mock('webextension-polyfill', () => ({ default: fake.browser }))
const { beginWith, loadCatalogue, presetsOf } = await import('../../extension/ui/catalogue.ts')
const { loadSnapshot, saveSnapshot } = await import('../../extension/ui/view-snapshot.ts')

const NOTHING = { state: null, status: null, sessions: null, capabilities: null, grants: null }

/** A picture with services of these presets; null: of the owner's own making. */
function picture(...presets: (string | null)[]): OwnerSnapshot {
  const services = presets.map((preset, at) => ({ id: `service-${at}`, preset }))
  return { ...NOTHING, services, approvals: [{ id: 'waits' }] } as unknown as OwnerSnapshot
}

const idsOf = (presets: readonly { id: string }[] | undefined) => presets?.map(({ id }) => id)

test('a page that opens has the last picture, without the calls that wait', async () => {
  await saveSnapshot(picture('openai'))
  expect((await loadSnapshot())?.snapshot).toEqual({ ...picture('openai'), approvals: null })
})

test('the presets of its services come with it, and are passed on before the catalogue is there', async () => {
  await saveSnapshot(picture('openai'))
  expect((await loadSnapshot())?.presets).toEqual([])
  await loadCatalogue()
  await saveSnapshot(picture('openai', null, 'anthropic', 'openai'))
  const kept = await loadSnapshot()
  expect(idsOf(kept?.presets)?.toSorted()).toEqual(['anthropic', 'openai'])
  expect(kept?.presets).toEqual(structuredClone(kept?.presets))
  vi.resetModules()
  const fresh = await import('../../extension/ui/catalogue.ts')
  expect(fresh.presetsOf([{ preset: 'openai' }])).toEqual([])
  fresh.beginWith(kept?.presets ?? [])
  expect(idsOf(fresh.presetsOf([{ preset: 'openai' }, { preset: 'github' }]))).toEqual(['openai'])
})

test('the whole catalogue stands once it is loaded, whatever was kept', async () => {
  await loadCatalogue()
  beginWith([])
  expect(idsOf(presetsOf([{ preset: 'openai' }]))).toEqual(['openai'])
})

test('a locked vault leaves no services and no presets of them behind', async () => {
  await loadCatalogue()
  await saveSnapshot(picture('openai'))
  await saveSnapshot({ ...picture(), services: null })
  expect((await loadSnapshot())?.presets).toEqual([])
})

test('what another version kept is none, and one without presets has none', async () => {
  const storage = fake.browser.storage.session
  await storage.set({ 'owner-view': { version: '0.0.1', snapshot: picture('openai'), presets: [] } })
  expect(await loadSnapshot()).toBeNull()
  await storage.set({ 'owner-view': { version: '9.9.9', snapshot: picture('openai') } })
  expect((await loadSnapshot())?.presets).toEqual([])
})
