import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type browser from 'webextension-polyfill'
import type { Command } from '../../shared/protocol/commands.ts'
import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import { OwnerFrameToPageSchema } from '../../shared/protocol/owner-port.ts'
import { FakePort } from '../support/fake-browser.ts'

const { fake, settle } = await vi.hoisted(async () => {
  const { fakeBrowser, settle } = await import('../support/fake-browser.ts')
  return { fake: fakeBrowser(), settle }
})
vi.mock('webextension-polyfill', () => ({ default: fake.browser }))
const { Documents } = await import('../../extension/background/documents.ts')
const { HostPort } = await import('../../extension/background/host-port.ts')
const { HostCommands } = await import('../../extension/background/host-commands.ts')
const { OwnerPages } = await import('../../extension/background/owner-pages.ts')
const { markOf } = await import('../../extension/background/badge.ts')
const { PageDocument } = await import('../../extension/background/page-document.ts')
const { together } = await import('../../extension/background/together.ts')

const SITE = 'https://app.example'
const URLS = ['https://api.example/v1']

function pagePort(changes: Record<string, unknown> = {}): FakePort {
  return new FakePort('page', {
    id: 'valet-key-test',
    origin: SITE,
    url: `${SITE}/`,
    tab: { id: 1, url: `${SITE}/` },
    frameId: 0,
    ...changes,
  })
}

async function accept(
  target: { accept(port: browser.Runtime.Port): void },
  port: FakePort,
): Promise<FakePort> {
  target.accept(port as unknown as browser.Runtime.Port)
  await settle()
  return port
}

/** Says hello on the port that was opened last. */
function greet(vault: 'locked' | 'unlocked'): FakePort {
  const port = fake.nativePorts.at(-1)
  if (port === undefined) throw new Error('no port was opened')
  port.onMessage.fire({ type: 'hello', protocol: PROTOCOL_VERSION, version: '1', vault })
  return port
}

/** The first document a host was told of. */
function announced(port: FakePort): unknown {
  return port.sent.find((frame) => (frame as { type: string }).type === 'document')
}

type Ended = ReturnType<typeof background>['documents']

function background() {
  const host = new HostPort(() => false)
  return { host, documents: new Documents(host) }
}

/** A document that got its list from an open host once, so that the list is remembered. */
async function rememberList(): Promise<void> {
  const { documents, host } = background()
  await accept(documents, pagePort())
  greet('unlocked').onMessage.fire({ type: 'catch', document: 1, baseUrls: URLS })
  await settle()
  host.close()
}

beforeEach(() => {
  vi.useFakeTimers()
  fake.nativePorts.length = 0
  fake.browser.storage.session.items.clear()
  fake.browser.storage.local.items.clear()
  fake.permitted.add('<all_urls>')
})
afterEach(() => {
  vi.useRealTimers()
})

