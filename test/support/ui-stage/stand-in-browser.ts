import type { OwnerState } from '../../../shared/protocol/owner-port.ts'

/** What a staged page finds instead of the browser and the host. Plain values: they travel into the page as JSON. */
export interface StagedWorld {
  state: OwnerState
  /** Answers by command name. `{refusal: {code, message}}` refuses. Absent: never answered. */
  answers: Record<string, unknown>
  tab: { id: number; url: string } | null
  permitted: boolean
  /** Picture of an earlier page, as `view-snapshot.ts` keeps it; null: none. */
  kept: unknown
  rtl?: boolean
  /** What is stored of the owner's settings. Absent: they have set nothing. */
  settings?: unknown
  /** Match patterns that the browser lets us run on. */
  reached?: string[]
  /** Keys of the commands by their names. Absent: none of them has one. */
  keys?: Record<string, string>
  /** Orders whose answers wait until the page's own `letGo()` is called. */
  held?: readonly string[]
}

/** Texts of a language by name, as its file in `_locales` has them. */
export type Texts = Record<string, { message: string }>

/**
 * Runs in the page before its own scripts: a stand-in for the browser's extension API, with a background that answers
 * every order from a table. It is a stage for looking at pages, and proves nothing about the host.
 */
export function installStandIn(world: StagedWorld, texts: Texts): void {
  const stored: ((changes: unknown, area: string) => void)[] = []
  const silent = { addListener() {}, removeListener() {} }
  const posted: unknown[] = []
  const held: (() => void)[] = []
  const letGo = () => {
    for (const answer of held.splice(0)) answer()
  }
  const connect = () => {
    const listeners: ((message: unknown) => void)[] = []
    const tell = (message: unknown) => {
      for (const listener of listeners) listener(message)
    }
    setTimeout(() => tell({ state: world.state }), 0)
    return {
      onMessage: { addListener: (listener: (message: unknown) => void) => listeners.push(listener) },
      onDisconnect: silent,
      disconnect() {},
      postMessage(frame: { id: number; command: { name: string } }) {
        posted.push(frame.command)
        if (!Object.hasOwn(world.answers, frame.command.name)) return
        const answer = world.answers[frame.command.name]
        const refused = typeof answer === 'object' && answer !== null && 'refusal' in answer
        const give = () => tell(refused ? { id: frame.id, ...answer } : { id: frame.id, value: answer })
        if (world.held?.includes(frame.command.name)) held.push(give)
        else setTimeout(give, 0)
      },
    }
  }
  const getMessage = (name: string, values: string[] = []) =>
    name === '@@bidi_dir'
      ? world.rtl
        ? 'rtl'
        : ''
      : (texts[name]?.message ?? '').replace(/\$(\d)/g, (_, digit) => values[digit - 1] ?? '')
  const api = {
    runtime: {
      id: 'a'.repeat(32),
      connect,
      getManifest: () => ({ version: '0.1.0' }),
      getBrowserInfo: async () => ({ name: 'Chromium', version: '156.0.8078.79' }),
      getURL: (path: string) => `/${path}`,
    },
    i18n: { getMessage },
    storage: {
      session: { get: async () => ({ 'owner-view': world.kept }), set: async () => {} },
      local: {
        get: async () => (world.settings === undefined ? {} : { settings: world.settings }),
        set: async (items: { settings?: unknown }) => {
          const change = { settings: { oldValue: world.settings, newValue: items.settings } }
          world.settings = items.settings
          for (const listener of stored) listener(change, 'local')
        },
      },
      onChanged: { addListener: (listener: (typeof stored)[number]) => stored.push(listener) },
    },
    commands: {
      getAll: async () =>
        ['_execute_action', 'pause-all', 'revoke-all'].map((name) => {
          return { name, description: '', shortcut: world.keys?.[name] ?? '' }
        }),
    },
    extension: { isAllowedIncognitoAccess: async () => false },
    tabs: { query: async () => [world.tab], get: async () => world.tab, create: async () => {} },
    permissions: {
      contains: async () => world.permitted,
      request: async () => world.permitted,
      getAll: async () => ({ origins: world.reached ?? [], permissions: [] }),
      onAdded: silent,
      onRemoved: silent,
    },
  }
  Object.assign(globalThis, { browser: api, posted, letGo })
  Object.defineProperty(globalThis, 'chrome', { value: api, configurable: true })
}
