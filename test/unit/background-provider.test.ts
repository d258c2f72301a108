import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SiteView } from '../../shared/model/site.ts'
import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import { FakePort } from '../support/fake-browser.ts'

const { fake, settle } = await vi.hoisted(async () => {
  const { fakeBrowser, settle } = await import('../support/fake-browser.ts')
  return { fake: fakeBrowser(), settle }
})
vi.mock('webextension-polyfill', () => ({ default: fake.browser }))
const { Documents } = await import('../../extension/background/documents.ts')
const { HostPort } = await import('../../extension/background/host-port.ts')
const { HostCommands } = await import('../../extension/background/host-commands.ts')
const { RequestWindow } = await import('../../extension/background/request-window.ts')
const { SiteProvider } = await import('../../extension/background/site-provider.ts')
const { SiteRequests } = await import('../../extension/background/site-requests.ts')
const { ToldSessions } = await import('../../extension/background/told-sessions.ts')

const SITE = 'https://app.example'
const GIVEN = {
  service: 'openai',
  capability: 'chat',
  baseUrls: ['https://api.openai.com'],
  placeholder: 'sk-placeholder',
  expiresAt: 2e12,
}

/** The background as it is wired, on a stand-in browser. */
function background() {
  const host = new HostPort(() => true)
  const commands = new HostCommands(host)
  const documents = new Documents(host)
  const requests = new SiteRequests()
  const window = new RequestWindow(requests)
  const provider = new SiteProvider({ host, commands, requests, told: new ToldSessions(host, commands) })
  documents.takeOther = (document, message) => provider.take(document, message)
  documents.onGone.add((document) => provider.gone(document))
  documents.onBanished.add((document) => provider.banished(document))
  return { host, requests, window, documents }
}
let back: ReturnType<typeof background>
let native: FakePort
let view: SiteView

function open(site = SITE, top = site): FakePort {
  const sender = {
    ...{ id: 'valet-key-test', origin: site, tab: { id: 1, url: `${top}/` } },
    frameId: site === top ? 0 : 3,
  }
  const port = new FakePort('page', sender)
  back.documents.accept(port as unknown as Parameters<typeof back.documents.accept>[0])
  return port
}

/** A host that answers every command of the provider from `view`. */
function greet(vault: 'locked' | 'unlocked' = 'unlocked'): void {
  native = fake.nativePorts.at(-1) as FakePort
  native.onMessage.fire({ type: 'hello', protocol: PROTOCOL_VERSION, version: '1', vault })
  const post = native.postMessage.bind(native)
  native.postMessage = (frame: unknown) => {
    post(frame)
    const { type, id, command } = frame as { type: string; id: number; command: { name: string } }
    if (type !== 'command') return
    const answer = command.name === 'site-view' ? structuredClone(view) : null
    queueMicrotask(() => native.onMessage.fire({ type: 'reply', id, value: answer }))
  }
}
const commands = () =>
  native.sent.flatMap((frame) => {
    const { command } = frame as { command?: { name: string } }
    return command === undefined ? [] : [command]
  })

let lastId = 0
async function order(page: FakePort, name: string, wish: object = {}, active = true): Promise<number> {
  lastId += 1
  page.onMessage.fire({ type: 'provider', id: lastId, order: name, active, ...wish })
  await settle()
  return lastId
}
const answerTo = (page: FakePort, id: number) =>
  page.sent.find(
    (frame) =>
      (frame as { type: string; id: number }).type === 'provided' && (frame as { id: number }).id === id,
  )
/** Sessions that a page was told are over. */
const told = (page: FakePort) =>
  page.sent.flatMap((frame) => {
    const { type, id, value } = frame as { type: string; id: number; value: unknown }
    return type === 'provided' && id === 0 ? [value] : []
  })
async function ordered(...args: Parameters<typeof order>): Promise<unknown> {
  const id = await order(...args)
  return answerTo(args[0], id)
}

beforeEach(() => {
  vi.useFakeTimers()
  fake.nativePorts.length = 0
  fake.windows.clear()
  fake.permitted.add('<all_urls>')
  fake.browser.storage.session.items.clear()
  view = { sessions: [], paused: [] }
  back = background()
})
afterEach(() => {
  back.host.close()
  vi.useRealTimers()
})

