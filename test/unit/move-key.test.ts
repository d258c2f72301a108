import { afterEach, beforeEach, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import type { OwnerContext } from '../../native-host/owner/context.ts'
import { isKeyCommand, runKeyCommand } from '../../native-host/owner/run-key-command.ts'
import { Refusal } from '../../native-host/refusal.ts'
import { listSecretNames, listServices, putSecret, putService } from '../../native-host/store/services.ts'
import { presetById } from '../../shared/presets/catalogue.ts'
import { CommandSchema } from '../../shared/protocol/commands.ts'
import { exampleService } from '../support/examples.ts'
import { openVault, type VaultFixture } from './vault-fixture.ts'

/** What the host makes of a key that a page held. Whether a call then carries it is shown in `test/host/key-move.test.ts`. */
const FOUND = `sk-proj-${'Ab3dEf6h'.repeat(5)}`
const SITE = 'https://agent.example'

interface Wish {
  preset: string
  key: string
  replace?: string
}

let vault: VaultFixture
let context: OwnerContext

beforeEach(() => {
  vault = openVault()
  context = { store: vault.store, keys: vault.keys, now: Date.now, by: 'extension' }
})
afterEach(() => vault.remove())

function run(wish: Record<string, unknown>) {
  const command = CommandSchema.parse(wish)
  if (!isKeyCommand(command)) throw new Error('another command')
  return runKeyCommand(command, context)
}
const move = (wish: Wish) => run({ name: 'key-move', origin: SITE, ...wish })

function refusalOf(wish: Wish): Refusal {
  try {
    move(wish)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('it was done')
}

function add(id: string, preset: string | null): void {
  putService(vault.store, vault.keys, exampleService({ id, preset }))
  putSecret(vault.store, vault.keys, id, 'token', Buffer.from('sk-of-the-vault'))
}
const acts = () =>
  listAudit(vault.store, vault.keys, { limit: 100 }).flatMap((each) =>
    each.kind === 'act' ? [each.act] : [],
  )

test('a key never takes the place of another without being told so', () => {
  add('mine', 'openai')
  expect(refusalOf({ preset: 'openai', key: FOUND }).code).toBe('exists')
  expect(acts()).toEqual([])
  expect(move({ preset: 'openai', key: FOUND, replace: 'mine' })).toMatchObject({ id: 'mine' })
  expect(acts()).toEqual(['key.move', 'service.rotate'])
})

test('a service that happens to have the name keeps it', () => {
  add('openai', null)
  add('openai-2', null)
  expect(move({ preset: 'openai', key: FOUND })).toMatchObject({ id: 'openai-3', preset: 'openai' })
})

test.each<[string, Wish, string]>([
  ['a key of another service', { preset: 'anthropic', key: FOUND }, 'invalid'],
  ['what is no key', { preset: 'openai', key: 'sk-proj-short' }, 'invalid'],
  ['a key with something at its end', { preset: 'openai', key: `${FOUND}\n` }, 'invalid'],
  ['the placeholder', { preset: 'openai', key: presetById('openai')?.placeholder ?? '' }, 'invalid'],
  ['a key that is meant for pages', { preset: 'stripe', key: `pk_live_${'a1B2'.repeat(8)}` }, 'invalid'],
  ['a look that several services share', { preset: 'deepseek', key: `sk-${'0af3'.repeat(8)}` }, 'invalid'],
  ['a key whose service wants more', { preset: 'supabase', key: `sb_secret_${'a1B2'.repeat(8)}` }, 'invalid'],
  ['a key of no service', { preset: 'nobody', key: FOUND }, 'unknown'],
  ['a key for a service that is not there', { preset: 'openai', key: FOUND, replace: 'nobody' }, 'unknown'],
  ['a key for a service of another kind', { preset: 'openai', key: FOUND, replace: 'other' }, 'invalid'],
])('the vault does not take %s', (_, wish, code) => {
  add('other', 'cohere')
  const refusal = refusalOf(wish)
  expect(refusal.code).toBe(code)
  expect(refusal.message).not.toContain(wish.key.slice(8))
  expect(acts()).toEqual([])
  expect(listServices(vault.store, vault.keys).map(({ id }) => id)).toEqual(['other'])
})

test('a key that lives elsewhere is changed there', () => {
  add('mine', 'openai')
  const place = JSON.stringify({ kind: 'file', path: '/nowhere' })
  putSecret(vault.store, vault.keys, 'mine', 'token', Buffer.from(place), true)
  expect(refusalOf({ preset: 'openai', key: FOUND, replace: 'mine' }).code).toBe('invalid')
  expect(listSecretNames(vault.store, vault.keys, 'mine')).toEqual(['token'])
})

test('what to look for is told of services that a key is all they need, and of keys that are no secret of a page’s', () => {
  const marks = run({ name: 'key-marks' })
  const openai = { preset: 'openai', name: 'project key', prefix: 'sk-proj-', rest: '[A-Za-z0-9_-]{20,}' }
  expect(marks).toContainEqual(openai)
  const prefixes = (marks as { prefix: string }[]).map(({ prefix }) => prefix)
  for (const never of ['pk_live_', 'sb_publishable_', 'AIza', 'AKIA', 'GOCSPX-', ''])
    expect(prefixes).not.toContain(never)
})

test.each([
  ['an address with a path', { origin: `${SITE}/path` }],
  ['a key longer than any', { key: `sk-proj-${'a1'.repeat(5000)}` }],
  ['no key', { key: '' }],
  ['something more', { capabilities: ['openai-read'] }],
])('an order with %s is none', (_, changes) => {
  const order = { name: 'key-move', origin: SITE, preset: 'openai', key: FOUND, ...changes }
  expect(CommandSchema.safeParse(order).success).toBe(false)
})
