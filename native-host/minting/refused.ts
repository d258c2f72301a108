import { Problem } from '../problem.ts'

/** How long nobody asks again after a token server said no, ms: pages try again at once, and servers lock clients out. */
const AGAIN_MS = 10_000
/** How long a new token that was answered with 401 as well is kept all the same, ms: it is not what the service minds. */
const NO_HELP_MS = 60_000

/** Refusals that only the owner or time can mend. */
const LASTING = /^token-(?:refused|invalid|malformed|not-for-client|limited)/

/** What of late was refused, so that a page's calls do not become as many calls to a token server. In memory only. */
export class Refused {
  readonly #problems = new Map<string, { at: number; problem: Problem }>()
  readonly #noHelp = new Map<string, { at: number; token: string }>()

  /** Do the work, unless it was refused of late: then that again. @param now the wall clock, ms. */
  async unlessOfLate<T>(key: string, now: () => number, work: () => Promise<T>): Promise<T> {
    const last = this.#problems.get(key)
    if (last !== undefined && isWithin(last.at, AGAIN_MS, now())) throw last.problem
    this.#problems.delete(key)
    try {
      return await work()
    } catch (problem) {
      const isLasting = problem instanceof Problem && LASTING.test(problem.reason)
      if (isLasting) this.#problems.set(key, { at: now(), problem })
      throw problem
    }
  }

  /** A token that was just made was answered with 401: another one will not help soon. */
  noHelp(key: string, token: string, now: number): void {
    this.#noHelp.set(key, { at: now, token })
  }

  /** True where another token may help, as far as is known. */
  mayHelp(key: string, token: string, now: number): boolean {
    const last = this.#noHelp.get(key)
    return last?.token !== token || !isWithin(last.at, NO_HELP_MS, now)
  }
}

// A clock that was set back makes no interval longer.
function isWithin(at: number, span: number, now: number): boolean {
  return now >= at && now - at < span
}
