import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeBackup } from '../../native-host/owner/backup.ts'
import { openForRestore, restore } from '../../native-host/owner/restore.ts'
import { addFromPreset, remove } from '../../native-host/owner/services.ts'
import { listGrants } from '../../native-host/store/grants.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { times } from '../support/hard.ts'
import { NativeHost } from '../support/native-host.ts'
import { makeBefore, storedService } from '../support/older-preset.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { runFromSource } from '../support/source-command.ts'

/** Capabilities that a preset has got since a service was made, told by the real host process and by the real command. */
vi.setConfig({ testTimeout: times(180_000, 600_000) })

const NEW = ['modelslab-poll', 'modelslab-llm']

let vault: OwnedVault

beforeEach(async () => {
  vault = await OwnedVault.create()
  addFromPreset(
    { store: vault.store, keys: vault.keys, now: Date.now, by: 'cli' },
    {
      id: 'lab',
      preset: 'modelslab',
      secrets: new Map([['value', Buffer.from('k'.repeat(60))]]),
      capabilities: ['modelslab-image'],
      models: ['flux'],
    },
  )
  makeBefore(vault, 'lab', NEW)
})
afterEach(() => vault.remove())

async function run(...args: string[]) {
  const { code, stdout, stderr } = await runFromSource(vault.home, args)
  return { code, stdout, stderr, json: () => JSON.parse(stdout) }
}

test('the host tells them, makes those that are ordered for no site, and tells the dismissed no more', async () => {
  const host = await NativeHost.start(vault.home)
  try {
    const told = async () => (await host.order({ name: 'service-list' }))[0]?.offers?.capabilities
    expect(await told()).toEqual(NEW)
    const order = { name: 'service-offers' as const, id: 'lab', add: [], dismiss: [] }
    const unknown = host.order({ ...order, add: ['modelslab-image'] })
    await expect(unknown).rejects.toMatchObject({ code: 'unknown' })
    const added = await host.order({ ...order, add: ['modelslab-poll'] })
    expect(added).toMatchObject({
      capabilities: ['lab-modelslab-image', 'lab-modelslab-poll'],
      offers: { capabilities: ['modelslab-llm'] },
    })
    expect(await host.order({ ...order, dismiss: ['modelslab-llm'] })).not.toHaveProperty('offers')
    expect(await told()).toBeUndefined()
    expect(listGrants(vault.store, vault.keys)).toEqual([])
  } finally {
    await host.close()
  }
})

test('the command tells them where it lists services and shows one, and how to add and dismiss them', async () => {
  expect((await run('service', 'list')).stdout).toMatch(/^lab .*2 new capabilities in the catalogue$/m)
  const [listed] = (await run('service', 'list', '--json')).json() as ServiceSummary[]
  expect(listed?.offers?.capabilities).toEqual(NEW)
  expect(JSON.parse((await run('service', 'show', 'lab')).stdout)).toMatchObject({ offers: NEW })
  expect((await run('service', 'update', 'lab', '--dry-run', '--json')).json()).toMatchObject({ offers: NEW })
  const { stdout } = await run('service', 'update', 'lab', '--dry-run')
  expect(stdout).toContain('New in the catalogue, and given to no site:')

  // As the text says it.
  const commands = [...stdout.matchAll(/^ {4}valetkey (.*)$/gm)].map(([, line = '']) => line.split(' '))
  expect(commands).toHaveLength(4)
  const [adding = [], , , dismissing = []] = commands
  expect((await run(...adding)).code).toBe(0)
  expect((await run('service', 'list')).stdout).toContain('1 new capability in the catalogue')
  expect((await run(...dismissing, '--json')).json()).toEqual({
    ...{ service: 'lab', dismissed: ['modelslab-llm'], offers: [] },
  })
  expect((await run(...dismissing)).code).toBe(1)
  expect((await run('service', 'list')).stdout).not.toContain('catalogue')
  expect((await run('service', 'show', 'lab', '--json')).json()).not.toHaveProperty('offers')
})

test('a backup keeps what was offered, and one without it is restored as it was', async () => {
  const context = { store: vault.store, keys: vault.keys, now: Date.now, by: 'cli' as const }
  const restored = async () => {
    const { file } = await makeBackup(context, 'a passphrase of its own')
    remove(context, 'lab')
    restore(context, await openForRestore(context, file, 'a passphrase of its own'), false)
    return storedService(vault, 'lab').from
  }
  const before = storedService(vault, 'lab').from
  expect(await restored()).toEqual(before)
  makeBefore(vault, 'lab', null)
  const { offered: _, ...old } = before ?? {}
  expect(await restored()).toEqual(old)
})
