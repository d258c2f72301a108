import { afterAll, beforeAll, expect, test } from 'vitest'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { CHUNK_BYTES } from '../../shared/protocol/limits.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { type LoopbackServer, startLoopbackServer } from '../support/upstreams/loopback-server.ts'

const KEY = 'sk-canary-packed-0123456789abcdefghij'
const SITE = 'https://reader.example'
const LINE = '{"object":"list.item","owner":"größe","tags":["a","b"]}\n'

/** Texts between which the service puts the key it was sent, at places of every kind: some fall across two pieces. */
const TEXTS = Array.from({ length: 40 }, (_, n) => LINE.repeat(120 + n * 7).slice(n))

let upstream: LoopbackServer
let vault: OwnedVault
let host: NativeHost
let document: number

beforeAll(async () => {
  upstream = await startLoopbackServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.url === '/v1/echo') {
      const key = (request.headers.authorization ?? '').replace('Bearer ', '')
      response.end(TEXTS.join(key))
    } else if (request.url === '/v1/short') response.end(LINE.repeat(100))
    else for (let n = 0; n < 3; n++) setTimeout(() => (n < 2 ? response.write(LINE) : response.end()), n * 50)
  })
  vault = await OwnedVault.create()
  vault.addService('reader', `${upstream.url}/v1`, KEY)
  vault.addCapability('all', 'reader', ['GET /v1/**'])
  const capability = findCapability(vault.store, vault.keys, 'all')
  if (capability === null) throw new Error('no capability')
  vault.connect(SITE, capability)
  host = await NativeHost.start(vault.home)
  document = (await host.document({ origin: SITE })).id
})
afterAll(async () => {
  await host.close()
  await vault.remove()
  await upstream.close()
})

const typesOf = (id: number) =>
  host.frames.flatMap((each) => ('id' in each && each.id === id ? each.type : []))

/** Credit as a page gives it, so that a long body comes to its end. */
function read(id: number): void {
  host.send({ type: 'credit', id, bytes: CHUNK_BYTES * 8 })
}

test('a key that a service puts into a long text is taken out before the text is packed', async () => {
  const call = host.ask(document, 'GET', `${upstream.url}/v1/echo`)
  await call.head()
  read(call.id)
  const text = await call.text()
  expect(text).toBe(TEXTS.join('[redacted]'))
  const packed = host.frames.filter((frame) => frame.type === 'packed' && frame.id === call.id)
  expect(packed.length).toBeGreaterThan(3)
  const wire = packed.reduce((sum, frame) => sum + JSON.stringify(frame).length, 0)
  expect(wire).toBeLessThan(text.length / 4)
})

test.each(['short', 'events'])('what comes in small pieces is never packed: %s', async (path) => {
  const call = host.ask(document, 'GET', `${upstream.url}/v1/${path}`)
  await call.ended()
  const types = typesOf(call.id)
  expect([types[0], types.at(-1)]).toEqual(['head', 'end'])
  expect(new Set(types.slice(1, -1))).toEqual(new Set(['chunk']))
})