describe('what a page learns of its own', () => {
  it.each([
    ['available', { sessions: [GIVEN], paused: [] }],
    ['paused', { sessions: [], paused: [{ ...GIVEN, expiresAt: null }] }],
    ['needs-grant', { sessions: [], paused: [] }],
  ])('availability: %s', async (said, seen) => {
    const page = open()
    greet()
    view = seen
    expect(await ordered(page, 'availability')).toMatchObject({ value: said })
    expect(await ordered(page, 'availability', { service: 'openai' })).toMatchObject({ value: said })
    expect(await ordered(page, 'availability', { service: 'https://api.openai.com/v1' })).toMatchObject({
      value: said,
    })
    expect(await ordered(page, 'availability', { service: 'other' })).toMatchObject({ value: 'needs-grant' })
  })

  it('asks the host for nothing but its own pair, whatever it sends along', async () => {
    const page = open('https://inner.example', SITE)
    greet()
    page.onMessage.fire({ type: 'provider', id: 90, order: 'sessions', active: true, origin: SITE })
    await order(page, 'sessions')
    expect(commands()).toEqual([{ name: 'site-view', origin: 'https://inner.example', topOrigin: SITE }])
    expect(answerTo(page, 90)).toBeUndefined()
  })

  it('says that the vault is locked, and that there is no host', async () => {
    const page = open()
    greet('locked')
    expect(await ordered(page, 'availability')).toMatchObject({ value: 'locked' })
    native.lose('Specified native messaging host not found.')
    expect(await ordered(page, 'availability')).toMatchObject({ value: 'no-host' })
  })

  it('says nothing to a document without an identity', async () => {
    open()
    greet()
    const stranger = open('null')
    for (const name of ['availability', 'sessions', 'release', 'request'])
      expect(await ordered(stranger, name, { service: 'openai' })).toMatchObject({ code: 'not-allowed' })
    expect(commands()).toEqual([])
  })

  it('is told once that a session it was told of is over; a page that never asked is told nothing', async () => {
    const [page, other] = [open(), open()]
    greet()
    view = { sessions: [GIVEN], paused: [] }
    await order(page, 'sessions')
    const over = (of: FakePort) => of.sent.filter((frame) => (frame as { id: number }).id === 0)
    const change = async (live: number) => {
      native.onMessage.fire({ type: 'changed', vault: 'unlocked', live, inFlight: 0, approvals: 0 })
      await vi.advanceTimersByTimeAsync(300)
    }
    await change(1)
    expect(over(page)).toEqual([])
    view = { sessions: [], paused: [] }
    await change(0)
    expect(over(page)).toEqual([{ type: 'provided', id: 0, value: GIVEN }])
    await change(1)
    expect(over(page)).toHaveLength(1)
    expect(over(other)).toEqual([])
  })

  it('is told when another session takes the place of one, and asks nothing of the host for calls that come and go', async () => {
    const page = open()
    greet()
    view = { sessions: [GIVEN], paused: [] }
    await order(page, 'sessions')
    const change = async (inFlight: number, more = {}) => {
      native.onMessage.fire({ type: 'changed', vault: 'unlocked', live: 1, inFlight, approvals: 0, ...more })
      await vi.advanceTimersByTimeAsync(300)
    }
    await change(0)
    const asked = commands().length
    for (const inFlight of [1, 2, 1, 0, 0]) await change(inFlight, { traffic: true })
    expect(commands()).toHaveLength(asked)
    view = { sessions: [{ ...GIVEN, expiresAt: GIVEN.expiresAt + 1 }], paused: [] }
    await change(0)
    expect(told(page)).toEqual([GIVEN])
  })

  it('is told that all are over when its permission is withdrawn, also while it asks', async () => {
    const page = open()
    greet()
    view = { sessions: [GIVEN], paused: [] }
    await order(page, 'sessions')
    page.onMessage.fire({ type: 'provider', id: 91, order: 'sessions', active: true })
    back.documents.banish([SITE])
    await settle()
    expect(told(page)).toEqual([GIVEN])
    expect(answerTo(page, 91)).toMatchObject({ code: 'not-allowed' })
  })

  it('is not looked after any more when it went before it was told', async () => {
    const [page] = [open(), open()]
    greet()
    await settle()
    view = { sessions: [GIVEN], paused: [] }
    page.onMessage.fire({ type: 'provider', id: 92, order: 'sessions', active: true })
    page.lose(null)
    await settle()
    const asked = commands().length
    native.onMessage.fire({ type: 'changed', vault: 'unlocked', live: 5, inFlight: 0, approvals: 0 })
    await vi.advanceTimersByTimeAsync(300)
    expect([asked, commands().length]).toEqual([1, 1])
  })
})

