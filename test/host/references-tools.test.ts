import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { putSecret } from '../../native-host/store/services.ts'
import type { Capability } from '../../shared/model/capability.ts'
import { makeCanary, searchFor } from '../support/canary.ts'
import { hasTool } from '../support/debian-tools.ts'
import { writeLauncher } from '../support/launched-host.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { keePassDatabase, MASTER, type PasswordStore, passStore } from '../support/password-stores.ts'
import { refer } from '../support/secret-programs.ts'
import { type ChatUpstream, startChatUpstream } from '../support/upstreams/chat-upstream.ts'
import { CLI } from './cli-fixture.ts'

/** Real password managers, asked for a page's call by the host as a browser starts it: launched, under the permission model. */
const KEY = makeCanary('the key in the password manager', 'sk-managed-')
const SITE = 'https://chat.example'
const hasPass = hasTool('pass')
const hasKeePass = hasTool('keepassxc')

let root: string
let upstream: ChatUpstream
let vault: OwnedVault
let host: NativeHost | null
let store: PasswordStore | null

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  upstream = await startChatUpstream(KEY.key, 'hello')
  vault = await OwnedVault.create()
  vault.addService('cloud', `${upstream.url}/v1`, 'replaced by the reference')
  vault.addCapability('chat', 'cloud', ['POST /v1/chat/completions'])
  vault.connect(SITE, findCapability(vault.store, vault.keys, 'chat') as Capability)
  host = null
  store = null
})
afterEach(async () => {
  await host?.close()
  store?.close()
  await vault.remove()
  await upstream.close()
  rmSync(root, { recursive: true, force: true })
})

/** A page's call, by a browser's host: the service takes the key alone, and no frame may hold it. */
async function expectAnswered(): Promise<void> {
  host = await NativeHost.start(vault.home, writeLauncher(root, CLI, vault.home, root))
  const { id } = await host.document({ origin: SITE })
  const body = '{"model":"gpt-5"}'
  const call = host.ask(id, 'POST', `${upstream.url}/v1/chat/completions`, { body })
  expect((await call.head()).status).toBe(200)
  expect(await call.text()).toContain('hello')
  expect(searchFor([KEY], Buffer.concat(host.written), 'the wire')).toEqual([])
}

test('what `pass` keeps goes to the service for a page’s call', { skip: !hasPass }, async () => {
  store = passStore(root, KEY.key)
  const { argv, environment } = store
  refer(vault, 'cloud', 'token', `command:${JSON.stringify({ argv, environment, seconds: 60 })}`)
  await expectAnswered()
})

test('what KeePassXC keeps goes to the service for a page’s call', { skip: !hasKeePass }, async () => {
  store = keePassDatabase(root, KEY.key)
  putSecret(vault.store, vault.keys, 'cloud', 'master', Buffer.from(MASTER))
  const { argv } = store
  refer(vault, 'cloud', 'token', `command:${JSON.stringify({ argv, stdin: 'master', seconds: 60 })}`)
  await expectAnswered()
})
