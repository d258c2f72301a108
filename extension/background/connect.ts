import type { Said } from '../../shared/model/said.ts'
import type { ConnectIntent } from '../../shared/protocol/owner-port.ts'
import type { SessionSummary } from '../../shared/protocol/session-commands.ts'
import type { ConnectIntents } from './connect-intents.ts'
import { injectIntoTabsOf } from './content-scripts.ts'
import { CommandRefusal, type HostCommands } from './host-commands.ts'
import type { OwedRevocations } from './owed-revocations.ts'
import type { Permissions } from './permissions.ts'
import { isPermitted } from './permitted.ts'

const WITHDRAWN = 'the browser’s permission for this site was taken away again: connect it once more'

interface Parts {
  intents: ConnectIntents
  commands: HostCommands
  permissions: Permissions
  owed: OwedRevocations
}

/** Turns the owner's click into a session: at once where the browser's permission is there, else when it comes. */
export class Connect {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** @returns the session, or null where it waits for the permission. @throws CommandRefusal of the host, or `permission-withdrawn`. */
  async start(intent: ConnectIntent): Promise<SessionSummary | null> {
    await this.#parts.intents.put(intent)
    return await this.#finishIfPermitted(intent.origin)
  }

  /** The browser gave permissions: finish what waited for them. */
  async permissionsAdded(): Promise<void> {
    for (const origin of await this.#parts.intents.origins()) {
      // The outcome is stored for the popup; nobody else waits for it.
      await this.#finishIfPermitted(origin).catch(() => {})
    }
    await this.#parts.permissions.reconcile()
  }

  async #finishIfPermitted(origin: string): Promise<SessionSummary | null> {
    const { intents } = this.#parts
    if (!(await isPermitted(origin))) return null
    const intent = await intents.take(origin)
    if (intent === null) return null
    try {
      const session = await this.#finish(intent)
      await intents.setOutcome(origin, { state: 'connected', code: null, message: null })
      return session
    } catch (error) {
      const { code, message, said } = refusalOf(error)
      await intents.setOutcome(origin, { state: 'failed', code, message, said })
      throw error
    }
  }

  async #finish({ origin, capability, ttl, askWrites }: ConnectIntent): Promise<SessionSummary> {
    const { commands, owed, permissions } = this.#parts
    // An older withdrawal that still waits for the host would take this grant away again.
    await owed.pay()
    await permissions.readmit()
    const wish = { capability, ttl, ...(askWrites === undefined ? {} : { askWrites }) }
    const session = await permissions.serveAhead(origin, async () => {
      // When the owner sees the session, the open page is to work already. After the registration: it may load anew in between.
      await injectIntoTabsOf(origin)
      return await commands.send({ name: 'connect', origin, topOrigin: origin, ...wish })
    })
    // SECURITY: a withdrawal while this was under way may have found no grant to end, and is told only once.
    if (!(await isPermitted(origin))) {
      await owed.removeOrigin(origin)
      throw new CommandRefusal('permission-withdrawn', WITHDRAWN)
    }
    return session
  }
}

function refusalOf(error: unknown): { code: string; message: string; said?: Said | undefined } {
  return error instanceof CommandRefusal ? error : { code: 'internal', message: 'connecting failed' }
}
