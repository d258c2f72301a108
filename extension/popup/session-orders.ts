import type { SessionSummary } from '../../shared/protocol/session-commands.ts'
import type { Owner } from '../ui/owner.ts'
import type { OwnerSnapshot } from '../ui/owner-view.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { counted, t } from '../ui/strings.ts'
import { liveSessions } from './live-sessions.ts'

/** A revoke that can be taken back. */
export interface UndoOffer {
  /** Sessions that ended by it. */
  ids: readonly string[]
  /** Milliseconds since the epoch. */
  until: number
}

/** How long a revoke can be taken back, in milliseconds. The host gives somewhat more, for the way there. */
export const UNDO_MS = 5000

/** What these orders show, of all that the popup shows. */
interface Shown {
  owner: OwnerSnapshot
  ending: ReadonlySet<string>
  undo: UndoOffer | null
  toast: string | null
}

/** The page's state, as far as these orders use it. */
interface Page {
  readonly current: Shown
  set(part: Partial<Shown>): void
  say(toast: string, stays?: number): void
}

/** The owner's orders on live sessions. Nothing waits for the offer to run out: a revoke is done when it is ordered. */
export class SessionOrders {
  readonly #owner: Pick<Owner, 'send'>
  readonly #page: Page
  readonly #refresh: () => Promise<void>
  #offer: ReturnType<typeof setTimeout> | undefined

  /** @param refresh asks the host for everything again. */
  constructor(owner: Pick<Owner, 'send'>, page: Page, refresh: () => Promise<void>) {
    this.#owner = owner
    this.#page = page
    this.#refresh = refresh
  }

  /** End one session. */
  async revoke(session: SessionSummary): Promise<void> {
    await this.#end({ id: session.id }, [session.id], t('toastEnded', new URL(session.origin).host))
  }

  /** End every live session. */
  async revokeAll(): Promise<void> {
    const ids = liveSessions(this.#page.current.owner, Date.now()).map((session) => session.id)
    await this.#end({ all: true }, ids, null)
  }

  /** Pause every call of every site: those in flight are cut, and no session ends. */
  async pauseAll(): Promise<void> {
    await this.#order('vault-pause', t('toastPaused'))
  }

  /** End the pause. */
  async resumeAll(): Promise<void> {
    await this.#order('vault-resume', t('toastAllResumed'))
  }

  /** Have the host give what was revoked last a new session each, while it is offered. */
  async undo(): Promise<void> {
    const { undo } = this.#page.current
    if (undo === null) return
    this.#withdraw()
    const orders = undo.ids.map((id) => this.#owner.send({ name: 'session-undo', id }))
    const refused = (await Promise.allSettled(orders)).find((each) => each.status === 'rejected')
    this.#page.say(refused === undefined ? t('toastUndone') : refusalText(refused.reason))
    await this.#refresh()
  }

  async #order(name: 'vault-pause' | 'vault-resume', done: string): Promise<void> {
    try {
      await this.#owner.send({ name })
      this.#page.say(done)
    } catch (refusal) {
      this.#page.say(refusalText(refusal))
    }
    await this.#refresh()
  }

  /** Give a live session the time of its grant anew. */
  async extend(session: SessionSummary): Promise<void> {
    try {
      await this.#owner.send({ name: 'session-extend', id: session.id })
      this.#page.say(t('toastExtended', new URL(session.origin).host))
    } catch (refusal) {
      this.#page.say(refusalText(refusal))
    }
    await this.#refresh()
  }

  async #end(which: { id: string } | { all: true }, ids: string[], said: string | null): Promise<void> {
    this.#withdraw()
    this.#page.set({ ending: new Set([...this.#page.current.ending, ...ids]) })
    try {
      const { revoked } = await this.#owner.send({ name: 'session-revoke', ...which })
      this.#page.say(said ?? counted('toastEndedAll', revoked), UNDO_MS)
      if (revoked > 0) this.#show({ ids, until: Date.now() + UNDO_MS })
    } catch (refusal) {
      this.#page.say(refusalText(refusal))
    }
    await this.#refresh()
    this.#page.set({ ending: new Set([...this.#page.current.ending].filter((id) => !ids.includes(id))) })
  }

  #show(undo: UndoOffer): void {
    this.#page.set({ undo })
    this.#offer = setTimeout(() => this.#withdraw(), UNDO_MS)
  }

  #withdraw(): void {
    clearTimeout(this.#offer)
    this.#page.set({ undo: null })
  }
}
