import type { SiteSession } from '../model/site.ts'

/**
 * Types of the provider for web pages. `README.md` beside this file is the page about it. Types only: nothing here is in any
 * bundle, and a page may copy this file.
 */

/** What a page is told of something it was given. Nothing in it is secret. */
export type ProvidedSession = Readonly<SiteSession>

/**
 * How things stand for this page, in this order of what is said first:
 * `no-host` nothing on this machine can hold keys now · `locked` the vault must be opened first · `available` there is a live
 * session · `paused` there was one, and the first call will ask the owner whether it goes on · `needs-grant` nothing of the
 * kind was given to this site, whether or not the owner has a key for it.
 */
export type Availability = 'no-host' | 'locked' | 'available' | 'paused' | 'needs-grant'

/** Why a promise was rejected: `error.code` of an `Error`. Append only. */
export const PROVIDER_ERRORS = [
  /** A name, a capability or a reason that is none, or too long. */
  'malformed',
  /** `service` is neither a name nor an address. Never said of one the owner merely does not have. */
  'unknown-service',
  /** No click or key of the user's shortly before, or the page is not in front. */
  'not-activated',
  /** A sandboxed document, one among strangers, or a frame of another site that was given nothing here. */
  'not-allowed',
  /** Another request is being asked about, or too many orders of this page are open. */
  'busy',
  /** The user said no several times, or just now. */
  'muted',
  /** The user said no, closed the window, or did not answer. */
  'user-denied',
  /** The vault is locked. `request` never says it: its window opens the vault. */
  'locked',
  /** The host is not there, or the extension was reloaded. */
  'no-host',
] as const
export type ProviderErrorCode = (typeof PROVIDER_ERRORS)[number]

/** What a rejected promise of the provider holds. */
export interface ProviderError extends Error {
  readonly code: ProviderErrorCode
}

/** What a page would like to have. */
export interface ProviderRequest {
  /** The service's name in the catalogue (`openai`), or any address of it (`https://api.openai.com`). */
  service: string
  /** What to do there, by name, where the page knows it. The user chooses. */
  capability?: string
  /** One sentence for the user: shown as the page's own words, as text. At most 300 characters. */
  reason?: string
}

/** The event `ended`, a `CustomEvent`. */
export interface SessionEndedEvent {
  readonly type: 'ended'
  readonly detail: ProvidedSession
}

/** The provider, an `EventTarget`. Frozen; the same one in every announcement of a document. */
export interface ValetKeyProvider {
  /** @param options without a service: whether there is anything at all. */
  availability(options?: { service?: string }): Promise<Availability>
  /** Ask the user, in a window of the extension. Needs a click or a key of theirs. Resolves at once where it was given already. */
  request(request: ProviderRequest): Promise<ProvidedSession>
  /** Live sessions of this site. */
  sessions(): Promise<ProvidedSession[]>
  /** Give all of them back. They are over for good: only `request` or the user brings another. */
  release(): Promise<void>
  /** For the event `ended`: a session that this page was told of is over. */
  onended: ((event: SessionEndedEvent) => void) | null
  addEventListener(type: 'ended', listener: (event: SessionEndedEvent) => void): void
  removeEventListener(type: 'ended', listener: (event: SessionEndedEvent) => void): void
}

/** The `detail` of an announcement, frozen. */
export interface ProviderDetail {
  readonly info: { readonly name: 'Valet Key'; readonly rdns: 'org.valetkey'; readonly version: 1 }
  readonly provider: ValetKeyProvider
}

/** The event `valetkey:announce-provider` on window, a `CustomEvent`. */
export interface AnnounceProviderEvent {
  readonly type: 'valetkey:announce-provider'
  readonly detail: ProviderDetail
}
