import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../native-host/store/open-store.ts'
import type { Store } from '../../native-host/store/store.ts'
import { createVault } from '../../native-host/vault/slots.ts'
import type { VaultState } from '../../shared/protocol/native-frames.ts'
import { NativeHost } from '../support/native-host.ts'

/** What happens to the vault elsewhere and opens nothing here is told all the same: an owner's page would show it for ever. */
let root: string
let home: string
let store: Store | null = null
let host: NativeHost | null = null
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vk-'))
  home = join(root, 'home')
})
afterEach(async () => {
  store?.close()
  store = null
  await host?.close()
  host = null
  await rm(root, { recursive: true, force: true })
})

/** A vault that nobody holds open, as after `valetkey init` and `valetkey lock`. */
async function makeVault(): Promise<void> {
  store = openStore(home)
  await createVault(store, { kind: 'key-file', path: join(root, 'key-file') })
}

const told = (wanted: VaultState) => host?.next((frame) => frame.type === 'changed' && frame.vault === wanted)

test('a vault that was made and locked between two looks is told of', async () => {
  host = await NativeHost.start(home)
  expect(host.frames[0]).toMatchObject({ type: 'hello', vault: 'missing' })
  await makeVault()
  expect(await told('locked')).toMatchObject({ live: 0 })
})

test('a vault that was taken away is told of', async () => {
  await makeVault()
  host = await NativeHost.start(home)
  expect(host.frames[0]).toMatchObject({ type: 'hello', vault: 'locked' })
  store?.close()
  await rm(home, { recursive: true })
  expect(await told('missing')).toMatchObject({ live: 0 })
})

test('a vault that stays as it is is told of once', async () => {
  host = await NativeHost.start(home)
  await told('missing')
  // Two looks, one a second.
  await new Promise((resolve) => setTimeout(resolve, 2500))
  expect(host.frames.filter((frame) => frame.type === 'changed')).toHaveLength(1)
})
