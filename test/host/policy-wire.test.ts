import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { broker } from '../../native-host/broker/broker.ts'
import type { Call } from '../../native-host/broker/call.ts'
import type { PageContext } from '../../native-host/broker/context.ts'
import { Inventory } from '../../native-host/broker/inventory.ts'
import { ParkedCalls } from '../../native-host/broker/parked-calls.ts'
import { explain } from '../../native-host/policy/explain.ts'
import { isJsonContent } from '../../native-host/policy/json-content.ts'
import { Problem } from '../../native-host/problem.ts'
import { Live } from '../../native-host/sessions/live.ts'
import { putCapability } from '../../native-host/store/capabilities.ts'
import { putSecret, putService } from '../../native-host/store/services.ts'
import { createUpstream } from '../../native-host/upstream/send.ts'
import { dateKeys } from '../../native-host/vault/lock.ts'
import { type OracleAnswer, oracleAnswer } from '../property/oracle-decision.ts'
import { oracleJson } from '../property/oracle-json.ts'
import { oracleAuth } from '../property/oracle-request.ts'
import { asks, type GeneratedAsk } from '../property/policy-asks.ts'
import { type World, worlds } from '../property/policy-world.ts'
import { done, times } from '../support/hard.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { answerOf, type RawUpstream, startRawUpstream } from '../support/upstreams/raw-upstream.ts'
import { readWireRequest, type WireRequest } from '../support/upstreams/read-requests.ts'

/** Generated asks through the real broker to a socket that records bytes: what was decided is what is sent. */
const SITE = 'https://agent.example'
const KEY = 'sk-canary-policy-wire-000000'
const EACH = 10
const RUNS = times(500, 100_000)
/** How long an ask may wait for the owner before it is given up, ms. */
const GIVE_UP = 5

let upstream: RawUpstream
let vault: OwnedVault
let context: PageContext
const tmpdir = process.env.TMPDIR

