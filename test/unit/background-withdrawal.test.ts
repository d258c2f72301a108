import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type browser from 'webextension-polyfill'
import type { ConnectIntent } from '../../shared/protocol/owner-port.ts'
import { AnsweringHost } from '../support/answering-host.ts'
import { FakePort } from '../support/fake-browser.ts'

const { fake, settle } = await vi.hoisted(async () => {
  const { fakeBrowser, settle } = await import('../support/fake-browser.ts')
  return { fake: fakeBrowser(), settle }
})
vi.mock('webextension-polyfill', () => ({ default: fake.browser }))
const { Connect } = await import('../../extension/background/connect.ts')
const { ConnectIntents } = await import('../../extension/background/connect-intents.ts')
const { CutFirst } = await import('../../extension/background/cut-first.ts')
const { Debts } = await import('../../extension/background/debts.ts')
const { Documents } = await import('../../extension/background/documents.ts')
const { HostCommands } = await import('../../extension/background/host-commands.ts')
const { HostPort } = await import('../../extension/background/host-port.ts')
const { OwedRevocations } = await import('../../extension/background/owed-revocations.ts')
const { Permissions } = await import('../../extension/background/permissions.ts')

const SITE = 'https://app.example'
const PATTERN = 'https://app.example/*'
const { local, session } = fake.browser.storage
const INTENT: ConnectIntent = {
  name: 'connect-intent',
  origin: SITE,
  tabId: 1,
  capability: 'chat',
  ttl: 600,
}

let answering: AnsweringHost

/** The background as it is wired, on a stand-in browser: as it is each time the browser starts it. */
async function background() {
  const host = new HostPort(() => false)
  const commands = new HostCommands(host)
  const debts = new Debts()
  const documents = new Documents(host, undefined, debts)
  const owed = new OwedRevocations(host, new CutFirst(commands, documents), debts)
  const permissions = new Permissions({ host, commands, documents, owed })
  const intents = new ConnectIntents()
  const connect = new Connect({ intents, commands, permissions, owed })
  const opened = host.open()
  const native = fake.nativePorts.at(-1) as FakePort
  answering.attach(native)
  await opened
  return { host, documents, permissions, intents, connect, owed, native }
}
type Background = Awaited<ReturnType<typeof background>>

function open({ documents }: Background, site = SITE, top = site): FakePort {
  const [tab, frameId] = [{ id: 1, url: `${top}/` }, site === top ? 0 : 3]
  const port = new FakePort('page', { id: 'valet-key-test', origin: site, tab, frameId })
  documents.accept(port as unknown as browser.Runtime.Port)
  return port
}

function granted(origin = SITE, topOrigin = origin) {
  return { id: crypto.randomUUID(), origin, topOrigin }
}

let lastAsk = 0
async function ask(page: FakePort): Promise<void> {
  const [id, url] = [++lastAsk, 'https://api.example/x']
  const more = { method: 'GET', headers: [], hasBody: false, bodyLength: null, redirect: 'follow' }
  page.onMessage.fire({ type: 'ask', id, url, ...more })
  await rest()
}
/** The problem that the last answered ask of a page came to; undefined: none has one. */
function problemOf(page: FakePort): string | undefined {
  const problems = (page.sent as { type: string; code: string }[]).filter(({ type }) => type === 'problem')
  return problems.at(-1)?.code
}

