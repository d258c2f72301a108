import type { WaitingNotice } from '../../shared/protocol/owner-port.ts'
import type { SessionSummary } from '../../shared/protocol/session-commands.ts'
import { hostScreen } from '../ui/host-screen.ts'
import type { Owner } from '../ui/owner.ts'
import { type OwnerSnapshot, OwnerView } from '../ui/owner-view.ts'
import type { PageSight } from '../ui/page-sight.ts'
import { PageState } from '../ui/page-state.ts'
import { t } from '../ui/strings.ts'
import { ConnectOrders } from './connect-orders.ts'
import { PageKeyOrders } from './page-key-orders.ts'
import type { PopupBrowser } from './popup-needs.ts'
import { CLOSED, firstState, type PopupState } from './popup-state.ts'
import { SessionOrders } from './session-orders.ts'
import { SiteLooks } from './site-looks.ts'
import { WaitingOrders } from './waiting-orders.ts'

/** How often figures are asked for while something is live, and the host while there is none, in milliseconds. */
export const WATCH_MS = 2000

/** The popup's mind: pictures in, orders out. Holds nothing that closing the popup could lose. */
export class PopupModel {
  readonly #browser: PopupBrowser
  readonly #view: OwnerView
  readonly #page: PageState<PopupState>
  readonly #looks: SiteLooks
  readonly #waiting: WaitingOrders
  readonly #connecting: ConnectOrders
  readonly #sessions: SessionOrders
  /** The look at keys that the page in front holds itself. */
  readonly pageKeys: PageKeyOrders

  /** @param first picture to begin with. @param sight of the popup, which asks nothing of itself while it is not seen; absent: it is. */
  constructor(
    owner: Pick<Owner, 'send' | 'onState' | 'onChanged'>,
    browserSide: PopupBrowser,
    first: OwnerSnapshot | null,
    sight?: PageSight,
  ) {
    this.#browser = browserSide
    this.#view = new OwnerView(owner, first, sight)
    this.#page = new PageState<PopupState>(firstState(this.#view.snapshot))
    this.#sessions = new SessionOrders(owner, this.#page, () => this.#view.refresh())
    this.pageKeys = new PageKeyOrders(owner, this.#page, () => this.#view.refresh())
    this.#view.onChange((snapshot) => this.#see(snapshot))
    this.#looks = new SiteLooks(owner, browserSide, this.#page, sight)
    this.#waiting = new WaitingOrders(owner, this.#page, sight)
    this.#connecting = new ConnectOrders(owner, browserSide, this.#page, () => this.#lookAgain())
  }

  get state(): PopupState {
    return this.#page.current
  }

  /** Told after each change. @returns stops it. */
  onChange(listener: (state: PopupState) => void): () => void {
    return this.#page.onChange(listener)
  }

  /** Look at the tab in front. @param asked what the browser says of it, where it was asked already. */
  async lookAtSite(asked = this.#browser.currentSite()): Promise<void> {
    await this.#looks.take(asked)
    void this.pageKeys.look()
    await this.#looks.look()
  }

  /** Look at the tab where that was not done yet, and at what became of a connection that the browser's prompt interrupted. */
  async start(): Promise<void> {
    if (this.state.site === null) await this.lookAtSite()
    const { site } = this.state
    if (site?.kind === 'site') await this.#connecting.resume(site.origin)
  }

  /** Ask again while something moves. The page calls it every {@link WATCH_MS}. */
  watch(): void {
    const { screen, owner } = this.state
    const waits = screen !== 'ready' && screen !== 'no-keys' && screen !== 'locked' && screen !== 'no-vault'
    const moves = (owner.state?.live ?? 0) > 0 || (owner.approvals ?? []).length > 0
    if (waits || moves) this.#view.hear()
  }

  /** Ask the host for everything again. */
  checkAgain(): void {
    void this.#view.refresh()
  }

  /** Give the site in front a capability, in the turn of the user's click; see {@link ConnectOrders}. */
  async connect(capability: string, ttl: number, askWrites?: boolean): Promise<void> {
    await this.#connecting.connect(capability, ttl, askWrites)
  }

  /** Ask the browser to let our scripts run at the site, where a grant exists already. Within the turn of a click. */
  async reach(): Promise<void> {
    const { site } = this.state
    if (site?.kind !== 'site') return
    await this.#browser.askToReach(site.origin).catch(() => false)
    await this.#looks.lookAtReach()
  }

  /** Load the page in front anew. */
  async reload(): Promise<void> {
    const { site } = this.state
    if (site?.kind !== 'site') return
    this.#page.set({ notices: [], movedKey: null })
    await this.#browser.reload(site.tabId).catch(() => {})
  }

  /** End one session, at once; see {@link SessionOrders}. */
  async revoke(session: SessionSummary): Promise<void> {
    await this.#sessions.revoke(session)
  }

  /** End every live session. */
  async revokeAll(): Promise<void> {
    await this.#sessions.revokeAll()
  }

  /** Pause every call of every site. */
  async pauseAll(): Promise<void> {
    await this.#sessions.pauseAll()
  }

  /** End the pause. */
  async resumeAll(): Promise<void> {
    await this.#sessions.resumeAll()
  }

  /** Take the last revoke back, as long as it is offered. */
  async undo(): Promise<void> {
    await this.#sessions.undo()
  }

  /** Give a live session the time of its grant anew. */
  async extend(session: SessionSummary): Promise<void> {
    await this.#sessions.extend(session)
  }

  /** Let a site go on with what it had, or refuse what waits. */
  async answerWaiting(notice: WaitingNotice, goOn: boolean): Promise<void> {
    await this.#waiting.answer(notice, goOn)
  }

  /** Bring the window to the front that shows what a page asks for. */
  async showRequest(): Promise<void> {
    await this.#waiting.showRequest()
  }

  /** Bring the window that asks to the front. */
  async showApprovals(): Promise<void> {
    await this.#waiting.showApprovals()
  }

  /** A press did nothing, for it may have been meant for another button. */
  tellOfStray(): void {
    this.#page.say(t('strayPress'))
  }

  openControlRoom(section: string): void {
    this.#browser.openControlRoom(section)
  }

  async #lookAgain(): Promise<void> {
    await this.#looks.lookAtReach()
    await this.#view.refresh()
    void this.pageKeys.look()
  }

  #see(snapshot: OwnerSnapshot): void {
    // SECURITY: what a site was refused is the vault's; it is not to be read where that is not open.
    const closed = snapshot.state?.vault !== 'unlocked'
    const screen = hostScreen(snapshot)
    const opened = screen === 'ready' && this.state.screen !== 'ready'
    this.#page.set({ owner: snapshot, screen, ...(closed ? { ...CLOSED } : {}) })
    if (opened) void this.pageKeys.look()
    void this.#browser.saveSnapshot(snapshot)
  }
}
