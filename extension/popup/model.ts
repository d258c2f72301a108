import type { SiteRequest, WaitingNotice } from '../../shared/protocol/owner-port.ts'
import type { PageKeys } from '../../shared/protocol/page-keys.ts'
import type { PageNotice } from '../../shared/protocol/page-notice.ts'
import type { SessionSummary, SiteRefusal } from '../../shared/protocol/session-commands.ts'
import { type HostScreen, hostScreen } from '../ui/host-screen.ts'
import type { Owner } from '../ui/owner.ts'
import { type OwnerSnapshot, OwnerView } from '../ui/owner-view.ts'
import { PageState } from '../ui/page-state.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { t } from '../ui/strings.ts'
import { loadTranslations } from '../ui/translations.ts'
import { type MovedKey, PageKeyOrders } from './page-key-orders.ts'
import { SessionOrders, type UndoOffer } from './session-orders.ts'
import type { TabSite } from './tab-site.ts'

/** What the popup needs of the browser. */
export interface PopupBrowser {
  currentSite(): Promise<TabSite>
  /** Whether the browser lets our scripts run at the origin. */
  mayReach(origin: string): Promise<boolean>
  /** Ask the user, by the browser's own prompt. Only within the turn of a click. */
  askToReach(origin: string): Promise<boolean>
  onReachChanged(listener: () => void): void
  openControlRoom(section: string): void
  reload(tabId: number): Promise<void>
  saveSnapshot(snapshot: OwnerSnapshot): Promise<void>
}

/** Everything the popup shows. */
export interface PopupState {
  screen: HostScreen
  owner: OwnerSnapshot
  /** Null until the browser has said. */
  site: TabSite | null
  /** Whether our scripts run at the site; null until known or where there is no site. */
  reachable: boolean | null
  /** What the owner is to know of the page in front. */
  notices: readonly PageNotice[]
  /** Keys that the page in front holds itself; null: it was not looked at. */
  pageKeys: PageKeys | null
  /** One of them is being taken out. */
  movingKey: boolean
  /** What became of the last one, and why nothing did. */
  movedKey: MovedKey | null
  moveError: string | null
  /** A connection is being made. */
  connecting: boolean
  /** Why the last connection was not made, for as long as it matters. */
  connectError: string | null
  /** Sessions whose end was ordered. */
  ending: ReadonlySet<string>
  /** Sites whose calls wait for the owner in this browser. */
  waiting: readonly WaitingNotice[]
  /** What a page of this browser asks for in a window of its own; null: nothing. */
  request: SiteRequest | null
  /** Those of them that were answered, by their ids. */
  answering: ReadonlySet<number>
  /** The last call of the site in front, where it was refused. */
  refusal: SiteRefusal | null
  /** The revoke that can still be taken back; null: none. */
  undo: UndoOffer | null
  toast: string | null
}

/** How often figures are asked for while something is live, and the host while there is none, in milliseconds. */
export const WATCH_MS = 2000
/** How often and how many times the outcome of a connection is asked for: until the browser's prompt is long answered. */
const OUTCOME_MS = 250
const OUTCOME_TRIES = 120

/** What is not to be read where the vault is not open. */
const CLOSED = { refusal: null, undo: null, pageKeys: null, movedKey: null } as const

/** The popup's mind: pictures in, orders out. Holds nothing that closing the popup could lose. */
export class PopupModel {
  readonly #owner: Pick<Owner, 'send' | 'onState' | 'onChanged'>
  readonly #browser: PopupBrowser
  readonly #view: OwnerView
  readonly #page: PageState<PopupState>
  readonly #sessions: SessionOrders
  /** The look at keys that the page in front holds itself. */
  readonly pageKeys: PageKeyOrders

