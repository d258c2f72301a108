import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type browser from 'webextension-polyfill'
import { type ConnectIntent, OwnerCommandSchema } from '../../shared/protocol/owner-port.ts'
import { AnsweringHost } from '../support/answering-host.ts'
import { FakePort } from '../support/fake-browser.ts'

const { fake, settle } = await vi.hoisted(async () => {
  const { fakeBrowser, settle } = await import('../support/fake-browser.ts')
  return { fake: fakeBrowser(), settle }
})
vi.mock('webextension-polyfill', () => ({ default: fake.browser }))
const { Connect } = await import('../../extension/background/connect.ts')
const { ConnectIntents } = await import('../../extension/background/connect-intents.ts')
const { Debts } = await import('../../extension/background/debts.ts')
const { Documents } = await import('../../extension/background/documents.ts')
const { HostCommands } = await import('../../extension/background/host-commands.ts')
const { HostPort } = await import('../../extension/background/host-port.ts')
const { OwedRevocations } = await import('../../extension/background/owed-revocations.ts')
const { Permissions } = await import('../../extension/background/permissions.ts')

const SITE = 'https://app.example'
const PATTERN = 'https://app.example/*'
const INTENT: ConnectIntent = {
  name: 'connect-intent',
  origin: SITE,
  tabId: 1,
  capability: 'chat',
  ttl: 600,
}

let answering: AnsweringHost

async function background() {
  const host = new HostPort(() => false)
  const commands = new HostCommands(host)
  const debts = new Debts()
  const documents = new Documents(host, undefined, debts)
  const owed = new OwedRevocations(host, commands, debts)
  const permissions = new Permissions({ host, commands, documents, owed })
  const intents = new ConnectIntents()
  const connect = new Connect({ intents, commands, permissions, owed })
  const opened = host.open()
  const port = fake.nativePorts.at(-1)
  if (port !== undefined) answering.attach(port)
  await opened
  return { host, documents, permissions, intents, connect, owed, port }
}

function openPage(documents: InstanceType<typeof Documents>): FakePort {
  const sender = { id: 'valet-key-test', origin: SITE, tab: { id: 1, url: `${SITE}/` }, frameId: 0 }
  const page = new FakePort('page', sender)
  documents.accept(page as unknown as browser.Runtime.Port)
  return page
}

let lastAsk = 0

/** Whether a call of the page is denied without asking the host. */
function isDenied(page: FakePort): boolean {
  const id = ++lastAsk
  const ask = { method: 'GET', url: 'https://api.example/x', headers: [], hasBody: false, bodyLength: null }
  page.onMessage.fire({ type: 'ask', id, redirect: 'follow', ...ask })
  const { type, code } = (page.sent.at(-1) ?? {}) as { type?: string; code?: string }
  return type === 'problem' && code === 'denied'
}

