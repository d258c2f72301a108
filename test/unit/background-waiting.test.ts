import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PROTOCOL_VERSION, RESUME_WAIT_MS } from '../../shared/protocol/limits.ts'
import { FakePort } from '../support/fake-browser.ts'

const { fake, settle } = await vi.hoisted(async () => {
  const { fakeBrowser, settle } = await import('../support/fake-browser.ts')
  return { fake: fakeBrowser(), settle }
})
vi.mock('webextension-polyfill', () => ({ default: fake.browser }))
const { Documents } = await import('../../extension/background/documents.ts')
const { HostPort } = await import('../../extension/background/host-port.ts')
const { HostCommands } = await import('../../extension/background/host-commands.ts')
const { WaitingAnswers } = await import('../../extension/background/waiting-answers.ts')
const { WaitingCalls } = await import('../../extension/background/waiting-calls.ts')
const { markOf } = await import('../../extension/background/badge.ts')
const { belowBase } = await import('../../extension/background/below-base.ts')

const SITE = 'https://app.example'
const BASE = 'https://api.example/v1'

/** The background as it is wired, on a stand-in browser. */
function background() {
  const host = new HostPort(() => true)
  const waiting = new WaitingCalls()
  const documents = new Documents(host, waiting)
  const answers = new WaitingAnswers({ waiting, documents, commands: new HostCommands(host) })
  return { host, waiting, documents, answers }
}
let back: ReturnType<typeof background>
let native: FakePort

function openNow(site = SITE): FakePort {
  const sender = { id: 'valet-key-test', origin: site, tab: { id: 1, url: `${site}/` }, frameId: 0 }
  const port = new FakePort('page', sender)
  back.documents.accept(port as unknown as Parameters<typeof back.documents.accept>[0])
  return port
}

/** A document that is looked at already. */
async function open(site = SITE): Promise<FakePort> {
  const port = openNow(site)
  await settle()
  return port
}

function greet(vault: 'locked' | 'unlocked'): void {
  native = fake.nativePorts.at(-1) as FakePort
  native.onMessage.fire({ type: 'hello', protocol: PROTOCOL_VERSION, version: '1', vault })
}
const list = (document: number, paused?: string[], baseUrls = [BASE]) =>
  native.onMessage.fire({ type: 'catch', document, baseUrls, ...(paused ? { paused } : {}) })
const changed = (vault: 'locked' | 'unlocked') =>
  native.onMessage.fire({ type: 'changed', vault, live: 0, inFlight: 0, approvals: 0 })
const ask = (page: FakePort, id: number, url = `${BASE}/chat`, hasBody = false) =>
  page.onMessage.fire({
    ...{ type: 'ask', id, method: hasBody ? 'POST' : 'GET', url, headers: [] },
    ...{ hasBody, bodyLength: null, redirect: 'follow' },
  })
const typesSent = (of = native) =>
  of.sent.map((frame) => (frame as { type: string }).type).filter((type) => type !== 'hello')
const asksSent = () => typesSent().filter((type) => type === 'ask').length
const problems = (page: FakePort) =>
  page.sent.filter((frame) => (frame as { type: string }).type === 'problem') as { code: string }[]

beforeEach(() => {
  vi.useFakeTimers()
  fake.nativePorts.length = 0
  fake.browser.storage.local.items.clear()
  fake.permitted.add('<all_urls>')
  back = background()
})
afterEach(() => {
  back.host.close()
  vi.useRealTimers()
})

