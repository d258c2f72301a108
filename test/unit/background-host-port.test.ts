import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import type { FakePort } from '../support/fake-browser.ts'

const { fake, settle } = await vi.hoisted(async () => {
  const { fakeBrowser, settle } = await import('../support/fake-browser.ts')
  return { fake: fakeBrowser(), settle }
})
vi.mock('webextension-polyfill', () => ({ default: fake.browser }))
const { HostPort } = await import('../../extension/background/host-port.ts')
const { HostCommands } = await import('../../extension/background/host-commands.ts')
const { hostEndingOf } = await import('../../extension/background/host-ending.ts')

const HELLO = { type: 'hello', protocol: PROTOCOL_VERSION, version: '1.2.3', vault: 'unlocked' }

function port(): FakePort {
  const last = fake.nativePorts.at(-1)
  if (last === undefined) throw new Error('no port was opened')
  return last
}

async function connected(isNeeded = () => true) {
  const host = new HostPort(isNeeded)
  const opened = host.open()
  port().onMessage.fire(HELLO)
  expect(await opened).toBe(true)
  return host
}

beforeEach(() => {
  vi.useFakeTimers()
  fake.nativePorts.length = 0
})
afterEach(() => {
  vi.useRealTimers()
})

describe('what a closed native port means', () => {
  it.each([
    ['Specified native messaging host not found.', 'missing'],
    ['No such native application org.valetkey.host', 'missing'],
    ['Access to the specified native messaging host is forbidden.', 'forbidden'],
    ['Native host has exited.', 'exited'],
    ['Error when communicating with the native messaging host.', 'exited'],
    ['An unexpected error occurred', 'exited'],
    [null, 'exited'],
  ])('%s: %s', (message, ending) => {
    expect(hostEndingOf(message)).toBe(ending)
  })
})