describe('documents and the URLs caught for them', () => {
  it('keeps what the owner is to know of each tab’s pages, and tells that there is something new once', async () => {
    const { documents } = background()
    let told = 0
    documents.onNotice.add(() => {
      told += 1
    })
    const page = await accept(documents, pagePort())
    const native = greet('unlocked')
    const sent = native.sent.length
    const notice = { type: 'notice', notice: 'worker' }
    for (const frame of [notice, notice, { type: 'notice', notice: 'other' }, { ...notice, id: 1 }]) {
      page.onMessage.fire(frame)
    }
    const second = await accept(documents, pagePort())
    second.onMessage.fire({ type: 'notice', notice: 'captured' })
    expect([documents.table.noticesOf(1), documents.table.noticesOf(2), told]).toEqual([
      ['worker', 'captured'],
      [],
      2,
    ])
    expect(native.sent).toHaveLength(sent + 1)
    page.lose(null)
    expect(documents.table.noticesOf(1)).toEqual(['captured'])
  })

  it('announces a document as the browser witnesses it, and carries its list', async () => {
    const { documents } = background()
    const page = await accept(documents, pagePort())
    const native = greet('unlocked')
    const witnessed = { origin: SITE, topOrigin: SITE, tabId: 1, frameId: 0, documentId: null }
    expect(announced(native)).toEqual({ type: 'document', document: 1, witnessed })
    native.onMessage.fire({ type: 'catch', document: 1, baseUrls: URLS })
    expect(page.sent).toEqual([{ type: 'catch', baseUrls: URLS }])
  })

  it('gives a document without identity an empty list at once and does not announce it', async () => {
    const { documents } = background()
    const page = await accept(documents, pagePort({ origin: 'null' }))
    expect(page.sent).toEqual([{ type: 'catch', baseUrls: [] }])
    expect(fake.nativePorts).toHaveLength(0)
  })

  it('lets kept calls outlive their document until the last is over, or for 30 s', async () => {
    for (const isAnswered of [true, false]) {
      const { documents } = background()
      const page = await accept(documents, pagePort())
      const native = greet('unlocked')
      native.onMessage.fire({ type: 'catch', document: 1, baseUrls: URLS })
      const ask = { method: 'GET', url: `${URLS[0]}/x`, headers: [], hasBody: false, bodyLength: null }
      page.onMessage.fire({ type: 'ask', id: 1, redirect: 'follow', ...ask })
      page.onMessage.fire({ type: 'ask', id: 2, redirect: 'follow', ...ask, keepalive: true })
      await settle()
      const [dropped, kept] = native.sent.slice(-2) as { id: number }[]
      expect(kept).not.toHaveProperty('keepalive')
      page.lose(null)
      expect(native.sent.at(-1)).toEqual({ type: 'cancel', id: dropped?.id })
      expect(documents.count).toBe(1)
      if (isAnswered) native.onMessage.fire({ type: 'problem', id: kept?.id, code: 'denied' })
      else {
        vi.advanceTimersByTime(29_000)
        expect(native.sent.at(-1)).toEqual({ type: 'cancel', id: dropped?.id })
        vi.advanceTimersByTime(2000)
        expect(native.sent).toContainEqual({ type: 'cancel', id: kept?.id })
      }
      expect(native.sent).toContainEqual({ type: 'document-gone', document: 1 })
      expect(documents.count).toBe(0)
      vi.advanceTimersByTime(2000)
    }
  })

  it('takes what a document says as it goes as one message, and nothing for a frame that is none', async () => {
    const { documents } = background()
    const page = await accept(documents, pagePort())
    const native = greet('unlocked')
    native.onMessage.fire({ type: 'catch', document: 1, baseUrls: URLS })
    const ask = { method: 'POST', url: `${URLS[0]}/x`, headers: [], hasBody: true, bodyLength: 2 }
    page.onMessage.fire([
      { type: 'ask', id: 1, redirect: 'follow', ...ask, keepalive: true },
      [{ type: 'cancel', id: 1 }],
      { type: 'body', id: 1, base64: 'QUI=' },
      { type: 'body-end', id: 1 },
    ])
    page.lose(null)
    await settle()
    const types = native.sent.map((frame) => (frame as { type: string }).type)
    expect(types.slice(-3)).toEqual(['ask', 'body', 'body-end'])
  })

  it.each([
    ['the owner ends its sessions', (documents: Ended) => documents.cutFirst({ all: true })],
    ['the owner takes the permission back', (documents: Ended) => documents.banish([SITE])],
    ['the host is gone', (_: Ended, native: FakePort) => native.lose(null)],
  ])('a document hears in one message that its calls are over, when %s', async (_why, end) => {
    const { documents } = background()
    const page = await accept(documents, pagePort())
    const native = greet('unlocked')
    native.onMessage.fire({ type: 'catch', document: 1, baseUrls: URLS })
    await settle()
    const ask = { method: 'GET', url: `${URLS[0]}/x`, headers: [], hasBody: false, bodyLength: 0 }
    for (const id of [1, 2, 3]) page.onMessage.fire({ type: 'ask', id, redirect: 'follow', ...ask })
    page.sent.length = 0
    end(documents, native)
    const ids = (page.sent[0] as { type: string; id: number }[]).map(({ type, id }) => [type, id])
    expect(ids).toEqual([1, 2, 3].map((id) => ['problem', id]))
  })

  it('tells the host when a document goes', async () => {
    const { documents } = background()
    const page = await accept(documents, pagePort())
    const native = greet('unlocked')
    page.lose(null)
    expect(native.sent.at(-1)).toEqual({ type: 'document-gone', document: 1 })
    expect(documents.count).toBe(0)
  })

  it('announces the open documents again to a new host', async () => {
    const { documents, host } = background()
    await accept(documents, pagePort())
    greet('unlocked').lose(null)
    vi.advanceTimersByTime(2000)
    void host.open()
    expect(announced(greet('unlocked'))).toMatchObject({ type: 'document', document: 1 })
  })

  it('hands out the last known list when there is no host, so that placeholders do not go out', async () => {
    await rememberList()
    vi.advanceTimersByTime(2000)
    const { documents } = background()
    const page = await accept(documents, pagePort())
    fake.nativePorts.at(-1)?.lose('Specified native messaging host not found.')
    await settle()
    expect(page.sent).toEqual([{ type: 'catch', baseUrls: URLS }])
  })

  it('hands out the last known list while the vault is locked', async () => {
    await rememberList()
    vi.advanceTimersByTime(2000)
    const { documents } = background()
    const page = await accept(documents, pagePort())
    greet('locked').onMessage.fire({ type: 'catch', document: 1, baseUrls: [] })
    await settle()
    expect(page.sent).toEqual([{ type: 'catch', baseUrls: URLS }])
  })

  it('hands it out while the vault is locked also after a restart of the browser', async () => {
    await rememberList()
    fake.browser.storage.session.items.clear()
    vi.advanceTimersByTime(2000)
    const { documents } = background()
    const page = await accept(documents, pagePort())
    greet('locked')
    await settle()
    expect(page.sent).toEqual([{ type: 'catch', baseUrls: URLS }])
  })

  it('hands out an empty list after three seconds to a site it knows nothing of', async () => {
    const { documents } = background()
    const page = await accept(documents, pagePort())
    greet('unlocked')
    await settle()
    expect(page.sent).toEqual([])
    vi.advanceTimersByTime(3000)
    await settle()
    expect(page.sent).toEqual([{ type: 'catch', baseUrls: [] }])
  })

  it('takes the list that comes with the news that the vault is open', async () => {
    const { documents } = background()
    const page = await accept(documents, pagePort())
    const native = greet('locked')
    await settle()
    native.onMessage.fire({ type: 'catch', document: 1, baseUrls: URLS })
    expect(page.sent.at(-1)).toEqual({ type: 'catch', baseUrls: URLS })
  })

  it('remembers lists for pairs of origins, not for origins', async () => {
    await rememberList()
    vi.advanceTimersByTime(2000)
    const { documents } = background()
    const framed = pagePort({ frameId: 2, tab: { id: 1, url: 'https://shell.example/' } })
    await accept(documents, framed)
    fake.nativePorts.at(-1)?.lose('Specified native messaging host not found.')
    await settle()
    expect(framed.sent).toEqual([{ type: 'catch', baseUrls: [] }])
  })

  it('cuts and denies the documents of a site whose permission is withdrawn', async () => {
    const { documents } = background()
    const page = await accept(documents, pagePort())
    const native = greet('unlocked')
    const ask = { method: 'GET', url: `${URLS[0]}/x`, headers: [], hasBody: false, bodyLength: null }
    page.onMessage.fire({ type: 'ask', id: 1, redirect: 'follow', ...ask })
    documents.banish([SITE])
    expect(page.sent.at(-1)).toEqual({ type: 'problem', id: 1, code: 'session-ended' })
    expect(native.sent.slice(-2)).toMatchObject([{ type: 'cancel' }, { type: 'document-gone', document: 1 }])
    page.onMessage.fire({ type: 'ask', id: 2, redirect: 'follow', ...ask })
    expect(page.sent.at(-1)).toEqual({ type: 'problem', id: 2, code: 'denied' })
  })
})