describe('calls that wait for the owner', () => {
  it('wait under one notice while the session ran out, and go on, body and all, with the next list', async () => {
    const page = await open()
    greet('unlocked')
    list(1, [BASE])
    ask(page, 1)
    ask(page, 2, `${BASE}/other`, true)
    page.onMessage.fire({ type: 'body', id: 2, base64: 'aGVsbG8=' })
    page.onMessage.fire({ type: 'body-end', id: 2 })
    expect(asksSent()).toBe(0)
    expect(back.waiting.list()).toMatchObject([{ origin: SITE, topOrigin: SITE, baseUrl: BASE, calls: 2 }])
    list(1)
    expect(typesSent().slice(-4)).toEqual(['ask', 'ask', 'body', 'body-end'])
    expect(back.waiting.count).toBe(0)
    expect(problems(page)).toEqual([])
  })

  it('a call for a service that is live, or that is none of the list, is the host’s at once', async () => {
    const page = await open()
    greet('unlocked')
    list(1, [BASE], [BASE, 'https://live.example'])
    ask(page, 1, 'https://live.example/x')
    ask(page, 2, 'https://api.example/v2/x')
    ask(page, 3, 'https://api.example/v1x')
    expect(asksSent()).toBe(3)
    expect(back.waiting.count).toBe(0)
  })

  it('wait while the vault is locked, for the list that follows the unlock', async () => {
    const page = await open()
    greet('unlocked')
    list(1)
    native.lose(null)
    await vi.advanceTimersByTimeAsync(2000)
    greet('locked')
    ask(page, 1)
    expect(back.waiting.count).toBe(1)
    changed('unlocked')
    // Whether its session ran out meanwhile is for the list to say.
    expect(asksSent()).toBe(0)
    list(1)
    expect(asksSent()).toBe(1)
  })

  it('a call whose session was revoked does not wait for the vault after the unlock', async () => {
    const page = await open()
    greet('unlocked')
    list(1)
    native.lose(null)
    await vi.advanceTimersByTimeAsync(2000)
    greet('locked')
    ask(page, 1)
    list(1, undefined, [])
    changed('unlocked')
    expect(asksSent()).toBe(1)
    expect(back.waiting.count).toBe(0)
  })

  it('outlive the host that opens the vault with a stored slot, which ends and is started again', async () => {
    const page = await open()
    greet('unlocked')
    list(1)
    native.lose(null)
    await vi.advanceTimersByTimeAsync(2000)
    greet('locked')
    ask(page, 1)
    native.lose(null)
    expect(problems(page)).toEqual([])
    await vi.advanceTimersByTimeAsync(2000)
    greet('unlocked')
    list(1)
    expect(asksSent()).toBe(1)
  })

  it('go to the host, which refuses them, when nobody has answered for the time that is said', async () => {
    const page = await open()
    greet('unlocked')
    list(1, [BASE])
    ask(page, 1)
    vi.advanceTimersByTime(RESUME_WAIT_MS - 1)
    expect(asksSent()).toBe(0)
    vi.advanceTimersByTime(1)
    expect(asksSent()).toBe(1)
    expect(back.waiting.count).toBe(0)
  })

  it('a yes orders the host to go on with that pair and base URL; a no refuses all that waits and is quiet', async () => {
    const page = await open()
    greet('unlocked')
    list(1, [BASE])
    ask(page, 1)
    const [notice] = back.waiting.list()
    const yes = back.answers.order({ name: 'waiting-answer', id: notice?.id ?? 0, goOn: true })
    await settle()
    native.onMessage.fire({ type: 'reply', id: 1, value: { resumed: 1 } })
    await yes
    const resume = { name: 'site-resume', origin: SITE, topOrigin: SITE, baseUrl: BASE }
    expect(native.sent).toContainEqual({ type: 'command', id: 1, command: resume })
    ask(page, 2)
    await back.answers.order({ name: 'waiting-answer', id: notice?.id ?? 0, goOn: false })
    expect(problems(page).map(({ code }) => code)).toEqual(['session-ended', 'session-ended'])
    expect(asksSent()).toBe(0)
    ask(page, 3)
    expect([asksSent(), back.waiting.count]).toEqual([1, 0])
    await expect(
      back.answers.order({ name: 'waiting-answer', id: notice?.id ?? 0, goOn: true }),
    ).rejects.toMatchObject({ code: 'unknown' })
    // The owner connects the site again: what they refused before is forgotten.
    list(1)
    list(1, [BASE])
    ask(page, 4)
    expect(back.waiting.count).toBe(1)
  })

  it('a page that gives its call up, a document that goes and the owner’s end of everything take it along', async () => {
    const [page, other, third] = [
      await open(),
      await open('https://other.example'),
      await open('https://third.example'),
    ]
    greet('unlocked')
    for (const document of [1, 2, 3]) list(document, [BASE])
    for (const each of [page, other, third]) ask(each, 1)
    expect(back.waiting.count).toBe(3)
    page.onMessage.fire({ type: 'cancel', id: 1 })
    expect(back.waiting.count).toBe(2)
    other.lose(null)
    expect(back.waiting.count).toBe(1)
    back.documents.cutFirst({ all: true })()
    expect(back.waiting.count).toBe(0)
    expect(problems(third)).toMatchObject([{ code: 'session-ended' }])
    vi.advanceTimersByTime(RESUME_WAIT_MS * 2)
    expect(asksSent()).toBe(0)
  })

  it('are bounded: of a thousand calls twenty wait and the rest are refused as before', async () => {
    const page = await open()
    greet('unlocked')
    list(1, [BASE])
    for (let id = 1; id <= 1000; id += 1) ask(page, id)
    expect(back.waiting.list()).toMatchObject([{ calls: 20 }])
    // Those above the calls of one document are refused before they get here.
    expect(asksSent()).toBe(180)
    const pages = await Promise.all([2, 3, 4, 5].map((number) => open(`https://site-${number}.example`)))
    for (const [at, each] of pages.entries()) {
      list(at + 2, [BASE])
      for (let id = 1; id <= 20; id += 1) ask(each, id)
    }
    expect(back.waiting.list().reduce((sum, { calls }) => sum + calls, 0)).toBe(50)
  })

  it('a document that nobody witnessed never waits', async () => {
    await open()
    greet('unlocked')
    const page = await open('null')
    ask(page, 1)
    expect(problems(page)).toMatchObject([{ code: 'denied' }])
    expect(back.waiting.count).toBe(0)
  })
})