describe('the native port', () => {
  it('opens one port for all who ask, greets first, and lets nothing through before the greeting', async () => {
    const host = new HostPort(() => true)
    const both = Promise.all([host.open(), host.open()])
    expect(fake.nativePorts).toHaveLength(1)
    expect(host.send({ type: 'document-gone', document: 1 })).toBe(false)
    await settle()
    expect(port().sent).toEqual([{ type: 'hello', protocol: PROTOCOL_VERSION, version: '9.9.9', heads: [] }])
    port().onMessage.fire(HELLO)
    expect(await both).toEqual([true, true])
    expect(host.state).toMatchObject({ host: 'connected', hostVersion: '1.2.3', vault: 'unlocked' })
    expect(host.send({ type: 'document-gone', document: 1 })).toBe(true)
  })

  it('hangs up on a host of another protocol and keeps its version for the owner', async () => {
    const host = new HostPort(() => false)
    const opened = host.open()
    port().onMessage.fire({ ...HELLO, protocol: PROTOCOL_VERSION + 1, version: '7.0.0' })
    expect(await opened).toBe(false)
    expect(port().isOpen).toBe(false)
    expect(host.state).toMatchObject({
      host: 'mismatch',
      hostVersion: '7.0.0',
      hostProtocol: PROTOCOL_VERSION + 1,
    })
  })

  it('hangs up on a host that speaks before its hello, or says something else', async () => {
    for (const first of [{ type: 'end', id: 1 }, { hello: 1 }, 'hello', null]) {
      const host = new HostPort(() => false)
      const opened = host.open()
      port().onMessage.fire(first)
      expect(await opened).toBe(false)
      expect(host.state.host).toBe('mismatch')
    }
  })

  it('gives up on a host that never says hello', async () => {
    const host = new HostPort(() => false)
    const opened = host.open()
    vi.advanceTimersByTime(60_000)
    expect(await opened).toBe(false)
    expect(host.state.host).toBe('exited')
  })

  it('tries again with growing waits while it is needed, and never in a tight loop', async () => {
    const host = new HostPort(() => true)
    void host.open()
    const attempts: number[] = []
    for (let second = 0; second < 120; second++) {
      if (port().isOpen) port().lose('Specified native messaging host not found.')
      vi.advanceTimersByTime(1000)
      attempts.push(fake.nativePorts.length)
    }
    expect(host.state.host).toBe('missing')
    expect(attempts.at(-1)).toBeGreaterThan(4)
    expect(attempts.at(-1)).toBeLessThan(12)
  })

  it('does not try again when nothing needs it', async () => {
    const host = new HostPort(() => false)
    void host.open()
    port().lose('Native host has exited.')
    vi.advanceTimersByTime(600_000)
    expect(fake.nativePorts).toHaveLength(1)
    expect(host.state.host).toBe('exited')
  })

  it('leaves out attempts that follow one another at once, also when asked', async () => {
    const host = new HostPort(() => false)
    void host.open()
    port().lose('Specified native messaging host not found.')
    for (let times = 0; times < 50; times++) expect(await host.open()).toBe(false)
    expect(fake.nativePorts).toHaveLength(1)
    vi.advanceTimersByTime(1500)
    void host.open()
    expect(fake.nativePorts).toHaveLength(2)
  })

  it('shows a host that was locked as on its way, and not as broken', async () => {
    const host = await connected()
    vi.advanceTimersByTime(10_000)
    port().lose(null)
    expect(host.state).toMatchObject({ host: 'connecting', vault: null, live: 0 })
    vi.advanceTimersByTime(1000)
    expect(fake.nativePorts).toHaveLength(2)
    port().onMessage.fire({ ...HELLO, vault: 'locked' })
    expect(host.state).toMatchObject({ host: 'connected', vault: 'locked' })
  })

  it('has whoever orders something while a locked host restarts wait for the next one', async () => {
    const host = await connected()
    vi.advanceTimersByTime(200)
    port().lose(null)
    let answer: boolean | null = null
    void host.open().then((connected) => (answer = connected))
    await settle()
    expect({ answer, ports: fake.nativePorts.length }).toEqual({ answer: null, ports: 1 })
    vi.advanceTimersByTime(1000)
    port().onMessage.fire({ ...HELLO, vault: 'locked' })
    await settle()
    expect(answer).toBe(true)
  })

  it('lets nobody wait for a next host that is not started after all', async () => {
    let needed = true
    const host = await connected(() => needed)
    vi.advanceTimersByTime(200)
    port().lose(null)
    const opened = host.open()
    needed = false
    vi.advanceTimersByTime(1000)
    expect(await opened).toBe(false)
  })

  it('takes several frames of one message in their order, a bad one of a call alone out of them', async () => {
    const host = await connected()
    const [seen, bad]: [unknown[], number[]] = [[], []]
    host.onFrame.add((frame) => seen.push(frame))
    host.onBadCall.add((id) => bad.push(id))
    const chunk = (text: string) => ({ type: 'chunk', id: 1, text })
    const wrong = { type: 'chunk', id: 2, text: 3 }
    port().onMessage.fire({ type: 'several', frames: [chunk('a'), wrong, chunk('b')] })
    expect([seen, bad]).toEqual([[chunk('a'), chunk('b')], [2]])
    expect(host.state.host).toBe('connected')
  })

  it.each([
    ['several within several', [{ type: 'several', frames: [] }]],
    ['what is no list', 'x'],
    ['a frame that is none', [null]],
  ])('hangs up at %s', async (_what, frames) => {
    const host = await connected()
    port().onMessage.fire({ type: 'several', frames })
    expect(host.state.host).toBe('mismatch')
  })

  it('ends one call for a bad frame of that call, and the whole port for any other', async () => {
    const host = await connected(() => false)
    const bad: number[] = []
    host.onBadCall.add((id) => bad.push(id))
    port().onMessage.fire({ type: 'head', id: 5, status: 99 })
    expect(bad).toEqual([5])
    expect(host.state.host).toBe('connected')
    port().onMessage.fire({ type: 'secret', value: 'x' })
    expect(host.state.host).toBe('mismatch')
    expect(port().isOpen).toBe(false)
  })

  it('ignores what a port that was left still says', async () => {
    const host = await connected(() => false)
    const old = port()
    host.close()
    expect(host.state.host).toBe('exited')
    vi.advanceTimersByTime(2000)
    void host.open()
    port().onMessage.fire(HELLO)
    const frames: unknown[] = []
    host.onFrame.add((frame) => frames.push(frame))
    old.onMessage.fire({ type: 'end', id: 1 })
    old.lose(null)
    expect(frames).toEqual([])
    expect(host.state.host).toBe('connected')
  })
})

describe('commands to the host', () => {
  it('gives each order its own answer, in whatever order they come', async () => {
    const host = await connected()
    const commands = new HostCommands(host)
    const first = commands.send({ name: 'grant-list' })
    const second = commands.send({ name: 'session-revoke', all: true })
    await settle()
    const ids = port().sent.flatMap((frame) =>
      (frame as { type: string }).type === 'command' ? [frame] : [],
    )
    const [one, two] = ids as { id: number }[]
    port().onMessage.fire({
      type: 'refusal',
      id: two?.id,
      code: 'vault-locked',
      message: 'the vault is locked',
    })
    port().onMessage.fire({ type: 'reply', id: one?.id, value: [] })
    expect(await first).toEqual([])
    await expect(second).rejects.toMatchObject({ code: 'vault-locked', message: 'the vault is locked' })
  })

  it.each([
    ['Specified native messaging host not found.', 'host-missing'],
    ['Access to the specified native messaging host is forbidden.', 'host-forbidden'],
    ['Native host has exited.', 'host-exited'],
  ])('says why there is no host: %s', async (message, code) => {
    const host = new HostPort(() => false)
    const commands = new HostCommands(host)
    const answer = commands.send({ name: 'status' })
    port().lose(message)
    await expect(answer).rejects.toMatchObject({ code })
  })

  it('takes the end of the host for the answer to a lock, and for no other', async () => {
    const host = await connected(() => false)
    const commands = new HostCommands(host)
    const lock = commands.send({ name: 'vault-lock' })
    const list = commands.send({ name: 'service-list' })
    list.catch(() => {})
    await settle()
    port().lose(null)
    expect(await lock).toBeNull()
    await expect(list).rejects.toMatchObject({ code: 'host-exited' })
  })
})
