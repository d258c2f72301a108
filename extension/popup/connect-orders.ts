import type { Owner } from '../ui/owner.ts'
import type { PageState } from '../ui/page-state.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { t } from '../ui/strings.ts'
import { loadTranslations } from '../ui/translations.ts'
import type { PopupBrowser } from './popup-needs.ts'
import type { PopupState } from './popup-state.ts'

/** How often and how many times the outcome of a connection is asked for: until the browser's prompt is long answered. */
const OUTCOME_MS = 250
const OUTCOME_TRIES = 120

/** The owner's order to connect the site in front, and what became of it. */
export class ConnectOrders {
  readonly #owner: Pick<Owner, 'send'>
  readonly #browser: PopupBrowser
  readonly #page: PageState<PopupState>
  readonly #done: () => Promise<void>

  /** @param done looks at everything again that a connection may have changed. */
  constructor(
    owner: Pick<Owner, 'send'>,
    browserSide: PopupBrowser,
    page: PageState<PopupState>,
    done: () => Promise<void>,
  ) {
    this.#owner = owner
    this.#browser = browserSide
    this.#page = page
    this.#done = done
  }

  /**
   * Give the site in front a capability.
   *
   * @param ttl seconds. @param askWrites as of `connect`; undefined: as the grant has it.
   */
  async connect(capability: string, ttl: number, askWrites?: boolean): Promise<void> {
    const { site } = this.#page.current
    if (site?.kind !== 'site' || this.#page.current.connecting) return
    // SECURITY: the intent and the browser's prompt belong to one turn of the user's click; nothing is awaited in between.
    const { origin, tabId } = site
    const wish = askWrites === undefined ? {} : { askWrites }
    const sent = this.#owner.send({ name: 'connect-intent', origin, tabId, capability, ttl, ...wish })
    const asked = this.#browser.askToReach(origin)
    this.#page.set({ connecting: true, connectError: null })
    const [intent, allowed] = await Promise.allSettled([sent, asked])
    if (intent.status === 'rejected') this.#page.set({ connectError: refusalText(intent.reason) })
    else if (allowed.status === 'rejected') this.#page.set({ connectError: refusalText(allowed.reason) })
    else if (!allowed.value) await this.#declined(origin)
    else if (intent.value === null) await this.#follow(origin, OUTCOME_TRIES)
    this.#page.set({ connecting: false })
    await this.#done()
  }

  /** The owner said no to the browser: a permission that they give later, for another reason, is not to connect the site. */
  async #declined(origin: string): Promise<void> {
    this.#page.set({ connectError: t('connectDeclined') })
    await this.#owner.send({ name: 'connect-intent-drop', origin }).catch(() => null)
  }

  /**
   * Learn what became of an intent whose popup the browser's prompt took away. Whoever opens the popup again is past the prompt.
   *
   * SECURITY: what still waits for the permission then got a no, and none that is given later for another reason is to connect it.
   */
  async resume(origin: string): Promise<void> {
    const isWaiting = await this.#follow(origin, 1)
    if (isWaiting && !(await this.#browser.mayReach(origin))) await this.#declined(origin)
  }

  /** Learn what became of an intent; waits for the permission as long as there are tries. @returns whether it still does. */
  async #follow(origin: string, tries: number): Promise<boolean> {
    for (let left = tries; left > 0; left -= 1) {
      const outcome = await this.#owner.send({ name: 'connect-outcome', origin }).catch(() => null)
      if (outcome?.state === 'failed') {
        await loadTranslations()
        const { code, message, said } = outcome
        const refusal = Object.assign(new Error(message ?? ''), { code: code ?? '', said })
        this.#page.set({ connectError: refusalText(refusal) })
      }
      if (outcome?.state !== 'waiting') return false
      if (left > 1) await new Promise((resolve) => setTimeout(resolve, OUTCOME_MS))
    }
    return true
  }
}