/** Lets everything run that waits for many promises. */
async function rest(): Promise<void> {
  for (let times = 0; times < 10; times++) await settle()
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
  for (const storage of [local, session]) storage.items.clear()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('a permission that is withdrawn', () => {
  it('while the site is being connected leaves no grant behind', async () => {
    fake.permitted.add(PATTERN)
    const { connect, permissions, intents } = await background()
    const held = Promise.withResolvers<[]>()
    vi.spyOn(fake.browser.tabs, 'query').mockReturnValueOnce(held.promise)
    const connecting = connect.start(INTENT).catch((error: unknown) => error)
    await rest()
    fake.permitted.clear()
    await permissions.withdrawn()
    held.resolve([])
    expect(await connecting).toMatchObject({ code: 'permission-withdrawn' })
    expect(answering.ordered).toContain('connect')
    expect(answering.grants).toEqual([])
    expect(await intents.outcome(SITE)).toMatchObject({ state: 'failed', code: 'permission-withdrawn' })
  })
})

describe('a permission of the tab’s site that is withdrawn', () => {
  const [INNER, BOTH] = ['https://inner.example', ['https://inner.example/*', PATTERN]]

  it('ends the frames in it, whose scripts stay', async () => {
    answering.grants = [granted(INNER, SITE), granted(INNER)]
    for (const pattern of BOTH) fake.permitted.add(pattern)
    const back = await background()
    await back.permissions.reconcile()
    const [framed, own] = [open(back, INNER, SITE), open(back, INNER)]
    await rest()
    fake.permitted.delete(PATTERN)
    await back.permissions.withdrawn([PATTERN])
    await ask(framed)
    await ask(own)
    expect([problemOf(framed), problemOf(own)]).toEqual(['denied', undefined])
    expect(answering.grants).toMatchObject([{ origin: INNER, topOrigin: INNER }])
    expect(fake.registered.size).toBe(2)
  })

  it('ends their grants also where none of them is open, or its port is none of the usual', async () => {
    answering.grants = [granted(INNER, SITE), granted(INNER, `${SITE}:8443`)]
    for (const pattern of BOTH) fake.permitted.add(pattern)
    const back = await background()
    open(back, INNER, `${SITE}:8443`)
    await rest()
    fake.permitted.delete(PATTERN)
    await back.permissions.withdrawn([PATTERN])
    expect(answering.grants).toEqual([])
  })

  it('ends nothing while another permission covers it, and nothing of patterns for many sites', async () => {
    answering.grants = [granted()]
    fake.permitted.add('<all_urls>')
    await (await background()).permissions.withdrawn([PATTERN])
    for (const memory of [fake.permitted, fake.registered, local.items]) memory.clear()
    const wide = ['*://*.example/*', 'https://*.example/*', '*://*/*', '<all_urls>']
    await (await background()).permissions.withdrawn(wide)
    expect(answering.ordered).not.toContain('grant-remove')
    expect(local.items.has('owed')).toBe(false)
  })
})

describe('a page whose scripts outlived the permission', () => {
  const announced = ({ native }: Background) =>
    native.sent.filter((frame) => (frame as { type: string }).type === 'document')

  it('is not served with the grant that its owner gave in another browser, nor is that ended for it', async () => {
    answering.grants = [granted()]
    const back = await background()
    await back.permissions.start()
    const page = open(back)
    await ask(page)
    expect([problemOf(page), announced(back)]).toEqual(['denied', []])
    await back.permissions.reconcile()
    await back.permissions.withdrawn(['https://other.example/*'])
    await ask(page)
    expect([problemOf(page), answering.grants.length]).toEqual(['denied', 1])
  })

  it('is served once its owner permits it here', async () => {
    answering.grants = [granted()]
    const back = await background()
    const page = open(back)
    await ask(page)
    fake.permitted.add(PATTERN)
    await back.connect.permissionsAdded()
    expect(page.isOpen).toBe(false)
    open(back)
    await rest()
    expect(announced(back)).toHaveLength(1)
  })

  it('hides no withdrawal that started us: its grant is ended', async () => {
    answering.grants = [granted()]
    fake.permitted.add(PATTERN)
    await (await background()).permissions.reconcile()
    fake.permitted.clear()
    const back = await background()
    open(back)
    await rest()
    await back.permissions.withdrawn([PATTERN])
    expect(answering.grants).toEqual([])
  })

  it('while the browser is being asked, what a page says as it goes is kept', async () => {
    fake.permitted.add(PATTERN)
    const back = await background()
    const page = open(back)
    const call = { type: 'ask', id: 1, method: 'GET', url: 'https://api.example/x', headers: [] }
    page.onMessage.fire({ ...call, hasBody: false, bodyLength: null, redirect: 'follow', keepalive: true })
    page.lose(null)
    await rest()
    back.native.onMessage.fire({ type: 'catch', document: 1, baseUrls: ['https://api.example'] })
    await rest()
    const types = back.native.sent.map((frame) => (frame as { type: string }).type)
    expect(types.filter((type) => type === 'document' || type === 'ask')).toEqual(['document', 'ask'])
  })
})

describe('a list of caught URLs', () => {
  it('that came while an older list of grants was being worked on is kept', async () => {
    const known = 'https://known.example'
    answering.grants = [granted(known)]
    for (const pattern of [PATTERN, `${known}/*`, 'https://left.example/*']) fake.permitted.add(pattern)
    const back = await background()
    const held = Promise.withResolvers<void>()
    const register = fake.browser.scripting.registerContentScripts
    vi.spyOn(fake.browser.scripting, 'registerContentScripts').mockImplementationOnce((scripts) =>
      held.promise.then(() => register(scripts)),
    )
    local.items.set(`catch ${SITE} https://old.example`, ['https://api.example'])
    local.items.set('catch https://gone.example https://gone.example', ['https://api.example'])
    const reconciling = back.permissions.reconcile()
    await rest()
    open(back)
    await rest()
    const left = open(back, 'https://left.example')
    await rest()
    for (const document of [1, 2]) {
      back.native.onMessage.fire({ type: 'catch', document, baseUrls: ['https://api.example'] })
    }
    await rest()
    left.lose(null)
    held.resolve()
    await reconciling
    const keys = [...local.items.keys()].filter((key) => key.startsWith('catch '))
    const learnt = [`catch ${SITE} ${SITE}`, 'catch https://left.example https://left.example']
    expect(keys).toEqual([`catch ${SITE} https://old.example`, ...learnt])
  })
})

describe('what its owner does not want to be told of a site', () => {
  it('is kept as long as it has a grant', async () => {
    answering.grants = [granted()]
    fake.permitted.add(PATTERN)
    local.items.set(`quiet-key ${SITE}`, ['openai'])
    local.items.set('quiet-key https://gone.example', ['openai'])
    const { permissions } = await background()
    await permissions.reconcile()
    const quiet = () => [...local.items.keys()].filter((key) => key.startsWith('quiet-key '))
    expect(quiet()).toEqual([`quiet-key ${SITE}`])
    answering.grants = []
    await permissions.reconcile()
    expect(quiet()).toEqual([])
  })
})

describe('the scripts of a site whose permission is withdrawn', () => {
  it('are taken off after it is written down that its grant is owed to end, and not after that is carried out', async () => {
    answering.grants = [granted()]
    fake.permitted.add(PATTERN)
    const { permissions } = await background()
    await permissions.reconcile()
    fake.permitted.clear()
    answering.silentOn.add('session-revoke')
    const held = Promise.withResolvers<void>()
    const set = local.set.bind(local)
    vi.spyOn(local, 'set').mockImplementationOnce((items) => held.promise.then(() => set(items)))
    const reconciling = permissions.reconcile()
    await rest()
    expect([fake.registered.size, local.items.has('owed')]).toEqual([2, false])
    held.resolve()
    await reconciling
    expect([fake.registered.size, local.items.get('owed')]).toEqual([0, [SITE]])
    expect(answering.grants).toHaveLength(1)
  })

  it('stay where that cannot be written down, and the next look tries again', async () => {
    answering.grants = [granted()]
    fake.permitted.add(PATTERN)
    const { permissions } = await background()
    await permissions.reconcile()
    fake.permitted.clear()
    answering.silentOn.add('session-revoke')
    vi.spyOn(local, 'set').mockRejectedValueOnce(new Error('storage'))
    await expect(permissions.reconcile()).rejects.toThrow('storage')
    expect([fake.registered.size, local.items.has('owed')]).toEqual([2, false])
    void permissions.withdrawn()
    await rest()
    expect([fake.registered.size, local.items.get('owed')]).toEqual([0, [SITE]])
  })
})

describe('an update of the extension, which takes its registrations away', () => {
  const LIST = `catch ${SITE} ${SITE}`
  /** A site that was served, and is registered no more when the browser starts us with a locked vault. */
  async function updated(): Promise<void> {
    answering.grants = [granted()]
    fake.permitted.add(PATTERN)
    await (await background()).permissions.reconcile()
    local.items.set(LIST, ['https://api.example/'])
    fake.registered.clear()
    fake.injected.length = 0
    answering.vault = 'locked'
  }

  it('costs no site its scripts nor its list, and open tabs get the new ones, before the vault is opened', async () => {
    await updated()
    fake.tabs.push({ id: 7, url: `${SITE}/` })
    const { permissions } = await background()
    await permissions.reconcile()
    expect([...fake.registered.keys()].sort()).toEqual([`content ${SITE}`, `page ${SITE}`])
    expect(fake.injected.map(({ tabId }) => tabId)).toEqual([7, 7])
    expect(local.items.has(LIST)).toBe(true)
    answering.vault = 'unlocked'
    answering.grants = []
    await (await background()).permissions.reconcile()
    expect([fake.registered.size, local.items.size]).toEqual([0, 0])
  })

  it('hides no withdrawal that came before the vault was opened', async () => {
    await updated()
    fake.permitted.clear()
    await (await background()).permissions.reconcile()
    await rest()
    expect(local.items.get('owed')).toEqual([SITE])
    answering.vault = 'unlocked'
    await background()
    await rest()
    expect(answering.grants).toEqual([])
  })
})

describe('the grants of sites', () => {
  it('are asked for anew when something may have changed, and not for calls that come and go', async () => {
    const { native } = await background()
    const change = async (more: object) => {
      const counts = { vault: 'unlocked', live: 1, inFlight: 0, approvals: 0 }
      native.onMessage.fire({ type: 'changed', ...counts, ...more })
      await vi.advanceTimersByTimeAsync(400)
      await rest()
      return answering.ordered.filter((name) => name === 'grant-list').length
    }
    const before = await change({})
    expect(await change({ traffic: true })).toBe(before)
    expect(await change({ traffic: true, inFlight: 1 })).toBe(before)
    expect(await change({})).toBeGreaterThan(before)
  })
})
