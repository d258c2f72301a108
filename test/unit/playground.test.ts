import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as grants from '../../native-host/owner/grants.ts'
import { closePlayground, leavePlayground, openPlayground } from '../../native-host/owner/playground.ts'
import * as services from '../../native-host/owner/services.ts'
import { type Playground, servePlayground } from '../../native-host/playground/serve-playground.ts'
import { Refusal } from '../../native-host/refusal.ts'
import { listGrants } from '../../native-host/store/grants.ts'
import type { PlaygroundPlace } from '../../shared/protocol/playground-commands.ts'
import { connected, NAMES, openVault, type VaultFixture } from './vault-fixture.ts'

let playground: Playground | null = null
afterEach(() => playground?.close())

test('a playground that nobody uses closes by itself and says so', async () => {
  const idle = Promise.withResolvers<void>()
  playground = await servePlayground({ key: 'k', reaches: () => [], onIdle: idle.resolve, idleMs: 20 })
  await idle.promise
  await expect(fetch(playground.url)).rejects.toThrow()
})

test('two playgrounds have two ports and two addresses, of which neither can be guessed from the other', async () => {
  const parts = { key: 'k', reaches: () => [], onIdle: () => {} }
  playground = await servePlayground(parts)
  const other = await servePlayground(parts)
  expect(new URL(other.url).pathname).not.toBe(new URL(playground.url).pathname)
  expect(new URL(other.url).pathname).toMatch(/^\/[\w-]{22}\/$/)
  expect((await fetch(`${other.origin}${new URL(playground.url).pathname}`)).status).toBe(404)
  other.close()
})

test('a playground that cannot learn what its page may speak to says so, and is there for the next look', async () => {
  let isBusy = true
  const reaches = () => {
    if (isBusy) throw new Error('the database is busy')
    return ['https://api.other.example/v1']
  }
  playground = await servePlayground({ key: 'k', reaches, onIdle: () => {} })
  const busy = await fetch(playground.url)
  expect([busy.status, await busy.text()]).toEqual([503, 'This cannot be shown now. Try again.\n'])
  isBusy = false
  const free = await fetch(playground.url)
  expect([free.status, await free.text()]).toEqual([
    200,
    expect.stringContaining('https://api.other.example'),
  ])
})

test('a playground whose idle end cannot be written down keeps its port, and is closed at the next', async () => {
  const ended = Promise.withResolvers<void>()
  let failures = 0
  const onIdle = () => {
    if (++failures < 3) throw new Error('the disk is full')
    ended.resolve()
  }
  playground = await servePlayground({ key: 'k', reaches: () => [], onIdle, idleMs: 20 })
  await ended.promise
  await expect(fetch(playground.url)).rejects.toThrow()
  expect(failures).toBe(3)
})

describe('of a vault', () => {
  let vault: VaultFixture
  beforeEach(() => {
    vault = openVault()
  })
  afterEach(() => {
    leavePlayground(owner())
    vault.remove()
  })
  const owner = () => ({ store: vault.store, keys: vault.keys, now: Date.now, by: 'cli' as const })
  const origins = () => listGrants(vault.store, vault.keys).map(({ origin }) => origin)

  /** A playground whose page was connected to another service, and whose own is gone. */
  async function withoutItsService(): Promise<PlaygroundPlace> {
    const { capability } = connected(vault)
    const place = await openPlayground(owner())
    grants.add(owner(), { origin: place.origin, topOrigin: place.origin, capability: capability.id })
    services.remove(owner(), place.service)
    return place
  }

  test('a playground whose service the owner removed takes back what other services gave its page', async () => {
    const { origin } = await withoutItsService()
    expect(origins()).toContain(origin)
    closePlayground(owner())
    expect(origins()).toEqual([NAMES.origin])
  })

  test('a process that ends takes it back too', async () => {
    const { origin } = await withoutItsService()
    leavePlayground(owner())
    expect(origins()).not.toContain(origin)
  })

  test('a playground keeps its port where what it gave cannot be taken back, until it can', async () => {
    const { url, origin } = await withoutItsService()
    const context = owner()
    const failing = vi.spyOn(vault.store, 'urgently').mockImplementation(() => {
      throw new Refusal('disk-full', 'the disk is full')
    })
    expect(() => closePlayground(context)).toThrow('the disk is full')
    expect((await fetch(url)).status).toBe(200)
    failing.mockRestore()
    closePlayground(context)
    expect(origins()).not.toContain(origin)
    await expect(fetch(url)).rejects.toThrow()
  })

  test('a process that ends closes its port although nothing can be written', async () => {
    const { url } = await withoutItsService()
    const failing = vi.spyOn(vault.store, 'urgently').mockImplementation(() => {
      throw new Refusal('disk-full', 'the disk is full')
    })
    leavePlayground(owner())
    failing.mockRestore()
    await expect(fetch(url)).rejects.toThrow()
  })
})
