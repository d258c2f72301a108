/**
 * A stand-in for the browser's extension interfaces, for tests of background/ without a browser: it keeps storage,
 * permissions, script registrations and ports in memory and decides nothing. What real browsers do with the same calls is
 * shown by the suites in `test/e2e`.
 */
export class FakeEvent<A extends unknown[]> {
  readonly #listeners: ((...args: A) => void)[] = []

  addListener(listener: (...args: A) => void): void {
    this.#listeners.push(listener)
  }

  fire(...args: A): void {
    for (const listener of this.#listeners) listener(...args)
  }
}

/** One end of a runtime or native port. */
export class FakePort {
  readonly sent: unknown[] = []
  readonly onMessage = new FakeEvent<[unknown]>()
  readonly onDisconnect = new FakeEvent<[FakePort]>()
  readonly name: string
  readonly sender: unknown
  error: { message: string } | null = null
  isOpen = true

  constructor(name: string, sender?: unknown) {
    this.name = name
    this.sender = sender
  }

  postMessage(message: unknown): void {
    if (!this.isOpen) throw new Error('the port is closed')
    this.sent.push(structuredClone(message))
  }

  /** Closed by this end: the browser tells only the other one. */
  disconnect(): void {
    this.isOpen = false
  }

  /** Closed by the other end. */
  lose(message: string | null): void {
    this.isOpen = false
    this.error = message === null ? null : { message }
    this.onDisconnect.fire(this)
  }
}

class FakeStorage {
  readonly items = new Map<string, unknown>()

  async get(key: string | null): Promise<Record<string, unknown>> {
    const entries = [...this.items].filter(([name]) => key === null || name === key)
    return structuredClone(Object.fromEntries(entries))
  }

  async set(items: Record<string, unknown>): Promise<void> {
    for (const [key, value] of Object.entries(items)) this.items.set(key, structuredClone(value))
  }

  async remove(key: string): Promise<void> {
    this.items.delete(key)
  }
}

/** A fresh stand-in, and what a test may look at and pull. */
export function fakeBrowser() {
  const nativePorts: FakePort[] = []
  const permitted = new Set<string>()
  const registered = new Map<string, { id: string; matches: string[] }>()
  const injected: { tabId: number; file: string }[] = []
  const tabs: { id: number; url: string }[] = []
  const alarms = new Set<string>()
  const { windows, focused, browserWindows, side } = fakeWindows()
  const browser = {
    runtime: {
      id: 'valet-key-test',
      lastError: null,
      getManifest: () => ({ version: '9.9.9' }),
      getURL: (path: string) => `chrome-extension://valet-key-test/${path}`,
      connectNative: (name: string) => {
        const port = new FakePort(name)
        nativePorts.push(port)
        return port
      },
    },
    storage: { session: new FakeStorage(), local: new FakeStorage() },
    permissions: {
      getAll: async () => ({ origins: [...permitted] }),
      contains: async ({ origins }: { origins: string[] }) =>
        origins.every((origin) => permitted.has(origin) || permitted.has('<all_urls>')),
    },
    scripting: {
      getRegisteredContentScripts: async () => [...registered.values()],
      registerContentScripts: async (scripts: { id: string; matches: string[] }[]) => {
        for (const script of scripts) registered.set(script.id, script)
      },
      unregisterContentScripts: async ({ ids }: { ids: string[] }) => {
        for (const id of ids) registered.delete(id)
      },
      executeScript: async ({ target, files }: { target: { tabId: number }; files: string[] }) => {
        for (const file of files) injected.push({ tabId: target.tabId, file })
      },
    },
    tabs: { query: async () => tabs },
    windows: browserWindows,
    alarms: {
      create: (name: string) => void alarms.add(name),
      clear: async (name: string) => alarms.delete(name),
    },
  }
  return Object.assign(side, {
    browser,
    nativePorts,
    permitted,
    registered,
    injected,
    tabs,
    alarms,
    windows,
    focused,
  })
}

/** Windows that an extension opens beside one of 1200 pixels, which was there before. */
function fakeWindows() {
  const windows = new Map<number, { left?: number }>()
  const focused: number[] = []
  const side = { refusesPlaces: false }
  let nextId = 100
  const browserWindows = {
    getLastFocused: async () => ({ id: 1, left: 0, top: 0, width: 1200 }),
    create: async (wanted: { left?: number }) => {
      if (side.refusesPlaces && wanted.left !== undefined) throw new Error('invalid value for bounds')
      nextId += 1
      windows.set(nextId, wanted)
      return { id: nextId, ...wanted }
    },
    update: async (id: number) => {
      if (!windows.has(id)) throw new Error(`no window with id: ${id}`)
      focused.push(id)
    },
    remove: async (id: number) => void windows.delete(id),
  }
  return { windows, focused, browserWindows, side }
}

/** Let everything that waits for resolved promises run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
}
