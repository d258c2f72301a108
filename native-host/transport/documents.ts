import type { Session } from '../../shared/model/grant.ts'
import type { Witnessed } from '../../shared/protocol/native-frames.ts'
import type { BrokerContext } from '../broker/context.ts'
import type { Outlet } from './outlet.ts'

interface Known {
  witnessed: Witnessed
  /** The list last sent, joined, so that nothing is said twice. */
  sent: string | null
}

/** The documents with our script that are open in the browser, and the lists of caught URLs they were told. */
export class Documents {
  readonly #outlet: Outlet
  readonly #known = new Map<number, Known>()

  constructor(outlet: Outlet) {
    this.#outlet = outlet
  }

  add(document: number, witnessed: Witnessed): void {
    this.#known.set(document, { witnessed, sent: null })
  }

  remove(document: number): void {
    this.#known.delete(document)
  }

  /** Null for a document that was never announced: its calls are refused. */
  witnessed(document: number): Witnessed | null {
    return this.#known.get(document)?.witnessed ?? null
  }

  /** Whose calls a document's are, for turns: a site's documents share one. That of documents never announced is their own. */
  site(document: number): string {
    const { origin, topOrigin } = this.witnessed(document) ?? { origin: 'unknown', topOrigin: '' }
    return `${origin} ${topOrigin}`
  }

  /** Tell each document its list where it differs from what it was told. */
  announce(context: BrokerContext): void {
    if (this.#known.size === 0) return
    const live = context.inventory.liveSessions(context.now())
    for (const [document, known] of this.#known) {
      const baseUrls = caughtFor(known.witnessed, live, context)
      const joined = baseUrls.join('\n')
      if (known.sent === joined) continue
      known.sent = joined
      this.#outlet.send({ type: 'catch', document, baseUrls })
    }
  }
}

/** Base URLs of the services that a document has a live session for. */
function caughtFor(
  { origin, topOrigin }: Witnessed,
  live: readonly Session[],
  context: BrokerContext,
): string[] {
  const found = new Set<string>()
  for (const session of live) {
    if (session.origin !== origin || session.topOrigin !== topOrigin) continue
    for (const url of context.inventory.service(session.service)?.baseUrls ?? []) found.add(url)
  }
  return [...found].sort()
}