describe('orders from extension pages', () => {
  const OWN = { id: 'valet-key-test', url: 'chrome-extension://valet-key-test/extension/popup/index.html' }

  function owners() {
    const carried: unknown[] = []
    const pages = new OwnerPages(new HostPort(() => false), async (command) => {
      carried.push(command)
      return 'done'
    })
    return { pages, carried }
  }

  it('carries out what our own page orders', async () => {
    const { pages, carried } = owners()
    const port = await accept(pages, new FakePort('owner', OWN))
    port.onMessage.fire({ id: 1, command: { name: 'session-revoke', all: true } })
    await settle()
    expect(carried).toEqual([{ name: 'session-revoke', all: true }])
    expect(port.sent.at(-1)).toEqual({ id: 1, value: 'done' })
    port.lose(null)
  })

  it('tells why the host refused, with the values apart', async () => {
    const said = { text: 'there is no service `$1`', values: ['gone'] }
    const native = new HostPort(() => false)
    const commands = new HostCommands(native)
    const pages = new OwnerPages(native, (command) => commands.send(command as Command))
    const opened = native.open()
    const nativePort = fake.nativePorts.at(-1)
    nativePort?.onMessage.fire({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      version: '1',
      vault: 'unlocked',
    })
    await opened
    const port = await accept(pages, new FakePort('owner', OWN))
    port.onMessage.fire({ id: 1, command: { name: 'service-test', id: 'gone' } })
    await settle()
    const order = nativePort?.sent.find((frame) => (frame as { type: string }).type === 'command')
    const { id } = order as { id: number }
    const refusal = { code: 'unknown', message: 'there is no service `gone`', said }
    nativePort?.onMessage.fire({ type: 'refusal', id, ...refusal })
    await settle()
    const told = port.sent.at(-1)
    expect(told).toEqual({ id: 1, refusal })
    expect(OwnerFrameToPageSchema.parse(told)).toEqual(told)
    port.lose(null)
  })

  it('hangs up on a content script that calls itself an owner', async () => {
    const { pages, carried } = owners()
    const port = await accept(
      pages,
      new FakePort('owner', { id: 'valet-key-test', url: `${SITE}/`, frameId: 0, tab: {} }),
    )
    expect(port.isOpen).toBe(false)
    port.onMessage.fire({ id: 1, command: { name: 'session-revoke', all: true } })
    await settle()
    expect(carried).toEqual([])
    expect(port.sent).toEqual([])
  })

  it('refuses orders that are none', async () => {
    const { pages, carried } = owners()
    const port = await accept(pages, new FakePort('owner', OWN))
    port.onMessage.fire({ id: 3, command: { name: 'secret-read', id: 'openai' } })
    await settle()
    expect(carried).toEqual([])
    expect(port.sent.at(-1)).toMatchObject({ id: 3, refusal: { code: 'malformed' } })
    port.lose(null)
  })
})

