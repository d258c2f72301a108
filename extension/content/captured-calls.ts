/** What the browser calls a request that a script of the page made by a function we would have caught. */
const CAUGHT_KINDS = ['fetch', 'xmlhttprequest', 'beacon']

/**
 * Notice calls that go around us. A script that comes to a page that runs already, as after a grant, stands before `fetch`
 * from then on; what took the function out before goes to the network with it. A caught call never does, so each one that the
 * browser's own timeline has is such a call.
 */
export class CapturedCalls {
  readonly #tell: () => void
  /** Scripts of the page ran before this one: it came by `executeScript`, not with the document. */
  readonly #isLate = Boolean(document.body)
  #bases: URL[] = []
  #since = 0
  #observer: PerformanceObserver | null = null

  /** @param tell called once, at the first such call. */
  constructor(tell: () => void) {
    this.#tell = tell
  }

  /** The page has this list from now on. Does nothing in a document where our script was first. */
  watch(baseUrls: readonly string[]): void {
    if (!this.#isLate || baseUrls.length === 0) return
    this.#bases = baseUrls.map((url) => new URL(url))
    if (this.#observer !== null) return
    this.#since = performance.now()
    this.#observer = new PerformanceObserver((list) => this.#look(list.getEntries()))
    this.#observer.observe({ type: 'resource' })
  }

  #look(entries: PerformanceEntryList): void {
    if (!entries.some((entry) => this.#isCall(entry as PerformanceResourceTiming))) return
    this.#observer?.disconnect()
    this.#tell()
  }

  #isCall({ initiatorType, name, startTime }: PerformanceResourceTiming): boolean {
    if (startTime < this.#since || !CAUGHT_KINDS.includes(initiatorType)) return false
    const url = URL.parse(name)
    return this.#bases.some(({ origin, pathname }) => {
      const path = pathname.endsWith('/') ? pathname : `${pathname}/`
      return url?.origin === origin && `${url.pathname}/`.startsWith(path)
    })
  }
}
