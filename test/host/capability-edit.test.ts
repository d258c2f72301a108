import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { times } from '../support/hard.ts'
import { storedCapability } from '../support/older-preset.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { runFromSource } from '../support/source-command.ts'

/** `capability edit`, by the real command on a real vault. */
vi.setConfig({ testTimeout: times(180_000, 600_000) })

const PRICES = { currency: 'USD', input: 2_000_000, output: 8_000_000, request: 0 }

let vault: OwnedVault

beforeEach(async () => {
  vault = await OwnedVault.create()
  vault.addService('cloud', 'https://api.example', 'sk-edit-0123456789')
  vault.addService('near', 'http://127.0.0.1:1337', 'sk-near-0123456789')
  vault.addCapability('chat', 'cloud', ['POST /v1/chat/completions'], { models: null })
  vault.addCapability('spare', 'near', ['POST /v1/chat/completions'], { models: null })
})
afterEach(() => vault.remove())

async function edit(...args: string[]): Promise<{ code: number; told: Record<string, unknown> }> {
  const { code, stdout } = await runFromSource(vault.home, ['capability', 'edit', 'chat', '--json', ...args])
  return { code, told: JSON.parse(stdout) as Record<string, unknown> }
}
const chat = () => storedCapability(vault, 'chat')

test('where calls go on to is changed by the command: what opens something needs a word of its own', async () => {
  const spare = ['--failover', 'spare', '--failover-on', 'timeout,5xx', '--failover-timeout', '20s']
  expect(await edit(...spare)).toMatchObject({ code: 1, told: { error: { code: 'invalid' } } })
  expect(await edit(...spare, '--widen', '--dry-run')).toMatchObject({
    code: 0,
    told: { saved: false, widens: true, differences: [{ kind: 'failover', was: null, opens: true }] },
  })
  expect(chat().failover).toBeUndefined()
  expect(await edit(...spare, '--widen')).toMatchObject({ code: 0, told: { saved: true } })
  expect(chat().failover).toEqual({ capability: 'spare', on: ['timeout', '5xx'], models: [], wait: 20 })
  expect(await edit('--failover', 'none')).toMatchObject({ code: 0, told: { widens: false } })
  expect(chat().failover).toBeUndefined()
})

test('prices are said and taken back by the command', async () => {
  const priced = ['--price', 'input=2,output=8', '--model-price', 'Large:v2:input=4,output=20,request=0.5']
  expect(await edit(...priced, '--max-cost', '5')).toMatchObject({ code: 0 })
  const large = { model: 'Large:v2', input: 4_000_000, output: 20_000_000, request: 500_000 }
  expect(chat().limits).toMatchObject({ maxCost: 5_000_000, prices: { ...PRICES, models: [large] } })
  const none = await edit('--price', 'none', '--max-cost', 'none')
  expect(none).toMatchObject({ code: 1, told: { error: { code: 'invalid' } } })
  expect(await edit('--price', 'none', '--max-cost', 'none', '--widen')).toMatchObject({ code: 0 })
  expect(chat().limits).toMatchObject({ maxCost: null, prices: null })
})

test('`none` is no limit also where a capability is added', async () => {
  const args = [
    'capability',
    'add',
    'free',
    '--service',
    'cloud',
    '--rate',
    'none',
    '--price',
    'none',
    '--json',
  ]
  expect(await runFromSource(vault.home, args)).toMatchObject({ code: 0 })
  expect(storedCapability(vault, 'free').limits).toMatchObject({ ratePerMinute: null, prices: null })
})
