import type { Capability } from '../../shared/model/capability.ts'
import type { SiteGift, SiteRequest } from '../../shared/protocol/owner-port.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { type HostScreen, hostScreen } from '../ui/host-screen.ts'
import type { Owner } from '../ui/owner.ts'
import { type OwnerSnapshot, OwnerView } from '../ui/owner-view.ts'
import { PageState } from '../ui/page-state.ts'
import { refusalText } from '../ui/refusal-text.ts'
import type { Arming } from './arming.ts'

/** How long the window stays to say that the page asks no more, in milliseconds. */
const LINGER_MS = 2500

/** Everything the window shows. */
export interface RequestState {
  screen: HostScreen
  owner: OwnerSnapshot
  /** False until it is known whether anything is asked. */
  known: boolean
  /** What is asked, exactly as it is shown. Null: nothing. */
  shown: SiteRequest | null
  /** Whether an Allow would count now. */
  armed: boolean
  /** An answer is on its way. */
  answering: boolean
  error: string | null
  toast: null
}

/** What the window needs of the browser. */
export interface RequestSurroundings {
  openControlRoom(section: string): void
  leave(): void
}

/** The mind of the window that shows what a page asks for. */
export class RequestModel {
  readonly #owner: Pick<Owner, 'send' | 'onState' | 'onChanged'>
  readonly #arming: Arming
  readonly #around: RequestSurroundings
  readonly #view: OwnerView
  readonly #page: PageState<RequestState>
  #leaving: ReturnType<typeof setTimeout> | undefined

  constructor(
    owner: Pick<Owner, 'send' | 'onState' | 'onChanged'>,
    arming: Arming,
    around: RequestSurroundings,
  ) {
    this.#owner = owner
    this.#arming = arming
    this.#around = around
    this.#view = new OwnerView(owner, null)
    this.#page = new PageState<RequestState>({
      ...{ screen: hostScreen(this.#view.snapshot), owner: this.#view.snapshot },
      ...{ known: false, shown: null, armed: false, answering: false, error: null, toast: null },
    })
    this.#view.onChange((snapshot) => this.#see(snapshot))
    owner.onState(() => void this.#refresh())
    owner.onChanged(() => void this.#refresh())
    void this.#refresh()
  }

  get state(): RequestState {
    return this.#page.current
  }

  /** Told after each change. @returns stops it. */
  onChange(listener: (state: RequestState) => void): () => void {
    return this.#page.onChange(listener)
  }

  /** Show whether an Allow would count now. */
  showArming(): void {
    const armed = this.#arming.isArmed
    if (armed !== this.state.armed) this.#page.set({ armed })
  }

  /**
   * Give the page something.
   *
   * @param shown what the pressed button was drawn with. @param ttl seconds. @param askWrites as of `connect`; undefined: as the grant has it.
   */
  async allow(shown: SiteRequest, capability: string, ttl: number, askWrites?: boolean): Promise<void> {
    // SECURITY: an Allow counts only for what the owner has had in front for a while; a no always counts.
    if (!this.#arming.counts()) return
    await this.#answer(shown, { capability, ttl, ...(askWrites === undefined ? {} : { askWrites }) })
  }

  /** Give it nothing. */
  async deny(shown: SiteRequest): Promise<void> {
    await this.#answer(shown, null)
  }

  /** Ask the host for everything again. */
  checkAgain(): void {
    void this.#view.refresh()
  }

  openControlRoom(section: string): void {
    this.#around.openControlRoom(section)
  }

  async #answer(shown: SiteRequest, give: SiteGift | null): Promise<void> {
    if (this.state.answering || this.state.shown !== shown) return
    this.#page.set({ answering: true, error: null })
    try {
      await this.#owner.send({ name: 'site-request-answer', id: shown.id, give })
    } catch (refusal) {
      this.#page.set({ error: refusalText(refusal) })
    }
    await this.#refresh()
    this.#page.set({ answering: false })
  }

  async #refresh(): Promise<void> {
    // SECURITY: what background/ does not confirm to be asked is not shown.
    const request = await this.#owner.send({ name: 'site-request' }).catch(() => null)
    const before = this.state.shown
    // What is shown stays shown, as the very same thing: nothing may slide under the pointer.
    const shown = before !== null && request?.id === before.id ? before : request
    if (shown !== before) this.#arming.disturb()
    this.#page.set({ known: true, shown, armed: this.#arming.isArmed })
    clearTimeout(this.#leaving)
    if (shown === null) this.#leaving = setTimeout(() => this.#around.leave(), LINGER_MS)
  }

  /** What can be chosen changes under the pointer: nothing that is pressed now was meant for it. */
  #see(owner: OwnerSnapshot): void {
    const before = offered(this.state)
    this.#page.set({ owner, screen: hostScreen(owner) })
    if (JSON.stringify(offered(this.state)) === JSON.stringify(before)) return
    this.#arming.disturb()
    this.showArming()
  }
}

/** The owner's service that a page means; null: they have none of that name or address. */
export function serviceFor(services: readonly ServiceSummary[], wanted: string): ServiceSummary | null {
  const origin = URL.parse(wanted)?.origin
  const isAt = ({ baseUrls }: ServiceSummary) =>
    origin !== undefined && baseUrls.some((url) => URL.parse(url)?.origin === origin)
  return (
    services.find(({ id }) => id === wanted) ??
    services.find(({ preset }) => preset === wanted) ??
    services.find(isAt) ??
    null
  )
}

/** What the owner may give for what is asked. */
export function offered({ owner, shown }: Pick<RequestState, 'owner' | 'shown'>): {
  service: ServiceSummary | null
  capabilities: Capability[]
} {
  const service = shown === null ? null : serviceFor(owner.services ?? [], shown.service)
  const capabilities = (owner.capabilities ?? []).filter((one) => one.service === service?.id)
  return { service, capabilities }
}
