import { deflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MAX_CALLS_PER_DOCUMENT } from '../../shared/protocol/limits.ts'
import { problemFrames } from '../../shared/protocol/page-frames.ts'
import { FakePort } from '../support/fake-browser.ts'

const world = vi.hoisted(() => ({
  ports: [] as unknown[],
  isValid: true,
  isPrerendering: false,
  isAmongStrangers: false,
  port: null as unknown,
}))
vi.mock('../../extension/content/browser.ts', () => ({
  extension: {
    runtime: {
      connect: ({ name }: { name: string }) => {
        const port = new FakePort(name)
        world.ports.push(port)
        return port
      },
    },
  },
  isContextValid: () => world.isValid,
  isPrerendering: () => world.isPrerendering,
}))
vi.mock('../../extension/content/ancestors.ts', () => ({ isAmongStrangers: () => world.isAmongStrangers }))
const { Carrier } = await import('../../extension/content/carrier.ts')

const ASK = {
  type: 'ask',
  id: 1,
  method: 'GET',
  url: 'https://api.example/',
  headers: [],
  hasBody: false,
  bodyLength: 0,
  redirect: 'follow',
  integrity: '',
  cache: 'default',
}
/** As it goes on: with who sends it; what is verified here is nobody else's business. */
const { integrity: _, ...CLAIMED } = ASK
const SENT = {
  ...CLAIMED,
  sender: { languages: 'de-CH,fr', agent: 'Browser/1', isGecko: false },
}
let life: EventTarget
const ports = () => world.ports as FakePort[]

/** The page's end of the wire: what it is told, and a way to speak. */
function page(carrier: InstanceType<typeof Carrier>) {
  const told: unknown[] = []
  const port = { postMessage: (frame: unknown) => told.push(frame), onmessage: (_: { data: unknown }) => {} }
  carrier.serve(port as unknown as MessagePort)
  return { told, say: (data: unknown) => port.onmessage({ data }) }
}

beforeEach(() => {
  vi.useFakeTimers()
  life = new EventTarget()
  vi.stubGlobal('addEventListener', life.addEventListener.bind(life))
  vi.stubGlobal('document', life)
  vi.stubGlobal('navigator', { languages: ['de-CH', 'fr'], userAgent: 'Browser/1' })
  Object.assign(world, { ports: [], isValid: true, isPrerendering: false, isAmongStrangers: false })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('however often background/ stops before it gave the list, the page’s calls are not let go', async () => {
  const carrier = new Carrier()
  const { told } = page(carrier)
  carrier.connect()
  for (let death = 0; death < 6; death++) {
    ports().at(-1)?.lose(null)
    await vi.advanceTimersByTimeAsync(2000)
  }
  expect(told).toEqual([])
  expect(ports()).toHaveLength(7)
  ports()
    .at(-1)
    ?.onMessage.fire({ type: 'catch', baseUrls: ['https://api.example/'] })
  expect(told).toEqual([
    { type: 'catch', baseUrls: ['https://api.example/'], lost: problemFrames(0, 'host-unavailable') },
  ])
})

test('what the owner is to know goes up once, and again to a background/ that was stopped', () => {
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  const notice = { type: 'notice', notice: 'worker' }
  for (const frame of [notice, notice, { ...notice, notice: 'other' }, { ...notice, more: 1 }]) say(frame)
  expect(ports()[0]?.sent).toEqual([notice])
  ports()[0]?.lose(null)
  carrier.connect()
  expect(ports()[1]?.sent).toEqual([notice])
  expect(told).toEqual([])
})

test('only an extension that is gone lets them go', async () => {
  const carrier = new Carrier()
  const { told } = page(carrier)
  carrier.connect()
  ports().at(-1)?.lose(null)
  world.isValid = false
  await vi.advanceTimersByTimeAsync(2000)
  expect(told).toEqual([{ type: 'gone' }])
})

test('a document that goes into the back/forward cache ends its calls and its port, and opens another on its return', () => {
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  say(ASK)
  expect(ports()[0]?.sent).toEqual([SENT])
  life.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: true }))
  // What the page sends as it goes: of a new port the browser would not witness an active document.
  const last = { ...ASK, id: 9, keepalive: true }
  const end = { type: 'body-end', id: 9 }
  carrier.takeNow(JSON.stringify([last, end]))
  // One message: of several, only the first may arrive.
  expect(ports()[0]?.sent).toEqual([SENT, [{ ...SENT, id: 9, keepalive: true }, end]])
  expect(ports()[0]?.isOpen).toBe(true)
  life.dispatchEvent(new Event('visibilitychange'))
  expect(ports()[0]?.isOpen).toBe(false)
  // What is posted to a document on its way into the cache may be lost.
  expect(told).toEqual([])
  life.dispatchEvent(new Event('pageshow'))
  expect(told).toEqual([...problemFrames(1, 'host-unavailable'), ...problemFrames(9, 'host-unavailable')])
  expect(ports()).toHaveLength(2)
  say({ ...ASK, id: 2 })
  expect(ports()[1]?.sent).toEqual([{ ...SENT, id: 2 }])
})

