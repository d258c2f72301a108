/** What a site may know of what it was given. No secret, no id, no word of the owner's own beside the names below. */

/** A document's origin and that of its tab: what a grant is for. */
export interface SitePlace {
  origin: string
  topOrigin: string
}

/** What a site was given, as its page may see it. */
export interface SiteSession {
  /** The catalogue's name of the service (`openai`), or the owner's where it is none of the catalogue's. */
  service: string
  /** The owner's name of what it may do there. */
  capability: string
  /** Where its calls go: those below one of these are caught. */
  baseUrls: string[]
  /** What to send in place of a key. Worthless anywhere else. */
  placeholder: string
  /** Milliseconds since the epoch; it may be over earlier. Null: it is not live. */
  expiresAt: number | null
}

/** Everything of one site. */
export interface SiteView {
  /** Live ones, newest first. */
  sessions: SiteSession[]
  /** What its owner may go on with; `expiresAt` is null. */
  paused: SiteSession[]
}
