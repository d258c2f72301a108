import { afterEach, beforeEach, expect, test } from 'vitest'
import { setAutoLock } from '../../native-host/sessions/auto-lock.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { done, times } from '../support/hard.ts'
import { InProcessHost } from '../support/in-process-host.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/** The end of a session by time, whatever happens to the clocks and to the process meanwhile. */
const KEY = 'sk-of-the-clock'
const SITE = 'https://agent.example'
const YEAR = 365 * 86_400_000
/** How long the host is stopped, as a machine that sleeps stops it, ms. */
const SLEEP = times(12_000, 60_000)

let flow: LoopbackServer
let vault: OwnedVault
beforeEach(async () => {
  flow = await startFlowUpstream(KEY)
  vault = await OwnedVault.create()
  vault.addService('flow', `${flow.url}/v1`, KEY)
  vault.addCapability('flows', 'flow', ['GET /v1/**'])
})
afterEach(async () => {
  await vault.remove()
  await flow.close()
})

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

function connect(ttl: number, limits: { idle?: number } = {}): void {
  const id = `flows-${limits.idle ?? 'busy'}`
  vault.addCapability(id, 'flow', ['GET /v1/**'], { limits })
  const capability = findCapability(vault.store, vault.keys, id)
  if (capability === null) throw new Error('no capability')
  vault.connect(SITE, capability, ttl)
}

for (const [what, ttl, limits] of [
  // Long enough for a busy machine to have a stream running by then.
  ['its time', 10, {}],
  ['its idle time', 3600, { idle: 8 }],
] as const) {
  test.skipIf(process.platform === 'win32')(
    `a host that slept past the end of ${what} hands on nothing of what came in meanwhile`,
    async () => {
      const host = await NativeHost.start(vault.home)
      // Long enough for the host to open the vault: its first list is then the whole.
      await host.document({ origin: 'https://first.example' })
      connect(ttl, limits)
      await later(200)
      const { id: document } = await host.document({ origin: SITE })
      const call = host.ask(document, 'GET', `${flow.url}/v1/clock?every=100`)
      await call.head()
      await later(300)
      host.process.kill('SIGSTOP')
      await later(SLEEP)
      const before = call.bytes().length
      host.process.kill('SIGCONT')
      expect(await call.ended()).toMatchObject({ type: 'cut', code: 'session-ended' })
      // The one event that the process was stopped in the middle of had passed its look; a hundred wait behind it.
      expect(call.bytes().length - before).toBeLessThan(100)
      const next = await host.ask(document, 'GET', `${flow.url}/v1/small`).ended()
      expect(next).toMatchObject({ type: 'problem', code: 'session-ended' })
      done(`ms a host was stopped past the end of ${what}`, SLEEP)
      await host.close()
    },
  )
}

/** A host whose clock the test sets, and a stream through it. */
async function streaming(offset: { ms: number }) {
  const host = await InProcessHost.open(vault.home, {}, () => Date.now() + offset.ms)
  const document = await host.document(SITE)
  const call = host.id()
  const url = `${flow.url}/v1/clock?every=20`
  const rest = { headers: [], hasBody: false, bodyLength: null, redirect: 'follow' as const }
  void host.receive({ type: 'ask', id: call, document, method: 'GET', url, ...rest })
  await host.next('a chunk', (frame) => frame.type === 'chunk' && frame.id === call)
  const ended = () => host.next('the cut', (frame) => frame.type === 'cut' && frame.id === call)
  return { host, ended }
}

test('a clock set forward by a year ends the session and its stream at once, and set back revives neither', async () => {
  connect(3600)
  // A year without use would lock the vault, and the stream would end by that.
  setAutoLock(vault.store, vault.keys, null)
  const offset = { ms: 0 }
  const { host, ended } = await streaming(offset)
  offset.ms = YEAR
  expect((await ended()).frame).toMatchObject({ code: 'session-ended' })
  offset.ms = 0
  const again = await InProcessHost.open(vault.home)
  const answer = await again.order({ name: 'session-list' })
  // A year later it is not listed any more.
  expect(answer.frame).toMatchObject({ value: [] })
  for (const each of [host, again]) each.close()
})

test('a clock set back by a year lengthens neither a session nor its stream', async () => {
  const began = Date.now()
  connect(4)
  const offset = { ms: 0 }
  const { host, ended } = await streaming(offset)
  offset.ms = -YEAR
  expect((await ended()).frame).toMatchObject({ code: 'session-ended' })
  // Four seconds, the grain of the clock, a look each second, and a machine under load: nothing of the year.
  expect(Date.now() - began).toBeLessThan(30_000)
  host.close()
})

test('a clock set back by a year while no host runs does not lengthen a session either', async () => {
  connect(3)
  const offset = { ms: 0 }
  const { host } = await streaming(offset)
  host.close()
  await later(4500)
  offset.ms = -YEAR
  const again = await InProcessHost.open(vault.home, {}, () => Date.now() + offset.ms)
  const answer = await again.order({ name: 'session-list' })
  expect(answer.frame).toMatchObject({ value: [{ endReason: 'expired' }] })
  again.close()
})
