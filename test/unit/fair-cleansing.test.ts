import { setImmediate as immediate } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Needle } from '../../native-host/auth/needle.ts'
import { cleanse } from '../../native-host/broker/cleanse.ts'
import { DECODE_LIMITS } from '../../native-host/broker/decode.ts'
import { CallTurns } from '../../native-host/transport/call-turns.ts'
import { Turns } from '../../native-host/transport/turns.ts'
import { KEY } from './auth-fixture.ts'

const PIECE = 60 * 1024
const secrets: Needle[] = [{ bytes: Buffer.from(KEY), pieces: true }]
const request = { method: 'GET', url: '', origin: '', path: '/', query: [], headers: [] }

function twoSites(now?: () => number) {
  const turns = new Turns(now)
  for (const site of ['greedy', 'modest']) turns.enter(site)
  return turns
}

function cleansed(body: AsyncIterable<Uint8Array>, turns: CallTurns, headers: [string, string][] = []) {
  const response = { status: 200, statusText: '', headers, body, destroy: () => {} }
  return cleanse(response, secrets, request, DECODE_LIMITS, (bytes) => turns.slice(bytes)).body
}

/** Two hundred bodies of a greedy site of which a piece comes at once. */
function waitingFor(turns: Turns) {
  const { promise: came, resolve: come } = Promise.withResolvers<void>()
  const looked = { pieces: 0 }
  const abort = new AbortController()
  async function* body() {
    await came
    yield Buffer.alloc(PIECE, '~')
  }
  const reading = Array.from({ length: 200 }, async () => {
    const turnsOfOne = new CallTurns(turns, 'greedy', abort.signal)
    for await (const _ of cleansed(body(), turnsOfOne)) looked.pieces += 1
  })
  return { come, looked, abort, all: Promise.allSettled(reading) }
}

test('of two hundred services that answer at once two pieces are looked through before another site’s call begins', async () => {
  const turns = twoSites()
  const { come, looked, all } = waitingFor(turns)
  await immediate()
  come()
  await immediate()
  await turns.next('modest')
  expect(looked.pieces).toBeGreaterThan(0)
  expect(looked.pieces).toBeLessThanOrEqual(4)
  await all
  expect(looked.pieces).toBe(200)
})

test('a piece is looked through in its turn, and not before it', async () => {
  const turn = Promise.withResolvers<void>()
  async function* body() {
    yield Buffer.from(`a key: ${KEY}.`)
  }
  const response = { status: 200, statusText: '', headers: [], body: body(), destroy: () => {} }
  const clean = cleanse(response, secrets, request, DECODE_LIMITS, () => turn.promise)
  const first = clean.body[Symbol.asyncIterator]().next()
  await immediate()
  expect(clean.redactions()).toBe(0)
  turn.resolve()
  await first
  expect(clean.redactions()).toBe(1)
})

test('while a call of another site is ahead nothing of them is looked through', async () => {
  const turns = twoSites(() => 0)
  const { come, looked, all } = waitingFor(turns)
  const fallBack = turns.headStart('modest')
  come()
  await turns.next('modest')
  expect(turns.slice('modest', PIECE)).toBeNull()
  expect(looked.pieces).toBe(0)
  fallBack()
  await all
})

test('of bodies that are given up nothing more is looked through, and they leave no turn behind', async () => {
  const turns = twoSites()
  const { come, looked, abort, all } = waitingFor(turns)
  come()
  await immediate()
  expect(turns.waiting).toBeGreaterThan(190)
  const before = looked.pieces
  abort.abort(new Error('given up'))
  expect(turns.waiting).toBe(0)
  const ended = await all
  expect(ended.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(190)
  expect(looked.pieces).toBe(before)
})

test('an unpacked body has a turn for each piece of what it came to, not of what was sent', async () => {
  const asked: number[] = []
  const turns = new CallTurns(new Turns(), 'greedy', new AbortController().signal)
  const slice = turns.slice.bind(turns)
  turns.slice = (bytes) => {
    asked.push(bytes)
    return slice(bytes)
  }
  async function* bomb() {
    yield gzipSync(Buffer.alloc(1024 * 1024))
  }
  for await (const _ of cleansed(bomb(), turns, [['content-encoding', 'gzip']]));
  expect(asked.reduce((sum, bytes) => sum + bytes, 0)).toBe(1024 * 1024)
  expect(Math.max(...asked)).toBeLessThanOrEqual(64 * 1024)
})
