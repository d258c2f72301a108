import { NAME_PATTERN } from '../../shared/model/name-pattern.ts'
import type { SiteSession, SiteView } from '../../shared/model/site.ts'
import type { Witnessed } from '../../shared/protocol/native-frames.ts'
import type { SiteGift } from '../../shared/protocol/owner-port.ts'
import type { ProviderAnswer, ProviderAsk } from '../../shared/protocol/provider-frames.ts'
import type { Availability } from '../../shared/provider/types.ts'
import { CommandRefusal, type HostCommands } from './host-commands.ts'
import type { HostPort } from './host-port.ts'
import { lateOrders } from './late.ts'
import type { PageDocument } from './page-document.ts'
import type { SiteRequests } from './site-requests.ts'
import type { ToldSessions } from './told-sessions.ts'

interface Parts {
  host: Pick<HostPort, 'state' | 'open'>
  commands: Pick<HostCommands, 'send'>
  requests: SiteRequests
  told: ToldSessions
}

type Refused = Extract<ProviderAnswer, { code: unknown }>

/**
 * Answers what pages order of the provider. SECURITY: whatever is asked, the answer holds nothing but what the host says of this
 * document's own pair of origins; that the owner has, or has not, a key for another service changes no answer and no wait
 * but their own.
 */
export class SiteProvider {
  readonly #parts: Parts
  /** Which document's request waits. */
  #asking: { document: PageDocument; id: number } | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Take a message of a content script. False: it is none of the provider's. */
  take(document: PageDocument, message: unknown): boolean {
    if ((message as { type?: unknown } | null)?.type !== 'provider') return false
    const ask = lateOrders().readProviderAsk(message)
    if (ask !== null) void this.#answer(document, ask)
    return true
  }

  /** A document is gone, and with it what it asked for. */
  gone(document: PageDocument): void {
    this.#parts.told.forget(document)
    if (this.#asking?.document === document) this.#parts.requests.withdraw(this.#asking.id)
  }

  /** The owner withdrew the permission for a document that is still there. */
  banished(document: PageDocument): void {
    this.#parts.told.end(document)
  }

  async #answer(document: PageDocument, ask: ProviderAsk): Promise<void> {
    const answer = await this.#carryOut(document, ask).catch(
      (error: unknown): Refused => ({ code: isLocked(error) ? 'locked' : 'no-host' }),
    )
    document.send({ type: 'provided', id: ask.id, ...answer })
  }

  async #carryOut(document: PageDocument, ask: ProviderAsk): Promise<ProviderAnswer> {
    const { witnessed } = document
    if (witnessed === null) return { code: 'not-allowed' }
    if (ask.service !== undefined && !isServiceName(ask.service)) return { code: 'unknown-service' }
    switch (ask.order) {
      case 'availability':
        return { value: await this.#availability(witnessed, ask.service) }
      case 'sessions':
        return await this.#sessions(document, witnessed)
      case 'release':
        await this.#parts.commands.send({ name: 'site-release', ...pairOf(witnessed) })
        return { value: null }
      case 'request':
        return await this.#request(document, witnessed, ask)
    }
  }

  async #sessions(document: PageDocument, witnessed: Witnessed): Promise<ProviderAnswer> {
    const { sessions } = await this.#view(witnessed)
    // SECURITY: the permission may have been withdrawn before the host's answer came.
    if (document.witnessed === null) return { code: 'not-allowed' }
    return { value: this.#parts.told.keep(document, sessions) }
  }

  async #availability(witnessed: Witnessed, service: string | undefined): Promise<Availability> {
    if (!(await this.#parts.host.open())) return 'no-host'
    if (this.#parts.host.state.vault !== 'unlocked') return 'locked'
    const { sessions, paused } = await this.#view(witnessed)
    const fits = (one: SiteSession) => service === undefined || isFor(one, service)
    if (sessions.some(fits)) return 'available'
    return paused.some(fits) ? 'paused' : 'needs-grant'
  }

  async #request(document: PageDocument, witnessed: Witnessed, ask: ProviderAsk): Promise<ProviderAnswer> {
    const { host, requests } = this.#parts
    const { service, capability = null, reason = '' } = ask
    if (service === undefined) return { code: 'malformed' }
    if (!ask.active) return { code: 'not-activated' }
    if (!(await host.open())) return { code: 'no-host' }
    const known = host.state.vault === 'unlocked' ? await this.#view(witnessed) : null
    const live = known?.sessions.find(
      (one) => isFor(one, service) && (capability ?? one.capability) === one.capability,
    )
    if (live !== undefined) return this.#given(document, live)
    const { origin, topOrigin } = pairOf(witnessed)
    // A frame of another site may take up what its pair was given; the tab's own site is the one that asks for more.
    if (origin !== topOrigin && !known?.paused.some((one) => isFor(one, service)))
      return { code: 'not-allowed' }
    if (await requests.isMuted({ origin, topOrigin })) return { code: 'muted' }
    if (document.witnessed === null || document.isGone) return { code: 'not-allowed' }
    const asked = requests.ask({ origin, topOrigin, service, capability, reason })
    if (asked === null) return { code: 'busy' }
    this.#asking = { document, id: asked.id }
    const answer = await asked.answer
    this.#asking = null
    if (answer === null) return { code: 'user-denied' }
    return await this.#give(document, answer)
  }

  async #give(document: PageDocument, gift: SiteGift): Promise<ProviderAnswer> {
    // SECURITY: the permission may have been withdrawn, and the document left, while the window was open.
    if (document.witnessed === null || document.isGone) return { code: 'user-denied' }
    const pair = pairOf(document.witnessed)
    await this.#parts.commands.send({ name: 'connect', ...pair, ...gift })
    const { sessions } = await this.#view(document.witnessed)
    const given = sessions.find((one) => one.capability === gift.capability)
    return given === undefined ? { code: 'user-denied' } : this.#given(document, given)
  }

  #given(document: PageDocument, session: SiteSession): ProviderAnswer {
    this.#parts.told.keep(document, [session])
    return { value: session }
  }

  #view(witnessed: Witnessed): Promise<SiteView> {
    return this.#parts.commands.send({ name: 'site-view', ...pairOf(witnessed) })
  }
}

function pairOf({ origin, topOrigin }: Witnessed): { origin: string; topOrigin: string } {
  return { origin, topOrigin }
}

/** A name, or an address. SECURITY: by its shape alone, so that the answer says nothing of what the owner has. */
function isServiceName(service: string): boolean {
  return NAME_PATTERN.test(service) || /^https?:$/.test(URL.parse(service)?.protocol ?? '')
}

/** Whether something given is for a service as a page names it. */
function isFor({ service, baseUrls }: SiteSession, wanted: string): boolean {
  const origin = URL.parse(wanted)?.origin
  return (
    service === wanted || baseUrls.some((url) => origin !== undefined && URL.parse(url)?.origin === origin)
  )
}

function isLocked(error: unknown): boolean {
  return error instanceof CommandRefusal && error.code.startsWith('vault-')
}
