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
}

/** Texts of a language by name, as its file in `_locales` has them. */
export type Texts = Record<string, { message: string }>

/**
 * Runs in the page before its own scripts: a stand-in for the browser's extension API, with a background that answers
 * every order from a table. It is a stage for looking at pages, and proves nothing about the host.
 */
export function installStandIn(world: StagedWorld, texts: Texts): void {
  const silent = { addListener() {}, removeListener() {} }
  const posted: unknown[] = []
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
        setTimeout(() => tell(refused ? { id: frame.id, ...answer } : { id: frame.id, value: answer }), 0)
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
      getURL: (path: string) => `/${path}`,
    },
    i18n: { getMessage },
    storage: { session: { get: async () => ({ 'owner-view': world.kept }), set: async () => {} } },
    tabs: { query: async () => [world.tab], get: async () => world.tab, create: async () => {} },
    permissions: {
      contains: async () => world.permitted,
      request: async () => world.permitted,
      onAdded: silent,
      onRemoved: silent,
    },
  }
  Object.assign(globalThis, { browser: api, posted })
  Object.defineProperty(globalThis, 'chrome', { value: api, configurable: true })
}
