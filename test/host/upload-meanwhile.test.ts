import { afterEach, beforeEach, expect, test } from 'vitest'
import { endSession } from '../../native-host/sessions/sessions.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { findService, putService } from '../../native-host/store/services.ts'
import type { FrameToBackground } from '../../shared/protocol/native-frames.ts'
import { authority } from '../support/certificates.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { startEchoUpstream } from '../support/upstreams/echo-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/** What changes between the ask of a call and the last byte of its body, which is read whole before it is decided. */
const KEY = 'sk-0123456789abcdef'
const SITE = 'https://agent.example'
type Answer = Extract<FrameToBackground, { type: 'head' | 'problem' }>

let echo: LoopbackServer
let vault: OwnedVault
let host: NativeHost
let document: number
let sessions: string[]

beforeEach(async () => {
  echo = await startEchoUpstream(KEY)
  vault = await OwnedVault.create()
  vault.addService('echo', `${echo.url}/v1`, KEY)
  sessions = ['one', 'other'].map((id) => {
    vault.addCapability(id, 'echo', ['POST /v1/echo/body'])
    const capability = findCapability(vault.store, vault.keys, id)
    if (capability === null) throw new Error(`no capability ${id}`)
    return vault.connect(SITE, capability).id
  })
  host = await NativeHost.start(vault.home)
  document = (await host.document({ origin: SITE })).id
})
afterEach(async () => {
  await host.close()
  await vault.remove()
  await echo.close()
})

/** A call whose body is there but for its last byte. Returns what sends that, and resolves with the answer. */
async function uploading(): Promise<() => Promise<Answer>> {
  const id = host.id()
  const send = (text: string) => host.send({ type: 'body', id, base64: Buffer.from(text).toString('base64') })
  host.send({
    ...{ type: 'ask', id, document, method: 'POST', url: `${echo.url}/v1/echo/body`, redirect: 'follow' },
    ...{ headers: [['Content-Type', 'application/json']], hasBody: true, bodyLength: 2 },
  })
  send('{')
  // It is being read: what it is for is known by then.
  await host.next((frame) => frame.type === 'credit' && frame.id === id)
  return () => {
    send('}')
    host.send({ type: 'body-end', id })
    return host.next((frame) => (frame.type === 'head' || frame.type === 'problem') && frame.id === id)
  }
}

test('a session that has ended is not chosen where another one grants the call', async () => {
  const first = await (await uploading())()
  const chosen = first.type === 'head' ? first.session : ''
  expect(sessions).toContain(chosen)
  const finish = await uploading()
  endSession(vault.store, vault.keys, chosen, 'revoked', Date.now())
  // By the time that counts are told anew what has ended is cut.
  await host.next((frame) => frame.type === 'changed' && frame.live === 1)
  const [other] = sessions.filter((each) => each !== chosen)
  expect(await finish()).toMatchObject({ type: 'head', status: 200, session: other })
})

test('a service that is another by now is sent nothing that was decided by what it was', async () => {
  const finish = await uploading()
  const service = findService(vault.store, vault.keys, 'echo')
  if (service === null) throw new Error('no service')
  putService(vault.store, vault.keys, { ...service, ca: authority().ca })
  expect(await finish()).toMatchObject({ type: 'problem', code: 'session-ended' })
  expect(echo.journal.calls).toEqual([])
})
