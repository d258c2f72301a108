import { afterEach, beforeEach, expect, test } from 'vitest'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { eventually } from '../support/eventually.ts'
import { InProcessHost } from '../support/in-process-host.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/** A lock that an extension page orders waits neither for its reply to be read nor for what streams. */
const KEY = 'sk-0123456789abcdef'
const SITE = 'https://agent.example'

let flow: LoopbackServer
let vault: OwnedVault
beforeEach(async () => {
  flow = await startFlowUpstream(KEY)
  vault = await OwnedVault.create()
  vault.addService('flow', `${flow.url}/v1`, KEY)
  vault.addCapability('flows', 'flow', ['GET /v1/**'])
  const capability = findCapability(vault.store, vault.keys, 'flows')
  if (capability !== null) vault.connect(SITE, capability)
})
afterEach(async () => {
  await vault.remove()
  await flow.close()
})

test('what streams is cut before the reply, and no call begins after it', async () => {
  const host = await InProcessHost.open(vault.home)
  const document = await host.document(SITE)
  const asked = (path: string) => {
    const id = host.id()
    const rest = { method: 'GET', headers: [], hasBody: false, bodyLength: null, redirect: 'follow' as const }
    void host.receive({ type: 'ask', id, document, url: `${flow.url}/v1/${path}`, ...rest })
    return id
  }
  const streaming = asked('clock')
  await host.next('a chunk', (frame) => frame.type === 'chunk' && frame.id === streaming)
  const { at } = await host.order({ name: 'vault-lock' })
  const ended = await host.next('the cut', (frame) => frame.type === 'cut' && frame.id === streaming)
  expect(ended.frame).toMatchObject({ code: 'vault-locked' })
  expect(host.of(streaming).filter((each) => each.frame.type === 'chunk' && each.at > at)).toEqual([])
  const late = asked('small')
  const refused = await host.next('the problem', (frame) => frame.type === 'problem' && frame.id === late)
  expect(refused.frame).toMatchObject({ code: 'vault-locked' })
  expect(flow.journal.arrivals.filter(({ target }) => target.includes('small'))).toEqual([])
  host.close()
})

test('a browser that reads nothing does not keep the process alive', async () => {
  const host = await NativeHost.start(vault.home)
  const { id: document } = await host.document({ origin: SITE })
  // Each more than a pipe holds, of which nothing is read any more.
  const streaming = ['a', 'b'].map((name) => host.ask(document, 'GET', `${flow.url}/v1/bytes?mib=1&${name}`))
  await Promise.all(streaming.map((call) => call.head()))
  host.process.stdout?.pause()
  host.send({ type: 'command', id: host.id(), command: { name: 'vault-lock' } })
  try {
    await eventually(
      'the host has ended',
      () => host.process.exitCode,
      (code) => code === 0,
    )
  } finally {
    host.process.stdout?.resume()
    await host.close()
  }
})