describe('what a page asks for', () => {
  const wish = { service: 'openai', capability: 'chat', reason: 'Because.' }

  it('is shown in one window, and a yes gives it to that pair of origins', async () => {
    const page = open()
    greet()
    const id = await order(page, 'request', wish)
    expect(back.requests.current).toMatchObject({ origin: SITE, topOrigin: SITE, ...wish })
    expect(fake.windows.size).toBe(1)
    const request = back.requests.current?.id ?? 0
    view = { sessions: [GIVEN], paused: [] }
    await back.requests.order({
      name: 'site-request-answer',
      id: request,
      give: { capability: 'chat', ttl: 60, askWrites: true },
    })
    await settle()
    const given = { capability: 'chat', ttl: 60, askWrites: true }
    const connect = { name: 'connect', origin: SITE, topOrigin: SITE, ...given }
    expect(commands()).toContainEqual(connect)
    expect(answerTo(page, id)).toEqual({ type: 'provided', id, value: GIVEN })
    expect(fake.windows.size).toBe(0)
    await expect(
      back.requests.order({ name: 'site-request-answer', id: request, give: null }),
    ).rejects.toMatchObject({ code: 'unknown' })
  })

  it('is given at once, without a window, where the site has it', async () => {
    const page = open()
    greet()
    view = { sessions: [GIVEN], paused: [] }
    expect(await ordered(page, 'request', { service: 'openai' })).toMatchObject({ value: GIVEN })
    expect(fake.windows.size).toBe(0)
  })

  it.each([
    ['not-activated', wish, false],
    ['malformed', { reason: 'no service' }, true],
    ['unknown-service', { service: 'No Such!' }, true],
    ['unknown-service', { service: 'javascript:alert(1)' }, true],
  ])('%s: no window opens', async (code, asked, active) => {
    const page = open()
    greet()
    expect(await ordered(page, 'request', asked, active)).toMatchObject({ code })
    expect(fake.windows.size).toBe(0)
  })

  it('is busy for everybody else while one waits', async () => {
    const [page, other] = [open(), open('https://other.example')]
    greet()
    await order(page, 'request', wish)
    expect(await ordered(other, 'request', wish)).toMatchObject({ code: 'busy' })
    expect(await ordered(page, 'request', wish)).toMatchObject({ code: 'busy' })
    expect(fake.windows.size).toBe(1)
  })

  it.each(['closed', 'silence', 'no', 'crashed'] as const)('%s is a no', async (how) => {
    const page = open()
    greet()
    const id = await order(page, 'request', wish)
    const [windowId = 0] = fake.windows.keys()
    if (how === 'closed') back.window.removed(windowId)
    if (how === 'silence') await vi.advanceTimersByTimeAsync(120_000)
    if (how === 'no') back.requests.deny()
    if (how === 'crashed') {
      const url = fake.browser.runtime.getURL('extension/popup/request.html')
      const port = new FakePort('owner', { id: 'valet-key-test', url, tab: { windowId } })
      back.window.accept(port as unknown as Parameters<typeof back.window.accept>[0])
      port.lose(null)
    }
    await settle()
    expect(answerTo(page, id)).toEqual({ type: 'provided', id, code: 'user-denied' })
    expect(back.requests.current).toBeNull()
    expect(commands().map(({ name }) => name)).not.toContain('connect')
  })

  it('a site that was told no is not asked about at once, and after three times for ten minutes; another one is', async () => {
    const [page, other] = [open(), open('https://other.example')]
    greet()
    for (const turn of [1, 2, 3]) {
      expect(await ordered(page, 'request', wish), `turn ${turn}`).toBeUndefined()
      back.requests.deny()
      await settle()
      expect(await ordered(page, 'request', wish)).toMatchObject({ code: 'muted' })
      await vi.advanceTimersByTimeAsync(5001)
    }
    expect(await ordered(page, 'request', wish)).toMatchObject({ code: 'muted' })
    expect(await ordered(other, 'request', wish)).toBeUndefined()
    back.requests.deny()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(await ordered(page, 'request', wish)).toBeUndefined()
  })

  it('goes with its page, which is nobody’s no', async () => {
    const page = open()
    greet()
    await order(page, 'request', wish)
    page.lose(null)
    await settle()
    expect(back.requests.current).toBeNull()
    expect(fake.windows.size).toBe(0)
    expect(await ordered(open(), 'request', wish)).toBeUndefined()
    expect(back.requests.current).not.toBeNull()
  })

  it('a permission that was withdrawn meanwhile gives nothing', async () => {
    const page = open()
    greet()
    const id = await order(page, 'request', wish)
    back.documents.banish([SITE])
    const request = back.requests.current?.id ?? 0
    await back.requests.order({
      name: 'site-request-answer',
      id: request,
      give: { capability: 'chat', ttl: 60 },
    })
    await settle()
    expect(answerTo(page, id)).toEqual({ type: 'provided', id, code: 'user-denied' })
    expect(commands().map(({ name }) => name)).not.toContain('connect')
  })

  it('a frame of another site takes up what its pair was given, and asks for nothing new', async () => {
    const framed = open('https://inner.example', SITE)
    greet()
    expect(await ordered(framed, 'request', wish)).toMatchObject({ code: 'not-allowed' })
    expect(fake.windows.size).toBe(0)
    view = { sessions: [], paused: [{ ...GIVEN, expiresAt: null }] }
    expect(await ordered(framed, 'request', wish)).toBeUndefined()
    expect(back.requests.current).toMatchObject({ origin: 'https://inner.example', topOrigin: SITE })
  })
})
