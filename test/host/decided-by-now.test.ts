import { afterEach, beforeEach, expect, test } from 'vitest'
import { findCapability } from '../../native-host/store/capabilities.ts'
import type { Capability } from '../../shared/model/capability.ts'
import { makeCanary } from '../support/canary.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { type ChatUpstream, startChatUpstream } from '../support/upstreams/chat-upstream.ts'

/** Another process changes the vault, as the command line does, and the page's call is the very next thing. */
const KEY = makeCanary('the key', 'sk-now-')
const SITE = 'https://chat.example'
const TURNS = 20

const chat = () => findCapability(vault.store, vault.keys, 'chat') as Capability

let upstream: ChatUpstream
let vault: OwnedVault
let host: NativeHost

beforeEach(async () => {
  upstream = await startChatUpstream(KEY.key, 'hello')
  vault = await OwnedVault.create()
  vault.addService('cloud', `${upstream.url}/v1`, KEY.key)
  host = await NativeHost.start(vault.home)
})
afterEach(async () => {
  await host.close()
  await vault.remove()
  await upstream.close()
})

test('a call is decided by the capability as its owner’s command left it', async () => {
  vault.addCapability('chat', 'cloud', ['GET /v1/models'])
  vault.connect(SITE, chat())
  const { id: document } = await host.document({ origin: SITE })
  for (let turn = 0; turn < TURNS; turn++) {
    const may = turn % 2 === 0
    vault.addCapability('chat', 'cloud', [may ? 'POST /v1/chat/completions' : 'GET /v1/models'])
    const call = host.ask(document, 'POST', `${upstream.url}/v1/chat/completions`, {
      body: '{"model":"gpt-5"}',
    })
    const ended = await call.ended()
    expect({ turn, ...ended }).toMatchObject({
      turn,
      ...(may ? { type: 'end' } : { type: 'problem', code: 'denied' }),
    })
  }
  expect(upstream.journal.arrivals).toHaveLength(TURNS / 2)
})

test('a call right after its site was connected is taken', async () => {
  vault.addCapability('chat', 'cloud', ['POST /v1/chat/completions'])
  for (let turn = 0; turn < TURNS; turn++) {
    const origin = `https://site${turn}.example`
    const { id: document } = await host.document({ origin })
    vault.connect(origin, chat())
    const call = host.ask(document, 'POST', `${upstream.url}/v1/chat/completions`, {
      body: '{"model":"gpt-5"}',
    })
    expect((await call.head()).status).toBe(200)
  }
})