test('one that nobody saw as it goes into the cache closes its port at once, and text that is no frames is dropped', () => {
  const carrier = new Carrier()
  page(carrier)
  carrier.connect()
  for (const text of ['', 'null', '{}', '[1,null,{"type":"ask"}]', '[[[]]]']) carrier.takeNow(text)
  expect(ports()[0]?.sent).toEqual([])
  Object.assign(life, { visibilityState: 'hidden' })
  life.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: true }))
  expect(ports()[0]?.isOpen).toBe(false)
  Object.assign(life, { visibilityState: 'visible' })
})

test('a prerendered document does not show itself to background/ before it is shown', () => {
  world.isPrerendering = true
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  say(ASK)
  expect(ports()).toEqual([])
  expect(told).toEqual(problemFrames(1, 'host-unavailable'))
  world.isPrerendering = false
  life.dispatchEvent(new Event('prerenderingchange'))
  expect(ports()).toHaveLength(1)
})

test('bytes without credit end their call before they reach background/', () => {
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  say({ ...ASK, method: 'POST', hasBody: true, bodyLength: null })
  for (let piece = 0; piece < 50; piece++) say({ type: 'body', id: 1, base64: 'A'.repeat(128 * 1024) })
  expect(told).toEqual(problemFrames(1, 'malformed'))
  const sent = ports()[0]?.sent as { type: string }[]
  expect(sent.filter(({ type }) => type === 'body').length).toBeLessThan(15)
  expect(sent.at(-1)).toEqual({ type: 'cancel', id: 1 })
})

test('a page that sends on as it gets credit may send without end', () => {
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  say({ ...ASK, method: 'POST', hasBody: true, bodyLength: null })
  for (let piece = 0; piece < 50; piece++) {
    say({ type: 'body', id: 1, base64: 'A'.repeat(128 * 1024) })
    ports()[0]?.onMessage.fire({ type: 'credit', id: 1, bytes: 98_304 })
  }
  expect(told).toHaveLength(50)
  expect(ports()[0]?.sent).toHaveLength(51)
})

test('connects when the first task of its document is over, or at once when the page waits', async () => {
  const [idle, asked] = [new Carrier(), new Carrier()]
  const [told] = [idle, asked].map((carrier) => page(carrier).told)
  for (const carrier of [idle, asked]) carrier.begin()
  expect(ports()).toHaveLength(0)
  asked.hurry()
  expect(ports()).toHaveLength(1)
  await vi.runAllTimersAsync()
  expect(ports()).toHaveLength(2)
  expect(told).toEqual([])
  // It is no way to connect again.
  ports()[0]?.onMessage.fire({ type: 'catch', baseUrls: [] })
  ports()[0]?.lose(null)
  asked.hurry()
  expect(ports()).toHaveLength(2)
})

test('opens no port in a document that went into the back/forward cache before that', async () => {
  const carrier = new Carrier()
  carrier.begin()
  life.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: true }))
  await vi.runAllTimersAsync()
  expect(ports()).toHaveLength(0)
  life.dispatchEvent(new Event('pageshow'))
  expect(ports()).toHaveLength(1)
})

test('lets the calls of a page go whose extension was gone before that', async () => {
  const carrier = new Carrier()
  const { told } = page(carrier)
  carrier.begin()
  world.isValid = false
  await vi.runAllTimersAsync()
  expect(told).toEqual([{ type: 'gone' }])
})

test('says by the name of its port whether a document of a third origin is between it and the tab’s', () => {
  new Carrier().connect()
  world.isAmongStrangers = true
  new Carrier().connect()
  expect(ports().map(({ name }) => name)).toEqual(['page', 'page-among-strangers'])
})

