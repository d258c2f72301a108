import type { Owner } from '../ui/owner.ts'
import type { PageSight } from '../ui/page-sight.ts'
import type { PageState } from '../ui/page-state.ts'
import { Rounds } from '../ui/rounds.ts'
import type { PopupBrowser } from './popup-needs.ts'
import type { PopupState } from './popup-state.ts'
import type { TabSite } from './tab-site.ts'

/** What the browser and the host say of the site in front: whether we may run there, what its page does, what it was refused. */
export class SiteLooks {
  readonly #owner: Pick<Owner, 'send'>
  readonly #browser: PopupBrowser
  readonly #page: PageState<PopupState>
  readonly #news: Rounds

  /** @param sight of the popup: news wait until it is seen. */
  constructor(
    owner: Pick<Owner, 'send' | 'onChanged'>,
    browserSide: PopupBrowser,
    page: PageState<PopupState>,
    sight: PageSight | undefined,
  ) {
    this.#owner = owner
    this.#browser = browserSide
    this.#page = page
    this.#news = new Rounds(() => this.#lookForNews(), sight)
    owner.onChanged(() => this.#news.whenSeen())
    browserSide.onReachChanged(() => void this.lookAtReach())
  }

  /** Take a tab for the one in front. @param asked what the browser says of it. */
  async take(asked: Promise<TabSite>): Promise<void> {
    this.#page.set({ site: await asked.catch((): TabSite => ({ kind: 'unreadable' })) })
  }

  /** Look at all of it. */
  async look(): Promise<void> {
    await Promise.all([this.lookAtReach(), this.#news.now()])
  }

  /** Whether our scripts run at the site. */
  async lookAtReach(): Promise<void> {
    const { site } = this.#page.current
    if (site?.kind !== 'site') return
    this.#page.set({ reachable: await this.#browser.mayReach(site.origin).catch(() => null) })
  }

  async #lookForNews(): Promise<void> {
    await Promise.all([this.#lookAtNotices(), this.#lookAtRefusal()])
  }

  async #lookAtNotices(): Promise<void> {
    const { site } = this.#page.current
    if (site?.kind !== 'site') return
    const order = { name: 'page-notices', tabId: site.tabId } as const
    this.#page.set({ notices: await this.#owner.send(order).catch(() => []) })
  }

  async #lookAtRefusal(): Promise<void> {
    const { site } = this.#page.current
    if (site?.kind !== 'site') return
    const order = { name: 'site-refusal', topOrigin: site.origin } as const
    const refusal = await this.#owner.send(order).catch(() => null)
    this.#page.set({ refusal: refusal ?? null })
  }
}
