import { beforeEach, describe, expect, test, vi } from 'vitest'
import type browser from 'webextension-polyfill'
import { approvalPlace } from '../../extension/background/approval-place.ts'
import type { OwnerState } from '../../shared/protocol/owner-port.ts'
import { FakePort } from '../support/fake-browser.ts'
import { OPEN } from '../support/ui-stage/owner-stand-in.ts'

const { fake, settle } = await vi.hoisted(async () => {
  const { fakeBrowser, settle } = await import('../support/fake-browser.ts')
  return { fake: fakeBrowser(), settle }
})
vi.mock('webextension-polyfill', () => ({ default: fake.browser }))
const { ApprovalWindow } = await import('../../extension/background/approval-window.ts')
const { Listeners } = await import('../../extension/background/listeners.ts')

const PAGE = 'chrome-extension://valet-key-test/extension/popup/approve.html'

/** A stand-in for the line to the host: as many calls wait as the test says; a denial of all is kept and obeyed. */
class WaitingHost {
  readonly onState = new Listeners<OwnerState>()
  state: OwnerState = OPEN
  denials = 0

  wait(approvals: number): Promise<void> {
    this.state = { ...this.state, approvals }
    this.onState.tell(this.state)
    return settle()
  }

  async send(command: { name: string }): Promise<unknown> {
    expect(command).toEqual({ name: 'approval-deny-all' })
    this.denials += 1
    this.state = { ...this.state, approvals: 0 }
    this.onState.tell(this.state)
    return { denied: 1 }
  }
}

/** Our background, newly started. */
function start(host: WaitingHost) {
  const asks = new ApprovalWindow(host as never, host as never)
  /** The page in a window opens its line, as it does when it is loaded. */
  const load = (windowId: number, url = PAGE) => {
    const port = new FakePort('owner', { id: 'valet-key-test', url, tab: { id: 1, windowId } })
    asks.accept(port as unknown as browser.Runtime.Port)
    return port
  }
  /** The owner, or the browser, closes a window: the page goes with it. */
  const close = async (id: number, port: FakePort) => {
    fake.windows.delete(id)
    port.lose(null)
    await asks.removed(id)
    await settle()
  }
  return { asks, load, close }
}

const ids = () => [...fake.windows.keys()]

let host: WaitingHost
beforeEach(() => {
  host = new WaitingHost()
  fake.windows.clear()
  fake.focused.length = 0
  fake.browser.storage.session.items.clear()
})

describe('the window that asks', () => {
  test('opens when a call waits, near the window the owner had last', async () => {
    start(host)
    await host.wait(1)
    expect([...fake.windows.values()]).toEqual([
      { url: PAGE, type: 'popup', width: 420, height: 640, left: 756, top: 24 },
    ])
  })

  test('is never a second one: more calls bring the same to the front', async () => {
    start(host)
    await Promise.all([host.wait(1), host.wait(2), host.wait(3)])
    await host.wait(2)
    await host.wait(9)
    expect(ids()).toHaveLength(1)
    expect(fake.focused).toContain(ids()[0])
  })

  test('is not brought to the front by calls that end', async () => {
    start(host)
    await host.wait(3)
    fake.focused.length = 0
    await host.wait(2)
    await host.wait(1)
    expect(fake.focused).toEqual([])
  })

  test('is found again by a background that was started anew', async () => {
    start(host)
    await host.wait(1)
    const id = ids()[0] ?? 0
    const second = new WaitingHost()
    start(second).load(id)
    await second.wait(1)
    expect(ids()).toEqual([id])
    expect(fake.focused).toEqual([id])
  })

  test('is replaced where a background that was started anew hears nothing of its page', async () => {
    start(host)
    await host.wait(1)
    const id = ids()[0] ?? 0
    const second = new WaitingHost()
    const { asks } = start(second)
    await second.wait(1)
    expect(ids()).toHaveLength(1)
    expect(ids()).not.toContain(id)
    await asks.removed(id)
    expect(second.denials).toBe(0)
  })

  test('is opened anew where the browser no longer has it', async () => {
    start(host)
    await host.wait(1)
    fake.windows.clear()
    await host.wait(2)
    expect(ids()).toHaveLength(1)
  })

  test('opens where the browser does not like the place', async () => {
    start(host)
    fake.refusesPlaces = true
    await host.wait(1)
    fake.refusesPlaces = false
    expect([...fake.windows.values()]).toEqual([{ url: PAGE, type: 'popup', width: 420, height: 640 }])
  })

  test('does not open for a call that is over before its turn', async () => {
    start(host)
    void host.wait(1)
    await host.wait(0)
    expect(ids()).toEqual([])
  })
})

describe('its end', () => {
  test.each([
    ['closed by the owner', 'close'],
    ['with its page crashed or led elsewhere', 'page'],
    ['seen by a background that was started meanwhile', 'removed'],
  ] as const)('%s denies everything that waits', async (_, how) => {
    const { asks, load, close } = start(host)
    await host.wait(2)
    const id = ids()[0] ?? 0
    const port = load(id)
    if (how === 'close') await close(id, port)
    if (how === 'page') port.lose(null)
    if (how === 'removed') await asks.removed(id)
    await settle()
    expect(host.denials).toBe(1)
    expect(host.state.approvals).toBe(0)
  })

  test('that is only its page’s takes the window along, and the next call opens a new one', async () => {
    const { load } = start(host)
    await host.wait(1)
    load(ids()[0] ?? 0).lose(null)
    await settle()
    expect(ids()).toEqual([])
    await host.wait(1)
    expect(ids()).toHaveLength(1)
  })

  test('ordered by its page when nothing waits is nobody’s answer to what comes next', async () => {
    const { asks, load, close } = start(host)
    await host.wait(1)
    const id = ids()[0] ?? 0
    const port = load(id)
    await host.wait(0)
    await asks.order(false)
    await host.wait(1)
    await close(id, port)
    expect(host.denials).toBe(0)
    expect(ids()).toHaveLength(1)
    expect(ids()).not.toContain(id)
  })

  test('cannot be ordered while a call waits', async () => {
    const { asks } = start(host)
    await host.wait(1)
    await asks.order(false)
    expect(ids()).toHaveLength(1)
  })

  test('of another window, or of another page of ours, is no answer', async () => {
    const { asks, load } = start(host)
    await host.wait(1)
    load(7, PAGE.replace('approve', 'index')).lose(null)
    load(7, `https://site.example/${PAGE}`).lose(null)
    await asks.removed(999)
    await settle()
    expect(host.denials).toBe(0)
  })
})

test('the popup brings it to the front, and opens none where nothing waits', async () => {
  const { asks } = start(host)
  await asks.order(true)
  expect(ids()).toEqual([])
  await host.wait(1)
  fake.focused.length = 0
  await asks.order(true)
  expect(fake.focused).toEqual(ids())
})

test('its place is at the top right of the last window, and on the screen', () => {
  expect(approvalPlace({ left: 100, top: 50, width: 1200 })).toEqual({ left: 856, top: 74 })
  expect(approvalPlace({ left: -8, top: -100, width: 300 })).toEqual({ left: 0, top: 0 })
  expect(approvalPlace({ left: 1.5, top: 0, width: 1000 })).toEqual({ left: 558, top: 24 })
  expect(approvalPlace({})).toBeNull()
})
