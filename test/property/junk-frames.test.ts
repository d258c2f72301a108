import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Door } from '../../native-host/owner/door.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { Commands } from '../../native-host/transport/commands.ts'
import { Connection } from '../../native-host/transport/connection.ts'
import { BrokenWire, FrameReader } from '../../native-host/transport/frame-reader.ts'
import { Outlet } from '../../native-host/transport/outlet.ts'
import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import { FrameToBackgroundSchema } from '../../shared/protocol/native-frames.ts'
import { done, times } from '../support/hard.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { type RawUpstream, startRawUpstream } from '../support/upstreams/raw-upstream.ts'

/** Frames no browser of ours would send: the host ends the wire or answers, and sends nothing to anybody. */
const KEY = 'sk-canary-junk-0123456789abcdef'
const SITE = 'https://junk.example'

let vault: OwnedVault
let upstream: RawUpstream
let door: Door

beforeAll(async () => {
  upstream = await startRawUpstream()
  vault = await OwnedVault.create()
  vault.addService('junk', `${upstream.url}/v1`, KEY)
  vault.addCapability('junk', 'junk', ['GET /v1/nothing-asks-for-this'])
  const capability = findCapability(vault.store, vault.keys, 'junk')
  if (capability === null) throw new Error('no capability')
  vault.connect(SITE, capability)
  door = new Door(vault.home, { change: () => {}, activity: () => {}, lock: () => {} })
  await door.tryHolder()
  expect(door.state).toBe('unlocked')
})
afterAll(async () => {
  door.close()
  await vault.remove()
  await upstream.close()
})

/** Frames as a browser sends them; what is drawn below is these with something wrong in them. */
function honest(): object[] {
  const id = '6b0e7a8e-0000-4000-8000-000000000000'
  const witnessed = { origin: SITE, topOrigin: SITE, tabId: 1, frameId: 0, documentId: 'one' }
  const ask = {
    type: 'ask',
    id: 7,
    document: 1,
    method: 'GET',
    url: `${upstream.url}/v1/denied`,
    headers: [['accept', '*/*']],
  }
  const orders = [
    { name: 'status' },
    { name: 'session-list' },
    { name: 'audit-list', limit: 5 },
    {
      name: 'audit-page',
      where: { text: 'x', end: 'failed' },
      limit: 5,
      from: { below: 9, open: [8] },
      above: 2,
    },
    { name: 'audit-counts', where: { kind: 'calls' }, edges: [0, 3_600_000] },
    { name: 'audit-verify', from: { sequence: 1, mac: '0'.repeat(64) } },
    { name: 'session-revoke', id },
    { name: 'grant-remove', id },
    { name: 'service-rotate', id: 'none', secrets: { token: 'x' } },
    { name: 'approval-list' },
  ]
  return [
    { type: 'hello', protocol: PROTOCOL_VERSION, version: 'junk', heads: [] },
    { type: 'document', document: 1, witnessed },
    { type: 'document-gone', document: 2 },
    { ...ask, hasBody: false, bodyLength: null, redirect: 'follow' },
    { ...ask, id: 8, method: 'POST', hasBody: true, bodyLength: 3, redirect: 'error' },
    { type: 'body', id: 8, base64: 'YWJj' },
    { type: 'body-end', id: 8 },
    { type: 'credit', id: 7, bytes: 100 },
    { type: 'cancel', id: 8 },
    ...orders.map((command, nth) => ({ type: 'command', id: 20 + nth, command })),
  ]
}

/** Values that go where they do not belong. */
const hostile = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 0, 1e308, 2 ** 53, 0.5, '', '\u0000', '\ud800', '../..', [], {}, [
    [],
  ]),
  fc.constantFrom<unknown>('__proto__', { __proto__: { type: 'hello' } }, { toJSON: 1 }, 'A'.repeat(70_000)),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.webUrl(),
)