/** Open as many calls as a document may have. */
function fill(say: (frame: unknown) => void): void {
  for (let id = 1; id <= MAX_CALLS_PER_DOCUMENT; id++) say({ ...ASK, id })
}

/** What is cut is told when the work that runs is done. */
const theirTurn = () => Promise.resolve()

test('calls above the most of one document wait for their turn, with what they send, and go in order', async () => {
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  fill(say)
  say({ ...ASK, id: 301, method: 'POST', hasBody: true, bodyLength: 3 })
  say({ type: 'body', id: 301, base64: 'QUFB' })
  say({ ...ASK, id: 302 })
  say({ ...ASK, id: 303 })
  say({ type: 'cancel', id: 302 })
  const port = ports()[0]
  expect(port?.sent).toHaveLength(MAX_CALLS_PER_DOCUMENT)
  port?.onMessage.fire({ type: 'cut', id: 7, code: 'internal' })
  expect(port?.sent.slice(MAX_CALLS_PER_DOCUMENT)).toEqual([
    { ...SENT, id: 301, method: 'POST', hasBody: true, bodyLength: 3 },
    { type: 'body', id: 301, base64: 'QUFB' },
  ])
  say({ type: 'cancel', id: 8 })
  expect(port?.sent.slice(MAX_CALLS_PER_DOCUMENT + 2)).toEqual([
    { type: 'cancel', id: 8 },
    { ...SENT, id: 303 },
  ])
  await theirTurn()
  expect(told).toEqual([{ type: 'cut', id: 7, code: 'internal' }])
})

test('calls that wait are told when background/ is gone, and none is sent later', () => {
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  fill(say)
  say({ ...ASK, id: 301 })
  ports()[0]?.lose(null)
  expect(told.slice(-3)).toEqual(problemFrames(301, 'host-unavailable'))
  expect(ports().flatMap(({ sent }) => sent)).toHaveLength(MAX_CALLS_PER_DOCUMENT)
})

const DIGEST = 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ='
const HEAD = {
  type: 'head',
  id: 1,
  status: 200,
  statusText: '',
  headers: [],
  url: ASK.url,
  redirected: false,
}
const BODY = [
  { type: 'chunk', id: 1, text: 'he' },
  { type: 'chunk', id: 1, base64: 'bGxv' },
]

test.each([
  ['the right digest', DIGEST, true],
  ['one of several', `sha256-AAAA ${DIGEST}`, true],
  ['a digest of another body', 'sha256-AAAA', false],
  ['a weaker one that is right beside a stronger one that is not', `${DIGEST} sha512-AAAA`, false],
  ['no digest anyone knows', 'md5-AAAA', true],
])('a response is held back until it is whole and verified: %s', async (_name, integrity, isShown) => {
  vi.useRealTimers()
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  say({ ...ASK, integrity })
  const port = ports()[0]
  for (const frame of [HEAD, ...BODY]) port?.onMessage.fire(frame)
  expect(told).toEqual([])
  expect(port?.sent.slice(1)).toEqual([2, 3].map((bytes) => ({ type: 'credit', id: 1, bytes })))
  port?.onMessage.fire({ type: 'end', id: 1 })
  await vi.waitFor(() => expect(told).not.toEqual([]), { timeout: 30_000 })
  const cut = { type: 'cut', id: 1, code: 'response-withheld' }
  expect(told).toEqual(isShown ? [HEAD, ...BODY, { type: 'end', id: 1 }] : [cut])
})

test('a problem is no response that could have the digest', async () => {
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  say({ ...ASK, integrity: DIGEST })
  ports()[0]?.onMessage.fire({ type: 'problem', id: 1, code: 'denied' })
  await theirTurn()
  expect(told).toEqual([{ type: 'cut', id: 1, code: 'denied' }])
})

const HELLO = { type: 'chunk', id: 1, base64: 'aGVsbG8=' }
const PACKED = { type: 'packed', id: 1, bytes: 5, deflate: deflateRawSync('hello').toString('base64') }

test('what the host has packed reaches the page as a chunk like any other', async () => {
  vi.useRealTimers()
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  say(ASK)
  for (const frame of [HEAD, PACKED, { type: 'end', id: 1 }]) ports()[0]?.onMessage.fire(frame)
  await vi.waitFor(() => expect(told).toHaveLength(3), { timeout: 30_000 })
  expect(told).toEqual([HEAD, HELLO, { type: 'end', id: 1 }])
})

