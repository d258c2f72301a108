import { recallCatchList, rememberCatchList } from './catch-memory.ts'
import type { HostPort } from './host-port.ts'
import type { PageDocument } from './page-document.ts'
import type { WaitingCalls } from './waiting-calls.ts'

/** How long a document waits for the host's list of caught URLs before it gets the last one known, in milliseconds. */
const LIST_WAIT_MS = 3000

/** Brings documents their lists of caught URLs: the host's, or the last one known where it cannot be asked. */
export class DocumentLists {
  readonly #host: Pick<HostPort, 'state'>
  readonly #waiting: WaitingCalls

  constructor(host: Pick<HostPort, 'state'>, waiting: WaitingCalls) {
    this.#host = host
    this.#waiting = waiting
  }

  /** Have calls of a document wait for its list. Where none comes they go on after a while, with the last one known. */
  expect(document: PageDocument): void {
    const endWait = document.expectList()
    const late = () => this.sendLastKnown(document).catch(() => {})
    setTimeout(() => void late().then(endWait), LIST_WAIT_MS)
  }

  /** Send the last list known to a document that has none. @throws where storage fails: it gets none. */
  async sendLastKnown(document: PageDocument): Promise<void> {
    const who = document.witnessed ?? document.banished
    if (who === null) return
    if (document.hasList) return document.endListWait()
    const baseUrls = await recallCatchList(who)
    if (!document.hasList) document.sendCatchList(baseUrls)
  }

  /** The host said which URLs are caught for a document, and for which of them its calls are to wait. */
  caught(document: PageDocument, baseUrls: string[], paused: string[]): void {
    if (document.witnessed === null) return
    document.paused = paused
    if (baseUrls.length > 0 && paused.length === 0) this.#waiting.forgive(document.witnessed)
    // A locked host's empty list says nothing. One with URLs may come just before the news that the vault is open.
    if (baseUrls.length === 0 && this.#host.state.vault !== 'unlocked') return
    document.sendCatchList(baseUrls)
    void rememberCatchList(document.witnessed, baseUrls)
  }
}
