import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import { FakePort } from '../support/fake-browser.ts'

const { fake, settle } = await vi.hoisted(async () => {
  const { fakeBrowser, settle } = await import('../support/fake-browser.ts')
  return { fake: fakeBrowser(), settle }
})
vi.mock('webextension-polyfill', () => ({ default: fake.browser }))
const { CutFirst } = await import('../../extension/background/cut-first.ts')
const { Debts } = await import('../../extension/background/debts.ts')
const { Documents } = await import('../../extension/background/documents.ts')
const { HostCommands } = await import('../../extension/background/host-commands.ts')
const { HostPort } = await import('../../extension/background/host-port.ts')
const { OwedRevocations } = await import('../../extension/background/owed-revocations.ts')
const { WaitingCalls } = await import('../../extension/background/waiting-calls.ts')

const SITE = 'https://app.example'
const BASE = 'https://api.example/v1'
const { local } = fake.browser.storage

/** The background as it is wired, on a stand-in browser. */
function background() {
  const host = new HostPort(() => true)
  const waiting = new WaitingCalls()
  const debts = new Debts()
  const documents = new Documents(host, waiting, debts)
  const owed = new OwedRevocations(host, new CutFirst(new HostCommands(host), documents), debts)
  return { host, waiting, documents, owed }
}
let back: ReturnType<typeof background>
let native: FakePort

function open(site = SITE, top = site): FakePort {
  const [tab, frameId] = [{ id: 1, url: `${top}/` }, site === top ? 0 : 3]
  const port = new FakePort('page', { id: 'valet-key-test', origin: site, tab, frameId })
  back.documents.accept(port as unknown as Parameters<typeof back.documents.accept>[0])
  return port
}
async function greet(vault: 'locked' | 'unlocked'): Promise<void> {
  await settle()
  native = fake.nativePorts.at(-1) as FakePort
  native.onMessage.fire({ type: 'hello', protocol: PROTOCOL_VERSION, version: '1', vault })
  await settle()
}
const list = (document: number, baseUrls = [BASE]) =>
  native.onMessage.fire({ type: 'catch', document, baseUrls })
const changed = (vault: 'locked' | 'unlocked') =>
  native.onMessage.fire({ type: 'changed', vault, live: 0, inFlight: 0, approvals: 0 })
let lastAsk = 0
async function ask(page: FakePort): Promise<void> {
  const [id, url] = [++lastAsk, `${BASE}/chat`]
  const rest = { method: 'GET', headers: [], hasBody: false, bodyLength: null, redirect: 'follow' }
  page.onMessage.fire({ type: 'ask', id, url, ...rest })
  await settle()
}
const asks = () => native.sent.filter((frame) => (frame as { type: string }).type === 'ask').length
interface Order {
  id: number
  command: { name: string; all?: true; origin?: string; id?: string }
}
const orders = () => native.sent.filter((frame) => (frame as Order).command !== undefined) as Order[]
const named = (name: string) => orders().filter(({ command }) => command.name === name)
/** Answers the last order of a name. */
async function answer(name: string, value: unknown = null): Promise<void> {
  native.onMessage.fire({ type: 'reply', id: named(name).at(-1)?.id, value })
  await settle()
}
const problems = (page: FakePort) =>
  page.sent.flatMap((frame) => {
    const { type, code } = frame as { type: string; code: string }
    return type === 'problem' ? [code] : []
  })

beforeEach(() => {
  vi.useFakeTimers()
  fake.nativePorts.length = 0
  local.items.clear()
  fake.permitted.add('<all_urls>')
  back = background()
})
afterEach(() => {
  back.host.close()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** A page that got its list while the vault was open; it is locked now. */
async function lockedPage(site = SITE, top = site): Promise<FakePort> {
  local.items.set(`catch ${site} ${top}`, [BASE])
  const page = open(site, top)
  await greet('locked')
  return page
}

test('a call that asks after the owner’s end of everything does not go out at the unlock before the host has ended it', async () => {
  const page = await lockedPage()
  void back.owed.revokeAll()
  await ask(page)
  list(1)
  changed('unlocked')
  await ask(page)
  expect(asks()).toBe(0)
  await answer('session-revoke', { revoked: 1 })
  expect(problems(page)).toEqual(['session-ended', 'session-ended'])
  await ask(page)
  expect(asks()).toBe(1)
})

test('a call that waits for the unlock goes nowhere where its session was revoked meanwhile', async () => {
  const [page, other] = [await lockedPage(), await lockedPage('https://other.example')]
  await ask(page)
  await ask(other)
  expect(back.waiting.count).toBe(2)
  void back.owed.removeOrigin(SITE)
  await settle()
  list(1)
  list(2)
  changed('unlocked')
  expect(problems(page)).toEqual(['session-ended'])
  expect(problems(other)).toEqual([])
  expect(asks()).toBe(1)
})

test('what is owed for a tab’s site binds the frames in it too', async () => {
  const framed = await lockedPage('https://inner.example', SITE)
  void back.owed.removeOrigin(SITE)
  await ask(framed)
  expect(problems(framed)).toEqual(['session-ended'])
})

test('what was owed before we were started binds from the first call on, and nobody while storage does not say', async () => {
  local.items.set('owed', ['*'])
  const failing = vi.spyOn(local, 'get').mockRejectedValueOnce(new Error('storage'))
  back = background()
  expect(failing).toHaveBeenCalledTimes(1)
  const page = await lockedPage()
  list(1)
  await ask(page)
  changed('unlocked')
  await ask(page)
  expect([asks(), problems(page)]).toEqual([0, ['session-ended', 'session-ended']])
  expect(named('session-revoke')).toHaveLength(1)
})

test('with the vault open the end of everything is ordered at once, whatever is being written or waits for an answer', async () => {
  open()
  await greet('unlocked')
  vi.spyOn(local, 'set').mockImplementation(() => new Promise(() => {}))
  void back.owed.removeOrigin('https://hanging.example')
  await settle()
  expect(named('session-revoke')).toHaveLength(1)
  void back.owed.revokeAll()
  await settle()
  expect(named('session-revoke').at(-1)?.command).toMatchObject({ all: true })
})

test('a debt that is noted again while it is paid is paid again, and then forgotten', async () => {
  open()
  await greet('unlocked')
  void back.owed.removeOrigin(SITE)
  await settle()
  await answer('session-revoke')
  void back.owed.removeOrigin(SITE)
  await answer('grant-list', [])
  expect(local.items.get('owed')).toEqual([SITE])
  expect(named('session-revoke')).toHaveLength(2)
  await answer('session-revoke')
  await answer('grant-list', [])
  expect(local.items.has('owed')).toBe(false)
})

test('storage that could not be read is not written over', async () => {
  local.items.set('owed', ['https://before.example'])
  vi.spyOn(local, 'get')
    .mockRejectedValueOnce(new Error('storage'))
    .mockRejectedValueOnce(new Error('storage'))
  back = background()
  await expect(back.owed.removeOrigin(SITE)).rejects.toThrow('storage')
  expect(local.items.get('owed')).toEqual(['https://before.example'])
})
