import browser from 'webextension-polyfill'
import type { ConnectIntent, ConnectOutcome } from '../../shared/protocol/owner-port.ts'
import { permissionPatternOf } from '../ui/match-pattern.ts'
import { lateOrders } from './late.ts'
import { Serial } from './serial.ts'

/** An intent is the owner's word of this moment; later the permission may have come for another reason. Milliseconds. */
const INTENT_MS = 2 * 60_000

/** What the owner meant to connect when the browser's prompt closed the popup, and what became of it. In memory only. */
export class ConnectIntents {
  readonly #serial = new Serial()

  /**
   * Remember an intent; it replaces older ones that wait for the same permission. Permissions know no ports: a yes to the
   * newer one must not finish an older one that got a no.
   */
  async put(intent: ConnectIntent): Promise<void> {
    await this.#serial.run(async () => {
      const pattern = permissionPatternOf(intent.origin)
      for (const origin of await this.origins()) {
        if (permissionPatternOf(origin) === pattern) await browser.storage.session.remove(intentKey(origin))
      }
      await browser.storage.session.remove(outcomeKey(intent.origin))
      await browser.storage.session.set({ [intentKey(intent.origin)]: { intent, at: Date.now() } })
    })
  }

  /** The origins that wait for their permission. */
  async origins(): Promise<string[]> {
    const keys = Object.keys(await browser.storage.session.get(null))
    return keys.filter((key) => key.startsWith(INTENT)).map((key) => key.slice(INTENT.length))
  }

  /** Take the intent for an origin. @returns null where there is none, it was taken already, or it is too old. */
  take(origin: string): Promise<ConnectIntent | null> {
    return this.#serial.run(async () => {
      const intent = await read(origin)
      await browser.storage.session.remove(intentKey(origin))
      return intent
    })
  }

  /** Forget the intent for an origin: the owner said no. A permission that comes later is for something else. */
  async drop(origin: string): Promise<null> {
    await this.take(origin)
    return null
  }

  async setOutcome(origin: string, outcome: ConnectOutcome): Promise<void> {
    await browser.storage.session.set({ [outcomeKey(origin)]: outcome })
  }

  async outcome(origin: string): Promise<ConnectOutcome> {
    const key = outcomeKey(origin)
    const stored = lateOrders().readOutcome((await browser.storage.session.get(key))[key])
    if (stored !== null) return stored
    const state = (await read(origin)) === null ? 'none' : 'waiting'
    return { state, code: null, message: null }
  }
}

const INTENT = 'intent '

function intentKey(origin: string): string {
  return INTENT + origin
}

function outcomeKey(origin: string): string {
  return `outcome ${origin}`
}

async function read(origin: string): Promise<ConnectIntent | null> {
  const key = intentKey(origin)
  const stored = lateOrders().readIntent((await browser.storage.session.get(key))[key])
  return stored !== null && Date.now() - stored.at < INTENT_MS ? stored.intent : null
}