  constructor(
    owner: Pick<Owner, 'send' | 'onState' | 'onChanged'>,
    browserSide: PopupBrowser,
    first: OwnerSnapshot | null,
  ) {
    this.#owner = owner
    this.#browser = browserSide
    this.#view = new OwnerView(owner, first)
    this.#page = new PageState<PopupState>({
      screen: hostScreen(this.#view.snapshot),
      owner: this.#view.snapshot,
      site: null,
      reachable: null,
      notices: [],
      pageKeys: null,
      movingKey: false,
      movedKey: null,
      moveError: null,
      connecting: false,
      connectError: null,
      ending: new Set(),
      waiting: [],
      request: null,
      answering: new Set(),
      refusal: null,
      undo: null,
      toast: null,
    })
    this.#sessions = new SessionOrders(owner, this.#page, () => this.#view.refresh())
    this.pageKeys = new PageKeyOrders(owner, this.#page, () => this.#view.refresh())
    this.#view.onChange((snapshot) => this.#see(snapshot))
    owner.onChanged(() => void this.#lookAtNotices())
    owner.onChanged(() => void this.#lookAtRefusal())
    owner.onState(() => void this.#lookAtWaiting())
    owner.onChanged(() => void this.#lookAtWaiting())
    void this.#lookAtWaiting()
    browserSide.onReachChanged(() => void this.#lookAtReach())
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
    const site = await asked.catch((): TabSite => ({ kind: 'unreadable' }))
    this.#page.set({ site })
    void this.pageKeys.look()
    await Promise.all([this.#lookAtReach(), this.#lookAtNotices(), this.#lookAtRefusal()])
  }

  /** Look at the tab where that was not done yet, and at what became of a connection that the browser's prompt interrupted. */
  async start(): Promise<void> {
    if (this.state.site === null) await this.lookAtSite()
    const { site } = this.state
    if (site?.kind === 'site') await this.#followOutcome(site.origin, 1)
  }

  /** Ask again while something moves. The page calls it every {@link WATCH_MS}. */
  watch(): void {
    const { screen, owner } = this.state
    const waits = screen !== 'ready' && screen !== 'no-keys' && screen !== 'locked' && screen !== 'no-vault'
    const moves = (owner.state?.live ?? 0) > 0 || (owner.approvals ?? []).length > 0
    if (waits || moves) void this.#view.refresh()
  }

  /** Ask the host for everything again. */
  checkAgain(): void {
    void this.#view.refresh()
  }

  /**
   * Give the site in front a capability.
   *
   * @param ttl seconds. @param askWrites as of `connect`; undefined: as the grant has it.
   */
  async connect(capability: string, ttl: number, askWrites?: boolean): Promise<void> {
    const { site } = this.state
    if (site?.kind !== 'site' || this.state.connecting) return
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
    else if (intent.value === null) await this.#followOutcome(origin, OUTCOME_TRIES)
    this.#page.set({ connecting: false })
    await this.#lookAtReach()
    await this.#view.refresh()
    void this.pageKeys.look()
  }

  /** The owner said no to the browser: a permission that they give later, for another reason, is not to connect the site. */
  async #declined(origin: string): Promise<void> {
    this.#page.set({ connectError: t('connectDeclined') })
    await this.#owner.send({ name: 'connect-intent-drop', origin }).catch(() => null)
  }

  /** Ask the browser to let our scripts run at the site, where a grant exists already. Within the turn of a click. */
  async reach(): Promise<void> {
    const { site } = this.state
    if (site?.kind !== 'site') return
    await this.#browser.askToReach(site.origin).catch(() => false)
    await this.#lookAtReach()
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
  async answerWaiting({ id, origin }: WaitingNotice, goOn: boolean): Promise<void> {
    this.#page.set({ answering: new Set([...this.state.answering, id]) })
    try {
      await this.#owner.send({ name: 'waiting-answer', id, goOn })
      this.#page.say(t(goOn ? 'toastResumed' : 'toastRefused', new URL(origin).host))
    } catch (refusal) {
      this.#page.say(refusalText(refusal))
    }
    await this.#lookAtWaiting()
    this.#page.set({ answering: new Set([...this.state.answering].filter((one) => one !== id)) })
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

  /** A press did nothing, for it may have been meant for another button. */
  tellOfStray(): void {
    this.#page.say(t('strayPress'))
  }

  openControlRoom(section: string): void {
    this.#browser.openControlRoom(section)
  }

  /** Learn what became of an intent; waits for the browser's prompt as long as there are tries. */
  async #followOutcome(origin: string, tries: number): Promise<void> {
    for (let left = tries; left > 0; left -= 1) {
      const outcome = await this.#owner.send({ name: 'connect-outcome', origin }).catch(() => null)
      if (outcome?.state === 'failed') {
        await loadTranslations()
        const { code, message, said } = outcome
        const refusal = Object.assign(new Error(message ?? ''), { code: code ?? '', said })
        this.#page.set({ connectError: refusalText(refusal) })
      }
      if (outcome?.state !== 'waiting') return
      if (left > 1) await new Promise((resolve) => setTimeout(resolve, OUTCOME_MS))
    }
  }

  async #lookAtReach(): Promise<void> {
    const { site } = this.state
    if (site?.kind !== 'site') return
    this.#page.set({ reachable: await this.#browser.mayReach(site.origin).catch(() => null) })
  }

  async #lookAtNotices(): Promise<void> {
    const { site } = this.state
    if (site?.kind !== 'site') return
    const order = { name: 'page-notices', tabId: site.tabId } as const
    this.#page.set({ notices: await this.#owner.send(order).catch(() => []) })
  }

  async #lookAtRefusal(): Promise<void> {
    const { site } = this.state
    if (site?.kind !== 'site') return
    const order = { name: 'site-refusal', topOrigin: site.origin } as const
    const refusal = await this.#owner.send(order).catch(() => null)
    this.#page.set({ refusal: refusal ?? null })
  }

  async #lookAtWaiting(): Promise<void> {
    const waiting = await this.#owner.send({ name: 'waiting-list' }).catch(() => null)
    if (waiting !== null) this.#page.set({ waiting })
    const request = await this.#owner.send({ name: 'site-request' }).catch(() => null)
    this.#page.set({ request })
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