function registeredIds(): string[] {
  return [...fake.registered.keys()].sort()
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('location', { href: 'chrome-extension://valet-key-test/worker.js' })
  answering = new AnsweringHost()
  fake.nativePorts.length = 0
  fake.permitted.clear()
  fake.registered.clear()
  fake.injected.length = 0
  fake.tabs.length = 0
  fake.browser.storage.session.items.clear()
  fake.browser.storage.local.items.clear()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('connecting a site', () => {
  it('waits for the permission, and finishes when the browser says it is there', async () => {
    const { connect, intents } = await background()
    expect(await connect.start(INTENT)).toBeNull()
    expect(await intents.outcome(SITE)).toMatchObject({ state: 'waiting' })
    expect(answering.ordered).not.toContain('connect')
    fake.permitted.add(PATTERN)
    await connect.permissionsAdded()
    expect(await intents.outcome(SITE)).toMatchObject({ state: 'connected' })
    expect(registeredIds()).toEqual([`content ${SITE}`, `page ${SITE}`])
  })

  it('finishes at once where the permission is there, in the tabs of that site only', async () => {
    const { connect } = await background()
    fake.permitted.add(PATTERN)
    fake.tabs.push({ id: 1, url: `${SITE}/chat` }, { id: 2, url: 'https://app.example:8443/' })
    const injectedAtConnect: number[] = []
    answering.onConnect = () => injectedAtConnect.push(fake.injected.length)
    expect(await connect.start(INTENT)).toMatchObject({ origin: SITE })
    expect(injectedAtConnect).toEqual([2])
    expect(new Set(fake.injected.map(({ tabId }) => tabId))).toEqual(new Set([1]))
  })

  it.each([{ askWrites: true }, { askWrites: false }, {}])(
    'takes the owner’s wish to be asked along: %j',
    async (wish) => {
      const { connect } = await background()
      fake.permitted.add(PATTERN)
      const ordered: unknown[] = []
      answering.onConnect = (command) => ordered.push(command)
      await connect.start({ ...INTENT, ...wish })
      const place = { name: 'connect', origin: SITE, topOrigin: SITE, capability: 'chat', ttl: 600 }
      expect(ordered).toEqual([{ ...place, ...wish }])
    },
  )

  it('has its scripts registered before the host makes the session: a page may load anew when that is shown', async () => {
    const { connect } = await background()
    fake.permitted.add(PATTERN)
    const registeredAtConnect: string[][] = []
    answering.onConnect = () => registeredAtConnect.push(registeredIds())
    await connect.start(INTENT)
    expect(registeredAtConnect).toEqual([[`content ${SITE}`, `page ${SITE}`]])
  })

  it('keeps them where grants are looked through while the host is asked for this one', async () => {
    answering.grants = [{ id: 'b', origin: 'https://b.example', topOrigin: 'https://b.example' }]
    fake.permitted.add(PATTERN).add('https://b.example/*')
    answering.silentOn.add('connect')
    const { connect, permissions } = await background()
    void connect.start(INTENT).catch(() => {})
    while (!answering.ordered.includes('connect')) await settle()
    await permissions.reconcile()
    expect(registeredIds()).toContain(`content ${SITE}`)
    expect(await fake.browser.storage.local.get('served')).toEqual({ served: ['https://b.example'] })
  })

  it('leaves no script behind where the host refuses, and takes none from a grant that the site has', async () => {
    const { connect } = await background()
    fake.permitted.add(PATTERN)
    answering.refuseConnects = 1
    await expect(connect.start(INTENT)).rejects.toThrow('no such capability')
    expect(registeredIds()).toEqual([])
    await connect.start(INTENT)
    answering.refuseConnects = 1
    await expect(connect.start(INTENT)).rejects.toThrow('no such capability')
    expect(registeredIds()).toEqual([`content ${SITE}`, `page ${SITE}`])
  })

  it('does not finish an older intent by a yes to a newer one, where one permission stands for both', async () => {
    const { connect, intents } = await background()
    const other = 'https://app.example:8443'
    await connect.start(INTENT)
    await connect.start({ ...INTENT, origin: other })
    fake.permitted.add(PATTERN)
    await connect.permissionsAdded()
    expect(answering.grants.map(({ origin }) => origin)).toEqual([other])
    expect(await intents.outcome(SITE)).toMatchObject({ state: 'none' })
  })

  it('finishes two intents that wait for permissions of their own', async () => {
    const { connect } = await background()
    await connect.start(INTENT)
    await connect.start({ ...INTENT, origin: 'https://other.example' })
    fake.permitted.add(PATTERN)
    await connect.permissionsAdded()
    expect(answering.grants.map(({ origin }) => origin)).toEqual([SITE])
    fake.permitted.add('https://other.example/*')
    await connect.permissionsAdded()
    expect(answering.grants.map(({ origin }) => origin)).toEqual([SITE, 'https://other.example'])
  })

  it('connects once when the permission and the click arrive together', async () => {
    const { connect } = await background()
    await connect.start(INTENT)
    fake.permitted.add(PATTERN)
    await Promise.all([connect.permissionsAdded(), connect.permissionsAdded(), connect.permissionsAdded()])
    expect(answering.ordered.filter((name) => name === 'connect')).toHaveLength(1)
  })

  it('forgets an intent after two minutes: a permission that comes later connects nothing', async () => {
    const { connect, intents } = await background()
    await connect.start(INTENT)
    vi.advanceTimersByTime(121_000)
    fake.permitted.add(PATTERN)
    await connect.permissionsAdded()
    expect(answering.ordered).not.toContain('connect')
    expect(await intents.outcome(SITE)).toMatchObject({ state: 'none' })
  })

  it('forgets an intent that its owner said no to: a permission that comes for another reason connects nothing', async () => {
    const { connect, intents } = await background()
    await connect.start(INTENT)
    const order = OwnerCommandSchema.parse({ name: 'connect-intent-drop', origin: SITE }) as {
      origin: string
    }
    expect(await intents.drop(order.origin)).toBeNull()
    fake.permitted.add(PATTERN)
    await connect.permissionsAdded()
    expect(answering.ordered).not.toContain('connect')
    expect(await intents.outcome(SITE)).toMatchObject({ state: 'none' })
  })

  it('keeps the reason of a failure for the popup that opens next', async () => {
    answering.vault = 'locked'
    const { connect, intents } = await background()
    await connect.start(INTENT)
    fake.permitted.add(PATTERN)
    await connect.permissionsAdded()
    expect(await intents.outcome(SITE)).toEqual({
      state: 'failed',
      code: 'vault-locked',
      message: 'the vault is locked',
    })
    expect(fake.registered.size).toBe(0)
  })
})

describe('permissions, grants and scripts', () => {
  it('registers scripts for what is both granted and permitted', async () => {
    answering.grants = ['https://a.example', 'https://b.example'].map((origin) => ({
      id: origin,
      origin,
      topOrigin: origin,
    }))
    fake.permitted.add('https://b.example/*').add('https://c.example/*')
    const { permissions } = await background()
    await permissions.reconcile()
    expect(registeredIds()).toEqual(['content https://b.example', 'page https://b.example'])
  })

  it('takes the scripts of a grant that is gone off again', async () => {
    answering.grants = [{ id: 'g', origin: SITE, topOrigin: SITE }]
    fake.permitted.add(PATTERN)
    const { permissions } = await background()
    await permissions.reconcile()
    expect(fake.registered.size).toBe(2)
    answering.grants = []
    await permissions.reconcile()
    expect(fake.registered.size).toBe(0)
  })

  it('leaves the scripts where they are while a locked host cannot tell its grants', async () => {
    answering.grants = [{ id: 'g', origin: SITE, topOrigin: SITE }]
    fake.permitted.add(PATTERN)
    await (await background()).permissions.reconcile()
    answering.vault = 'locked'
    await (await background()).permissions.reconcile()
    expect(fake.registered.size).toBe(2)
  })

  it('ends grant and sessions of a site whose permission the owner took away', async () => {
    answering.grants = [{ id: 'g', origin: SITE, topOrigin: SITE }]
    fake.permitted.add(PATTERN)
    const { permissions } = await background()
    await permissions.reconcile()
    fake.permitted.clear()
    await permissions.withdrawn()
    expect(answering.ordered).toContain('session-revoke')
    expect(answering.grants).toEqual([])
    expect(fake.registered.size).toBe(0)
  })

  it('ends grant and sessions too where its scripts are taken off before the browser tells of the withdrawal', async () => {
    answering.grants = [{ id: 'g', origin: SITE, topOrigin: SITE }]
    fake.permitted.add(PATTERN)
    const { permissions, documents } = await background()
    await permissions.reconcile()
    const page = openPage(documents)
    fake.permitted.clear()
    await permissions.reconcile()
    await permissions.withdrawn()
    for (let times = 0; times < 10; times++) await settle()
    expect(answering.grants).toEqual([])
    expect(answering.ordered.filter((name) => name === 'session-revoke')).toHaveLength(1)
    expect(fake.registered.size).toBe(0)
    expect(isDenied(page)).toBe(true)
  })

  it('lets nobody in again that was withdrawn while scripts were being registered', async () => {
    answering.grants = [{ id: 'g', origin: SITE, topOrigin: SITE }]
    fake.permitted.add(PATTERN)
    const { permissions, documents } = await background()
    const { local } = fake.browser.storage
    const slow = vi.spyOn(local, 'get').mockImplementationOnce(() => settled.promise.then(() => ({})))
    const settled = Promise.withResolvers<void>()
    const registering = permissions.reconcile()
    while (slow.mock.calls.length === 0) await settle()
    const page = openPage(documents)
    fake.permitted.clear()
    const withdrawn = permissions.withdrawn()
    while (!isDenied(page)) await settle()
    settled.resolve()
    await Promise.all([registering, withdrawn])
    slow.mockRestore()
    expect(page.isOpen).toBe(true)
    expect(isDenied(page)).toBe(true)
  })

  it('denies a port that a page opens again after the withdrawal', async () => {
    answering.grants = [{ id: 'g', origin: SITE, topOrigin: SITE }]
    fake.permitted.add(PATTERN)
    const { permissions, documents } = await background()
    await permissions.reconcile()
    const first = openPage(documents)
    fake.permitted.clear()
    const withdrawn = permissions.withdrawn()
    while (!isDenied(first)) await Promise.resolve()
    expect(answering.ordered).not.toContain('session-revoke')
    expect(isDenied(openPage(documents))).toBe(true)
    await withdrawn
  })

  it('ends what was granted anew when that is withdrawn too', async () => {
    answering.grants = [{ id: 'g', origin: SITE, topOrigin: SITE }]
    fake.permitted.add(PATTERN)
    const { permissions, connect } = await background()
    await permissions.reconcile()
    for (let times = 0; times < 2; times++) {
      fake.permitted.clear()
      await permissions.withdrawn()
      expect(answering.grants).toEqual([])
      fake.permitted.add(PATTERN)
      await connect.start(INTENT)
      expect(answering.grants).toHaveLength(1)
    }
  })

  it('lets an open page in again when its site gets permission and grant again', async () => {
    answering.grants = [{ id: 'g', origin: SITE, topOrigin: SITE }]
    fake.permitted.add(PATTERN)
    const { permissions, connect, documents } = await background()
    await permissions.reconcile()
    const page = openPage(documents)
    fake.permitted.clear()
    await permissions.withdrawn()
    expect(page.isOpen).toBe(true)
    fake.permitted.add(PATTERN)
    await connect.start(INTENT)
    expect(page.isOpen).toBe(false)
    expect(documents.count).toBe(0)
  })

  it('forgets which service a site uses with its grant', async () => {
    const list = { [`catch ${SITE} ${SITE}`]: ['https://api.example/'] }
    await fake.browser.storage.local.set(list)
    answering.grants = [{ id: 'g', origin: SITE, topOrigin: SITE }]
    fake.permitted.add(PATTERN)
    const { permissions } = await background()
    await permissions.reconcile()
    expect(await fake.browser.storage.local.get(null)).toMatchObject(list)
    answering.grants = []
    await permissions.reconcile()
    expect(await fake.browser.storage.local.get(null)).toEqual({})
  })

  it('remembers a withdrawal that a locked host could not carry out, and carries it out when it opens', async () => {
    answering.grants = [{ id: 'g', origin: SITE, topOrigin: SITE }]
    fake.permitted.add(PATTERN)
    await (await background()).permissions.reconcile()
    answering.vault = 'locked'
    const locked = await background()
    fake.permitted.clear()
    await locked.permissions.withdrawn()
    expect(answering.grants).toHaveLength(1)
    answering.vault = 'unlocked'
    const opened = await background()
    await opened.owed.pay()
    expect(answering.grants).toEqual([])
    expect(fake.browser.storage.local.items.size).toBe(0)
  })

  it('pays an owed revocation before a new session starts, not after', async () => {
    answering.vault = 'locked'
    const locked = await background()
    await locked.owed.removeOrigin(SITE)
    answering.vault = 'unlocked'
    fake.permitted.add(PATTERN)
    answering.turns = 40
    const { connect } = await background()
    await connect.start(INTENT)
    for (let times = 0; times < 10; times++) await settle()
    expect(answering.grants).toHaveLength(1)
  })
})