beforeAll(async () => {
  // A durable write is some milliseconds on a disk, and each call has two: memory is as good for what is tested here.
  if (RUNS > 10_000 && existsSync('/dev/shm')) process.env.TMPDIR = '/dev/shm'
  vault = await OwnedVault.create()
  upstream = await startRawUpstream((socket, all) => {
    const read = readWireRequest(all)
    if (read === null) return
    const isHead = read.request.method === 'HEAD'
    socket.write(isHead ? answerOf('').replace('length: 0', 'length: 2') : answerOf('ok'))
  })
  const { store, keys } = vault
  const now = Date.now
  dateKeys(keys, 0)
  const live = new Live({ store, keys, now }, { change: () => {}, activity: () => {}, lock: () => {} })
  const parked = new ParkedCalls({ store, keys, now })
  const inventory = new Inventory(store, keys)
  context = { store, keys, now, live, inventory, upstream: createUpstream(), parked }
})
afterAll(async () => {
  context.live.close()
  await context.upstream.close()
  await upstream.close()
  await vault.remove()
  if (tmpdir === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = tmpdir
})

function enter({ service, capability }: World): void {
  putService(vault.store, vault.keys, service)
  putSecret(vault.store, vault.keys, service.id, 'token', Buffer.from(KEY))
  putCapability(vault.store, vault.keys, capability)
  context.inventory.forget()
}

function callOf({ body, ...claimed }: GeneratedAsk, abort: AbortController): Call {
  // Half of the bodies that nothing reads come without a length, as streams do.
  const type = claimed.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? null
  const isStream = body !== null && body.length % 2 === 1 && !isJsonContent(type)
  async function* pieces(bytes: Uint8Array) {
    if (bytes.length > 0) yield bytes.subarray(0, 3)
    if (bytes.length > 3) yield bytes.subarray(3)
  }
  return {
    claimed: {
      ...claimed,
      headers: claimed.headers.map(([name, value]): [string, string] => [name, value]),
      redirect: 'follow',
      bodyLength: body === null || isStream ? null : body.length,
    },
    body: body === null ? null : pieces(body),
    received: () => body?.length ?? 0,
    abort,
    witnessed: { origin: SITE, topOrigin: SITE, tabId: 1, frameId: 0, documentId: 'd' } as Call['witnessed'],
  }
}

/** Send an ask through the broker: null where it was answered, else the reason it was refused for. */
async function send(ask: GeneratedAsk, isAsked: boolean): Promise<string | null> {
  const abort = new AbortController()
  const giveUp = isAsked
    ? setTimeout(() => abort.abort(new Problem('approval-denied', 'given-up')), GIVE_UP)
    : undefined
  try {
    const reply = await broker(callOf(ask, abort), context)
    for await (const _ of reply.body);
    return null
  } catch (problem) {
    if (problem instanceof Problem) return problem.reason
    throw problem
  } finally {
    clearTimeout(giveUp)
  }
}

/** Everything that arrived since the last look: the one request of it, or null for no byte at all. */
function arrived(): WireRequest | null {
  const all = Buffer.concat(upstream.received)
  upstream.received.fill(Buffer.alloc(0))
  if (all.length === 0) return null
  const read = readWireRequest(all)
  expect(read?.length).toBe(all.length)
  return read?.request ?? null
}

/** Hold what arrived against the second opinion: its method, target, headers and body, the credential, and nothing more. */
function checkWire(wire: WireRequest, opinion: OracleAnswer, { service }: World, ask: GeneratedAsk): void {
  const { request } = opinion
  if (request === null) throw new Error('no request was to be sent')
  const auth = oracleAuth(request.method, request.path, service)
  const target = request.url.slice(upstream.url.length)
  const glue = !target.includes('?') ? '?' : /[?&]$/.test(target) ? '' : '&'
  const injected = auth?.kind === 'query' ? `${target}${glue}${auth.param}=${KEY}` : target
  expect([wire.method, wire.target]).toEqual([request.method, injected])
  const expected = [...request.headers]
  if (auth?.kind === 'bearer') expected.push(['authorization', `Bearer ${KEY}`])
  if (auth?.kind === 'header')
    for (const { name, format } of auth.headers) expected.push([name, format.replace('{}', KEY)])
  const frame = ['host', 'connection', 'accept-encoding', 'content-length', 'transfer-encoding']
  const [framing, own] = [true, false].map((is) =>
    wire.headers.filter(([name]) => frame.includes(name.toLowerCase()) === is),
  )
  expect(own?.map(([name, value]) => [name.toLowerCase(), value])).toEqual(expected)
  const framed = framing?.map(([name, value]) => [name.toLowerCase(), value]) ?? []
  const range = request.headers.some(([name]) => name === 'range')
  expect(framed).toContainEqual(['host', upstream.url.slice('http://'.length)])
  expect(framed).toContainEqual(['accept-encoding', range ? 'identity' : 'gzip, br'])
  expect(new Set(framed.map(([name]) => name)).size).toBe(framed.length)
  if (opinion.body === null || opinion.body instanceof Uint8Array) {
    expect(wire.body.equals(ask.body ?? Buffer.alloc(0))).toBe(true)
  } else expect(oracleJson(wire.body)).toEqual(opinion.body)
}

test('of every generated request the bytes on the wire are what was decided, and of a refused one there is none', async () => {
  const origin = upstream.url
  const [first] = fc.sample(worlds(origin, { address: null }), 1)
  if (first === undefined) throw new Error('no world')
  enter(first)
  vault.connect(SITE, first.capability, 86_400)
  const counts = { sent: 0, refused: 0 }
  const property = fc.asyncProperty(
    worlds(origin, { address: null }),
    fc.array(asks(origin), { minLength: EACH, maxLength: EACH }),
    async (world, many) => {
      enter(world)
      for (const ask of many) {
        const opinion = oracleAnswer(ask, world)
        const reason = await send(ask, opinion.effect === 'ask')
        const wire = arrived()
        expect([reason === null, wire !== null]).toEqual([
          opinion.effect === 'allow',
          opinion.effect === 'allow',
        ])
        if (wire !== null) checkWire(wire, opinion, world, ask)
        const explained = explain(ask, ask.body, world.capability, world.service)
        // The broker finds the session by the address first; `explain` is told the capability.
        if (reason !== null && reason !== 'no-session' && opinion.effect !== 'ask')
          expect(reason).toBe(explained.reason)
        counts[wire === null ? 'refused' : 'sent']++
      }
    },
  )
  await fc.assert(property, { numRuns: RUNS / EACH, endOnFailure: true })
  done('generated requests through the broker to a socket that records bytes', counts.sent + counts.refused)
  done('of these sent, each byte as decided', counts.sent)
  expect(counts.sent).toBeGreaterThan(RUNS / 40)
}, 3_600_000)