type Change = readonly [at: number, kind: 'set' | 'drop' | 'add' | 'wrap', value: unknown]

/** A frame with one thing wrong in it, somewhere. */
function spoilt(frame: object, [at, kind, value]: Change): unknown {
  const places: [Record<string, unknown>, string][] = []
  const visit = (part: unknown) => {
    if (typeof part !== 'object' || part === null) return
    for (const key of Object.keys(part)) {
      places.push([part as Record<string, unknown>, key])
      visit((part as Record<string, unknown>)[key])
    }
  }
  visit(frame)
  const place = places[at % places.length]
  if (place === undefined) return frame
  const [part, key] = place
  if (kind === 'set') part[key] = value
  else if (kind === 'drop') delete part[key]
  else if (kind === 'add') part[`${key}x`] = value
  else part[key] = [part[key]]
  return frame
}

const junkText = fc
  .tuple(fc.nat(100), fc.nat(1000), fc.constantFrom('set', 'drop', 'add', 'wrap'), hostile)
  .map(([which, at, kind, value]) => {
    const frames = honest()
    return JSON.stringify(spoilt(frames[which % frames.length] as object, [at, kind, value] as Change))
  })
const junkBytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
)
const framed = fc.oneof(
  { weight: 6, arbitrary: junkText.map((text) => lengthAndBytes(Buffer.from(text))) },
  { weight: 1, arbitrary: junkBytes.map(lengthAndBytes) },
  { weight: 1, arbitrary: junkBytes },
)

function lengthAndBytes(body: Buffer): Buffer {
  const header = Buffer.alloc(4)
  header.writeUInt32LE(body.length)
  return Buffer.concat([header, body])
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** A wire of its own to the one vault, greeted. */
function wire() {
  const said = new PassThrough()
  const written: Buffer[] = []
  said.on('data', (bytes: Buffer) => written.push(bytes))
  const outlet = new Outlet(said)
  const commands = new Commands(outlet, door, () => {})
  const connection = new Connection(outlet, door, (frame) => void commands.run(frame))
  const reader = new FrameReader()
  const push = async (bytes: Buffer) => {
    // As in life nobody waits for a call's end: it may wait for a body that never comes.
    for (const frame of reader.push(bytes)) await Promise.race([connection.receive(frame), nextTurn()])
  }
  return { push, connection, written }
}

test('junk ends the wire or is answered in frames, and reaches no server', {
  timeout: 1_800_000,
}, async () => {
  const runs = times(250, 2600)
  let [frames, broken, answered] = [0, 0, 0]
  const script = fc.array(framed, { minLength: 20, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(script, async (pieces) => {
      let { push, connection, written } = wire()
      const greeting = honest()
        .slice(0, 2)
        .map((frame) => lengthAndBytes(Buffer.from(JSON.stringify(frame))))
      for (const bytes of greeting) await push(bytes)
      for (const bytes of pieces) {
        frames += 1
        try {
          await push(bytes)
        } catch (fault) {
          // The end of this wire, as of the process in life; the next piece meets a new one.
          expect(fault).toBeInstanceOf(BrokenWire)
          broken += 1
          answered += checked(written)
          connection.close()
          ;({ push, connection, written } = wire())
          for (const greet of greeting) await push(greet)
        }
      }
      await nextTurn()
      answered += checked(written)
      connection.close()
    }),
    { numRuns: runs },
  )
  expect(upstream.text()).toBe('')
  expect(broken).toBeGreaterThan(runs)
  expect(answered).toBeGreaterThan(runs)
  done('junk frames', frames)
})

/** Every frame said is one of the protocol's, and none holds the key. @returns how many. */
function checked(written: readonly Buffer[]): number {
  let count = 0
  for (const frame of new FrameReader().push(Buffer.concat(written))) {
    count += 1
    expect(FrameToBackgroundSchema.safeParse(frame).success).toBe(true)
    expect(JSON.stringify(frame)).not.toContain(KEY)
  }
  return count
}
