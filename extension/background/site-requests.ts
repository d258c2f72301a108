import browser from 'webextension-polyfill'
import type { OwnerCommand, SiteGift, SiteRequest } from '../../shared/protocol/owner-port.ts'
import { CommandRefusal } from './host-commands.ts'
import { lateOrders } from './late.ts'
import { Listeners } from './listeners.ts'
import { Serial } from './serial.ts'

/** How long a request waits for the owner, in milliseconds; then silence is no. */
const REQUEST_WAIT_MS = 2 * 60_000
/** After any no the same site is not asked about for so long … */
const PAUSE_MS = 5000
/** … and after so many within so many milliseconds for so many. */
const DENIALS = 3
const WITHIN_MS = 10 * 60_000

/** Where the denials of sites are kept: over the stops of our background, and over no start of the browser. */
const KEY = 'request-denials'

/** The owner's answer: what they gave, or null for no. */
export type SiteAnswer = SiteGift | null

/** What a page asks for, before it is asked about. */
export type SiteWish = Omit<SiteRequest, 'id' | 'at' | 'expiresAt'>

interface Pending {
  readonly request: SiteRequest
  readonly timer: ReturnType<typeof setTimeout>
  resolve(answer: SiteAnswer): void
}

/** The one request of a page that the owner is asked about, if any, and who was told no of late. */
export class SiteRequests {
  /** Told when a request begins to wait and when it is over. */
  readonly onChanged = new Listeners<SiteRequest | null>()
  readonly #serial = new Serial()
  #pending: Pending | null = null
  #nextId = 1

  /** The request that waits; null: none. */
  get current(): SiteRequest | null {
    return this.#pending?.request ?? null
  }

  /** Whether a site is not asked about for now, because its owner said no. */
  async isMuted(site: { origin: string; topOrigin: string }): Promise<boolean> {
    const denials = (await readDenials())[keyOf(site)] ?? []
    const now = Date.now()
    const recent = denials.filter((at) => now - at < WITHIN_MS)
    return recent.length >= DENIALS || recent.some((at) => now - at < PAUSE_MS)
  }

  /**
   * Ask the owner.
   *
   * @returns null where another request waits; else the answer: null where they said no or nothing, or it was withdrawn.
   */
  ask(wish: SiteWish): { id: number; answer: Promise<SiteAnswer> } | null {
    if (this.#pending !== null) return null
    const { promise, resolve } = Promise.withResolvers<SiteAnswer>()
    const at = Date.now()
    const request = { ...wish, id: this.#nextId++, at, expiresAt: at + REQUEST_WAIT_MS }
    const timer = setTimeout(() => this.deny(), REQUEST_WAIT_MS)
    this.#pending = { request, timer, resolve }
    this.onChanged.tell(request)
    return { id: request.id, answer: promise }
  }

  /** Carry out `site-request-answer`. @throws CommandRefusal `unknown` where the request of this id does not wait any more. */
  async order({ id, give }: Extract<OwnerCommand, { name: 'site-request-answer' }>): Promise<null> {
    if (this.current?.id !== id)
      throw new CommandRefusal('unknown', 'the page does not ask for this any more')
    if (give === null) this.deny(id)
    else this.#end(give)
    return null
  }

  /** The owner says no, in words, by closing the window, or by silence. @param id of the request; absent: of whichever waits. */
  deny(id = this.current?.id): void {
    const request = this.current
    if (request === null || request.id !== id) return
    void this.#note(request)
    this.#end(null)
  }

  /** The page that asked is gone: nobody said no. */
  withdraw(id: number): void {
    if (this.current?.id === id) this.#end(null)
  }

  #end(answer: SiteAnswer): void {
    const pending = this.#pending
    this.#pending = null
    clearTimeout(pending?.timer)
    pending?.resolve(answer)
    this.onChanged.tell(null)
  }

  #note(site: SiteRequest): Promise<void> {
    return this.#serial.run(async () => {
      const now = Date.now()
      const kept = Object.entries(await readDenials()).flatMap(([key, denials]) => {
        const recent = denials.filter((at) => now - at < WITHIN_MS)
        return recent.length === 0 ? [] : [[key, recent] as const]
      })
      const denials = Object.fromEntries(kept)
      denials[keyOf(site)] = [...(denials[keyOf(site)] ?? []), now].slice(-DENIALS)
      await browser.storage.session.set({ [KEY]: denials })
    })
  }
}

function keyOf({ origin, topOrigin }: { origin: string; topOrigin: string }): string {
  return `${origin} ${topOrigin}`
}

async function readDenials(): Promise<Record<string, number[]>> {
  const { [KEY]: stored } = await browser.storage.session.get(KEY)
  return lateOrders().readDenials(stored)
}
