import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findCapability } from '../../native-host/store/capabilities.ts'
import type { Command } from '../../shared/protocol/commands.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/** A key that a page held, ordered into the vault of the real host process, whose calls a server verifies. */
const FOUND = `sk-proj-${'Ab3dEf6h'.repeat(5)}`
const STORED = 'sk-proj-of-the-vault-0123456789'
const SITE = 'https://agent.example'

let flow: LoopbackServer
let vault: OwnedVault
let host: NativeHost

beforeEach(async () => {
  flow = await startFlowUpstream(FOUND)
  vault = await OwnedVault.create()
  host = await NativeHost.start(vault.home)
})
afterEach(async () => {
  await host.close()
  await vault.remove()
  await flow.close()
})

type Wish = Omit<Extract<Command, { name: 'key-move' }>, 'name' | 'origin'>
const move = (wish: Wish) => host.order({ name: 'key-move', origin: SITE, ...wish })
const acts = async () => {
  const records = await host.order({ name: 'audit-list', limit: 100 })
  return records.flatMap((each) => (each.kind === 'act' ? [`${each.act} ${each.subject}`] : []))
}

/** A service of the catalogue that lives here, with another key than the page's. */
function addOpenAi(): void {
  vault.addService('mine', `${flow.url}/v1`, STORED, { preset: 'openai' })
  vault.addCapability('read', 'mine', ['GET /v1/**'])
  const capability = findCapability(vault.store, vault.keys, 'read')
  if (capability === null) throw new Error('no capability')
  vault.connect(SITE, capability)
}

test('in place of a stored key it is what the next call carries', async () => {
  addOpenAi()
  const { id } = await host.document({ origin: SITE })
  const status = async () => (await host.ask(id, 'GET', `${flow.url}/v1/small`).head()).status
  expect(await status()).toBe(401)
  expect(await move({ preset: 'openai', key: FOUND, replace: 'mine' })).toMatchObject({ id: 'mine' })
  expect(await status()).toBe(200)
  expect(await acts()).toEqual([`key.move mine from ${SITE}`, 'service.rotate mine'])
})

test('as a new service it comes with something to give, and is readable nowhere', async () => {
  const service = await move({ preset: 'openai', key: FOUND })
  expect(service).toMatchObject({ id: 'openai', secrets: ['token'], capabilities: ['openai-openai-chat'] })
  expect(await acts()).toEqual([
    ...[`key.move openai from ${SITE}`, 'capability.add openai-openai-chat', 'service.add openai'],
  ])
  const told = [
    service,
    await host.order({ name: 'service-list' }),
    await host.order({ name: 'audit-list', limit: 100 }),
  ]
  const files = readdirSync(vault.home, { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  )
  const stored = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
  expect(stored.join('').length).toBeGreaterThan(10_000)
  for (const text of [JSON.stringify(told), ...stored]) expect(text).not.toContain(FOUND.slice(8))
})