describe('a call that opens its port, before anybody knows what its site was given', () => {
  it('waits for the unlock as others do, where the last list has its URL', async () => {
    const { local } = fake.browser.storage
    local.items.set(`catch ${SITE} ${SITE}`, [BASE])
    await settle()
    const [held, get] = [Promise.withResolvers<void>(), local.get.bind(local)]
    const slow = vi.spyOn(local, 'get').mockImplementation((key) => held.promise.then(() => get(key)))
    const page = openNow()
    ask(page, 1)
    greet('locked')
    await settle()
    expect(asksSent()).toBe(0)
    held.resolve()
    await settle()
    slow.mockRestore()
    expect([back.waiting.count, asksSent()]).toEqual([1, 0])
    list(1)
    changed('unlocked')
    expect(asksSent()).toBe(1)
  })

  it('waits for the owner where the host says that its session ran out, also of a host that is new', async () => {
    const page = await open()
    greet('unlocked')
    list(1)
    page.lose(null)
    const reopened = openNow()
    ask(reopened, 1)
    await settle()
    expect(asksSent()).toBe(0)
    list(2, [BASE])
    await settle()
    expect([back.waiting.count, asksSent()]).toEqual([1, 0])
    native.lose(null)
    await vi.advanceTimersByTimeAsync(2000)
    greet('unlocked')
    ask(reopened, 2)
    list(2, [BASE])
    await settle()
    expect([back.waiting.list()[0]?.calls, asksSent()]).toEqual([2, 0])
  })

  it('goes to the host where no list comes, and to nobody where its document went', async () => {
    const [page, other] = [openNow(), openNow('https://other.example')]
    greet('unlocked')
    ask(page, 1)
    ask(other, 1)
    other.lose(null)
    await vi.advanceTimersByTimeAsync(2900)
    expect(asksSent()).toBe(0)
    await vi.advanceTimersByTimeAsync(200)
    expect(asksSent()).toBe(1)
  })
})

describe('the badge', () => {
  const connected = { host: 'connected', hostVersion: '1', hostProtocol: 1 } as const
  const state = { ...connected, live: 3, inFlight: 0, paused: false } as const
  it('counts sites that wait with the calls that do, in the colour of a question', () => {
    const shown = (vault: 'locked' | 'unlocked', approvals: number, waiting: number) =>
      markOf({ ...state, vault, approvals }, true, waiting)
    expect(shown('unlocked', 0, 2)).toEqual({ mark: 'live', text: '2', tone: 'asks' })
    expect(shown('unlocked', 1, 2)).toEqual({ mark: 'live', text: '3', tone: 'asks' })
    expect(shown('locked', 0, 1)).toEqual({ mark: 'locked', text: '1', tone: 'asks' })
    expect(shown('locked', 0, 0)).toEqual({ mark: 'locked', text: '', tone: 'count' })
  })
})

describe('below a base URL', () => {
  it.each([
    [`${BASE}`, true],
    [`${BASE}/`, true],
    [`${BASE}/a?b`, true],
    ['https://api.example/v1x', false],
    ['https://api.example/', false],
    ['http://api.example/v1/a', false],
    ['https://api.example:8443/v1/a', false],
    ['https://api.example.evil/v1/a', false],
    ['not a url', false],
  ])('%s: %s', (url, below) => {
    expect(belowBase(url, [BASE])).toBe(below ? BASE : null)
  })
})
