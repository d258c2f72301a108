import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { addFromPreset } from '../../native-host/owner/services.ts'
import type { PresetUpdate } from '../../shared/model/preset-change.ts'
import { times } from '../support/hard.ts'
import { NativeHost } from '../support/native-host.ts'
import { makeOlder, storedCapability, storedService } from '../support/older-preset.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { runFromSource } from '../support/source-command.ts'
import { type LoopbackServer, startLoopbackServer } from '../support/upstreams/loopback-server.ts'

/** A service from before its preset denied webhooks, of the real host process and by the real command. */
vi.setConfig({ testTimeout: times(180_000, 600_000) })

const SITE = 'https://agent.example'
const JSON_TYPE: [string, string] = ['Content-Type', 'application/json']

let server: LoopbackServer
let reached: number
let vault: OwnedVault

beforeAll(async () => {
  server = await startLoopbackServer((request, response) => {
    request.resume().on('end', () => {
      reached += 1
      response.setHeader('content-type', 'application/json')
      response.end('{"status":"success","id":1,"output":[]}')
    })
  })
})
afterAll(() => server.close())
beforeEach(async () => {
  reached = 0
  vault = await OwnedVault.create()
  addFromPreset(
    { store: vault.store, keys: vault.keys, now: Date.now, by: 'cli' },
    {
      id: 'lab',
      preset: 'modelslab',
      baseUrls: [server.url],
      local: { address: null },
      secrets: new Map([['value', Buffer.from('k'.repeat(60))]]),
      capabilities: ['modelslab-image'],
      models: ['flux'],
    },
  )
  makeOlder(vault, 'lab', (made) => ({
    denyFields: [],
    denyAlways: [...made.denyAlways, '* /api/v6/images/fetch'],
  }))
})
afterEach(() => vault.remove())

test('a live session is bound from its next call by what its owner takes over, and by nothing before', async () => {
  vault.connect(SITE, storedCapability(vault, 'lab-modelslab-image'))
  const host = await NativeHost.start(vault.home)
  try {
    const { id: document } = await host.document({ origin: SITE })
    const called = async (more: object) => {
      const body = JSON.stringify({ model_id: 'flux', prompt: 'a cat', ...more })
      const url = `${server.url}/api/v6/images/text2img`
      const call = host.ask(document, 'POST', url, { headers: [JSON_TYPE], body })
      const ended = await call.ended()
      return ended.type === 'end' ? (await call.head()).status : ended.code
    }
    const webhook = { webhook: 'https://elsewhere.example' }
    expect(await called(webhook)).toBe(200)
    const shown = await host.order({ name: 'service-update-preview', id: 'lab' })
    const [opening, ...plain] = [...shown.changes].sort((a, b) => Number(b.opens) - Number(a.opens))
    expect(opening).toMatchObject({ opens: true, what: [{ part: 'denied', now: null }] })
    expect(plain).toHaveLength(4)
    expect(await called(webhook)).toBe(200)
    const adopt = shown.changes.map(({ id }) => id)
    const order = { name: 'service-update' as const, id: 'lab', digest: shown.digest, keep: [] }
    await expect(host.order({ ...order, adopt })).rejects.toMatchObject({ code: 'invalid' })
    const left = await host.order({ ...order, adopt: plain.map(({ id }) => id) })
    expect(left.changes).toEqual([opening])
    expect(await called(webhook)).toBe('denied')
    expect(await called({})).toBe(200)
    expect(reached).toBe(3)
    const services = await host.order({ name: 'service-list' })
    expect(services).toMatchObject([{ presetChanges: { plain: 0, asked: 1 } }])
  } finally {
    await host.close()
  }
})

test('the command shows the difference, takes over what is narrower, and the rest only where it is named', async () => {
  const update = async (...args: string[]) => {
    const { code, stdout } = await runFromSource(vault.home, ['service', 'update', 'lab', '--json', ...args])
    return {
      code,
      told: JSON.parse(stdout) as PresetUpdate & { adopted: string[]; error?: { code: string } },
    }
  }
  const before = storedService(vault, 'lab')
  const dry = await update('--dry-run')
  expect(dry).toMatchObject({ code: 0, told: { adopted: [] } })
  expect(dry.told.changes).toHaveLength(5)
  expect(storedService(vault, 'lab')).toEqual(before)

  const text = (await runFromSource(vault.home, ['service', 'update', 'lab'])).stdout
  expect(text).toMatch(/\+ field refused webhook: \* \/\*\*/)
  expect(text).toMatch(/Allows more:\n[0-9a-f]{16}\n {2}- never allowed \* \/api\/v6\/images\/fetch\n/)
  expect(text).toContain('4 taken over, 0 left as they are, 1 undecided.')
  expect(storedService(vault, 'lab').denyFields).toHaveLength(2)
  expect(storedService(vault, 'lab').denyAlways).toContain('* /api/v6/images/fetch')

  expect(await update('--adopt', '0123456789abcdef')).toMatchObject({
    code: 1,
    told: { error: { code: 'unknown' } },
  })
  expect(await update('--widen')).toMatchObject({ code: 0, told: { changes: [] } })
  expect(storedService(vault, 'lab').denyAlways).not.toContain('* /api/v6/images/fetch')
})
