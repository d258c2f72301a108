import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ConnectIntent } from '../../shared/protocol/owner-port.ts'
import { AnsweringHost } from '../support/answering-host.ts'
import type { FakePort } from '../support/fake-browser.ts'

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