test('what was packed is verified as it is unpacked', async () => {
  vi.useRealTimers()
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  say({ ...ASK, integrity: DIGEST })
  say({ ...ASK, id: 2, integrity: 'sha256-AAAA' })
  for (const id of [1, 2])
    for (const frame of [HEAD, PACKED, { type: 'end' }]) ports()[0]?.onMessage.fire({ ...frame, id })
  await vi.waitFor(() => expect(told).toHaveLength(4), { timeout: 30_000 })
  expect(told).toContainEqual(HELLO)
  expect(told).toContainEqual({ type: 'cut', id: 2, code: 'response-withheld' })
})

test('packed nonsense ends its call at both ends, and what comes for it later goes nowhere', async () => {
  vi.useRealTimers()
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  say(ASK)
  const port = ports()[0]
  for (const frame of [HEAD, { ...PACKED, bytes: 4 }, PACKED, { type: 'end', id: 1 }])
    port?.onMessage.fire(frame)
  await vi.waitFor(() => expect(told).toHaveLength(2), { timeout: 30_000 })
  expect(told[1]).toEqual({ type: 'cut', id: 1, code: 'internal' })
  expect(port?.sent.at(-1)).toEqual({ type: 'cancel', id: 1 })
})

test('a cut does not wait for what is still packed, and nothing comes after it', async () => {
  vi.useRealTimers()
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  say(ASK)
  const cut = { type: 'cut', id: 1, code: 'session-ended' }
  for (const frame of [HEAD, PACKED, cut]) ports()[0]?.onMessage.fire(frame)
  await theirTurn()
  expect(told).toEqual([HEAD, cut])
  say({ ...ASK, id: 2 })
  for (const frame of [HEAD, PACKED]) ports()[0]?.onMessage.fire({ ...frame, id: 2 })
  await vi.waitFor(() => expect(told).toHaveLength(4), { timeout: 30_000 })
  expect(told[3]).toMatchObject({ type: 'chunk', id: 2 })
})

test('frames that came as one message are told one by one, in their order', () => {
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  say(ASK)
  const head = {
    type: 'head',
    id: 1,
    status: 200,
    statusText: '',
    headers: [],
    url: ASK.url,
    redirected: false,
  }
  const frames = [head, { type: 'chunk', id: 1, text: 'x' }, { type: 'end', id: 1 }]
  ports().at(-1)?.onMessage.fire(frames)
  expect(told).toEqual(frames)
})

/** Open calls whose page has the head of their answer. */
function openHeaded(say: (frame: unknown) => void, ids: number[]): void {
  for (const id of ids) say({ ...ASK, id })
  for (const id of ids) ports()[0]?.onMessage.fire({ ...HEAD, id })
}

test('calls that are cut at one moment are told so as one message, and what came before them by itself', async () => {
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  openHeaded(say, [1, 2, 3, 4])
  told.length = 0
  const chunk = { type: 'chunk', id: 4, text: 'x' }
  const cuts = [1, 2, 3, 4].map((id) => ({ type: 'cut', id, code: 'session-ended' }))
  ports()[0]?.onMessage.fire([...cuts.slice(0, 3), chunk, cuts[3]])
  await theirTurn()
  expect(told).toEqual([{ type: 'cuts', ids: [1, 2, 3] }, chunk, cuts[3]])
})

test('streams whose background/ is gone are cut by one message, in a hidden document when it is shown', async () => {
  const carrier = new Carrier()
  const { told, say } = page(carrier)
  carrier.connect()
  openHeaded(say, [1, 2])
  told.length = 0
  ports()[0]?.lose(null)
  await theirTurn()
  expect(told).toEqual([{ type: 'cuts', ids: [1, 2] }])
  carrier.connect()
  for (const id of [3, 4]) {
    say({ ...ASK, id })
    ports()[1]?.onMessage.fire({ ...HEAD, id })
  }
  told.length = 0
  Object.assign(life, { visibilityState: 'hidden' })
  life.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: true }))
  expect(told).toEqual([])
  life.dispatchEvent(new Event('pageshow'))
  await theirTurn()
  expect(told).toEqual([{ type: 'cuts', ids: [3, 4] }])
})