describe('the toolbar button', () => {
  const state = {
    hostVersion: null,
    hostProtocol: null,
    vault: 'unlocked',
    live: 0,
    inFlight: 0,
    approvals: 0,
    paused: false,
  } as const

  const nothing = { mark: 'idle', text: '', tone: 'count' }

  it('counts live sessions and shows a lock', async () => {
    const live = { mark: 'live', tone: 'count' }
    expect(markOf({ ...state, host: 'connected', live: 3 }, true)).toEqual({ ...live, text: '3' })
    expect(markOf({ ...state, host: 'connected', live: 100 }, true)).toEqual({ ...live, text: '99+' })
    expect(markOf({ ...state, host: 'connected', vault: 'locked' }, true)).toEqual({
      mark: 'locked',
      text: '',
      tone: 'count',
    })
    expect(markOf({ ...state, host: 'connected' }, true)).toEqual(nothing)
  })

  it('counts calls that wait for the owner before anything else', async () => {
    const asks = { mark: 'live', tone: 'asks' }
    expect(markOf({ ...state, host: 'connected', live: 3, approvals: 2 }, true)).toEqual({
      ...asks,
      text: '2',
    })
    expect(markOf({ ...state, host: 'connected', approvals: 100 }, false)).toEqual({ ...asks, text: '99+' })
  })

  it('shows trouble only to whom it is one', async () => {
    for (const host of ['missing', 'forbidden', 'mismatch', 'exited'] as const) {
      expect(markOf({ ...state, host }, true)).toEqual({ mark: 'trouble', text: '!', tone: 'trouble' })
      expect(markOf({ ...state, host }, false)).toEqual(nothing)
    }
    expect(markOf({ ...state, host: 'connecting' }, true)).toBeNull()
  })
})

describe('what a document is sent', () => {
  const frames = [1, 2].map((id) => ({ type: 'end' as const, id }))
  const documents = () => {
    const ports = [new FakePort('page', {}), new FakePort('page', {})]
    const all = ports.map((port, at) => new PageDocument(at, port as unknown as browser.Runtime.Port, null))
    return { ports, all }
  }

  it('at once goes as one message to each, whoever fails meanwhile, and by itself as it is', () => {
    const { ports, all } = documents()
    const work = () => {
      for (const frame of frames) all[0]?.send(frame as never)
      all[1]?.send(frames[0] as never)
      throw new Error('a fault')
    }
    expect(() => together(work)).toThrow('a fault')
    all[1]?.send(frames[1] as never)
    expect(ports.map(({ sent }) => sent)).toEqual([[frames], frames])
  })

  it('goes before its port is closed', () => {
    const { ports, all } = documents()
    together(() => {
      all[0]?.send(frames[0] as never)
      all[0]?.close()
    })
    expect(ports[0]?.sent).toEqual([frames[0]])
  })
})
