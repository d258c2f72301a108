import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { explain } from '../../native-host/policy/explain.ts'
import { type OracleAnswer, oracleAnswer } from '../property/oracle-decision.ts'
import { oracleJson } from '../property/oracle-json.ts'
import { oracleAuth } from '../property/oracle-request.ts'
import { asks, type GeneratedAsk } from '../property/policy-asks.ts'
import { type World, worlds } from '../property/policy-world.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { done, times } from '../support/hard.ts'
import type { WireRequest } from '../support/upstreams/read-requests.ts'
import { startWireScene, type WireScene } from './policy-wire-fixture.ts'

/** Generated asks through the real broker to a socket that records bytes: what was decided is what is sent. */
const KEY = 'sk-canary-policy-wire-000000'
const EACH = 10
const RUNS = times(500, 100_000)

let scene: WireScene
const tmpdir = process.env.TMPDIR

beforeAll(async () => {
  // A durable write is some milliseconds on a disk, and each call has two: memory is as good for what is tested here.
  if (RUNS > 10_000 && existsSync('/dev/shm')) process.env.TMPDIR = '/dev/shm'
  scene = await startWireScene()
})
afterAll(async () => {
  await scene.close()
  if (tmpdir === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = tmpdir
})

/** Hold what arrived against the second opinion: its method, target, headers and body, the credential, and nothing more. */
function checkWire(wire: WireRequest, opinion: OracleAnswer, { service }: World, ask: GeneratedAsk): void {
  const { request } = opinion
  if (request === null) throw new Error('no request was to be sent')
  const auth = oracleAuth(request.method, request.path, service)
  const target = request.url.slice(scene.url.length)
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
  expect(framed).toContainEqual(['host', scene.url.slice('http://'.length)])
  expect(framed).toContainEqual(['accept-encoding', range ? 'identity' : 'gzip, br'])
  expect(new Set(framed.map(([name]) => name)).size).toBe(framed.length)
  if (opinion.body === null || opinion.body instanceof Uint8Array) {
    expect(wire.body.equals(ask.body ?? Buffer.alloc(0))).toBe(true)
  } else expect(oracleJson(wire.body)).toEqual(opinion.body)
}

test('of every generated request the bytes on the wire are what was decided, and of a refused one there is none', async () => {
  const local = { address: null }
  const counts = { sent: 0, refused: 0 }
  const property = fc.asyncProperty(
    worlds(scene.url, local),
    fc.array(asks(scene.url), { minLength: EACH, maxLength: EACH }),
    async (world, many) => {
      scene.enter(world, KEY)
      for (const ask of many) {
        const opinion = oracleAnswer(ask, world)
        const reason = await scene.send(ask, opinion.effect === 'ask')
        const wire = scene.arrived()
        const isAllowed = opinion.effect === 'allow'
        expect([reason === null, wire !== null]).toEqual([isAllowed, isAllowed])
        if (wire !== null) checkWire(wire, opinion, world, ask)
        checkReason(reason, ask, world)
        counts[wire === null ? 'refused' : 'sent']++
      }
    },
  )
  await fc.assert(property, { numRuns: RUNS / EACH, endOnFailure: true })
  done('generated requests through the broker to a socket that records bytes', counts.sent + counts.refused)
  done('of these sent, each byte as decided', counts.sent)
  expect(counts.sent).toBeGreaterThan(RUNS / 40)
}, 3_600_000)

/** The broker's reason is that of `explain`; only that the broker looks for a session by the address first. */
function checkReason(reason: string | null, ask: GeneratedAsk, { capability, service }: World): void {
  const explained = explain(ask, ask.body, capability, service)
  if (reason === null) expect(explained.decision).toBe('allow')
  else if (reason === 'no-session') expect(explained.request).toBeNull()
  else if (explained.decision === 'deny') expect(reason).toBe(explained.reason)
  else
    expect([explained.decision, reason]).toEqual([
      'ask',
      expect.stringMatching(/^(?:rule-ask|approval-|given-up)/),
    ])
}

test('multipart data with a part that replaces the method never leaves, held or streaming', async () => {
  const service = exampleService({ baseUrls: [scene.url], local: { address: null } })
  scene.enter({ service, capability: exampleCapability(['allow POST /**']) }, KEY)
  const part = (name: string, value: string) =>
    `--X\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const post = (text: string): GeneratedAsk => {
    const headers = [['content-type', 'multipart/form-data; boundary=X']] as const
    return { method: 'POST', url: `${scene.url}/x`, headers, body: Buffer.from(text) }
  }
  const lastIntent = () => {
    const { store, keys } = scene.vault
    return listAudit(store, keys, { limit: 50 }).find(({ kind }) => kind === 'intent')?.id ?? null
  }
  // The scene streams bodies of odd length.
  for (const length of [2000, 2001]) {
    const bad = (fill: number) => `${part('a', 'x'.repeat(fill))}${part('_method', 'DELETE')}--X--\r\n`
    const body = bad(length - bad(0).length)
    const before = lastIntent()
    expect(await scene.send(post(body), false)).toBe('body-relabels')
    expect(scene.arrived()).toBeNull()
    // Held whole it is refused before anything is recorded as meant to be sent.
    expect([length, lastIntent() === before]).toEqual([length, length % 2 === 0])
    expect(await scene.send(post(body.replace('_method', 'methods')), false)).toBeNull()
    expect(scene.arrived()?.body.toString()).toBe(body.replace('_method', 'methods'))
  }
})
