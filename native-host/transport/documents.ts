import type { FrameToBackground, Witnessed } from '../../shared/protocol/native-frames.ts'
import { type CaughtUrls, caughtUrls } from '../broker/caught-urls.ts'
import type { BrokerContext } from '../broker/context.ts'
import type { Outlet } from './outlet.ts'

interface Known {
  witnessed: Witnessed
  /** The list last sent, as text, so that nothing is said twice. */
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
    const caughtFor = caughtUrls(context)
    for (const [document, known] of this.#known) {
      const caught = caughtFor(known.witnessed)
      const sent = JSON.stringify(caught)
      if (known.sent === sent) continue
      known.sent = sent
      this.#outlet.send(frameOf(document, caught))
    }
  }
}

function frameOf(document: number, { baseUrls, paused }: CaughtUrls): FrameToBackground {
  return { type: 'catch', document, baseUrls, ...(paused.length === 0 ? {} : { paused }) }
}
