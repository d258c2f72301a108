import type { WaitingNotice } from '../../shared/protocol/owner-port.ts'
import type { Owner } from '../ui/owner.ts'
import type { PageSight } from '../ui/page-sight.ts'
import type { PageState } from '../ui/page-state.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { Rounds } from '../ui/rounds.ts'
import { t } from '../ui/strings.ts'
import type { PopupState } from './popup-state.ts'

/** What waits for the owner in this browser, and their way to it: sites whose calls wait, and what a page asks for. */
export class WaitingOrders {
  readonly #owner: Pick<Owner, 'send'>
  readonly #page: PageState<PopupState>
  readonly #looks: Rounds

  /** @param sight of the popup: it looks when it is seen. */
  constructor(
    owner: Pick<Owner, 'send' | 'onState' | 'onChanged'>,
    page: PageState<PopupState>,
    sight: PageSight | undefined,
  ) {
    this.#owner = owner
    this.#page = page
    this.#looks = new Rounds(() => this.#look(), sight)
    owner.onState(() => this.#looks.whenSeen())
    owner.onChanged(() => this.#looks.whenSeen())
    void this.#looks.now()
  }

  /** Let a site go on with what it had, or refuse what waits. */
  async answer({ id, origin }: WaitingNotice, goOn: boolean): Promise<void> {
    this.#page.set({ answering: new Set([...this.#page.current.answering, id]) })
    try {
      await this.#owner.send({ name: 'waiting-answer', id, goOn })
      this.#page.say(t(goOn ? 'toastResumed' : 'toastRefused', new URL(origin).host))
    } catch (refusal) {
      this.#page.say(refusalText(refusal))
    }
    await this.#looks.now()
    this.#page.set({ answering: new Set([...this.#page.current.answering].filter((one) => one !== id)) })
  }

  /** Bring the window to the front that shows what a page asks for. */
  async showRequest(): Promise<void> {
    await this.#owner
      .send({ name: 'site-request-window' })
      .catch((refusal) => this.#page.say(refusalText(refusal)))
  }

  /** Bring the window that asks to the front. */
  async showApprovals(): Promise<void> {
    await this.#owner
      .send({ name: 'approval-window', show: true })
      .catch((refusal) => this.#page.say(refusalText(refusal)))
  }

  async #look(): Promise<void> {
    const waiting = await this.#owner.send({ name: 'waiting-list' }).catch(() => null)
    if (waiting !== null) this.#page.set({ waiting })
    const request = await this.#owner.send({ name: 'site-request' }).catch(() => null)
    this.#page.set({ request })
  }
}
