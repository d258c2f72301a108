import { Problem } from '../problem.ts'

/** How long nobody asks again after a token server said no, ms: pages try again at once, and servers lock clients out. */
const AGAIN_MS = 10_000
/** How long a new token that was answered with 401 as well is kept all the same, ms: it is not what the service minds. */
const NO_HELP_MS = 60_000

/** Refusals that only the owner or time can mend. */
const LASTING = /^token-(?:refused|invalid|malformed|not-for-client|limited)/

/**
 * What of late was refused, so that a page's calls do not become as many calls to a token server. In memory only, and one
 * of each for a source of tokens, however often its secrets change.
 */
export class Refused {
  readonly #problems = new Map<string, { at: number; digest: string; problem: Problem }>()
  readonly #noHelp = new Map<string, { at: number; token: string }>()

  /**
   * Do the work, unless it was refused of late with the same secrets: then that again.
   *
   * @param digest of the secrets. @param now the wall clock, ms.
   */
  async unlessOfLate<T>(
    source: string,
    digest: string,
    now: () => number,
    work: () => Promise<T>,
  ): Promise<T> {
    const last = this.#problems.get(source)
    if (last?.digest === digest && isWithin(last.at, AGAIN_MS, now())) throw last.problem
    this.#problems.delete(source)
    try {
      return await work()
    } catch (problem) {
      const isLasting = problem instanceof Problem && LASTING.test(problem.reason)
      if (isLasting) this.#problems.set(source, { at: now(), digest, problem })
      throw problem
    }
  }

  /** A token that was just made was answered with 401: another one of the source will not help soon. */
  noHelp(source: string, token: string, now: number): void {
    this.#noHelp.set(source, { at: now, token })
  }

  /** True where another token may help, as far as is known. */
  mayHelp(source: string, token: string, now: number): boolean {
    const last = this.#noHelp.get(source)
    return last?.token !== token || !isWithin(last.at, NO_HELP_MS, now)
  }
}

// A clock that was set back makes no interval longer.
function isWithin(at: number, span: number, now: number): boolean {
  return now >= at && now - at < span
}
