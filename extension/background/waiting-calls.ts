import { RESUME_WAIT_MS } from '../../shared/protocol/limits.ts'
import type { Witnessed } from '../../shared/protocol/native-frames.ts'
import type { WaitingNotice } from '../../shared/protocol/owner-port.ts'
import type { CarriedCall } from './call-table.ts'
import { Listeners } from './listeners.ts'

/** Most calls that wait under one notice, and most in all: what is sent with them is kept here meanwhile. */
const MOST_OF_NOTICE = 20
const MOST_IN_ALL = 50

/** After a no the owner is not shown the same again for so long, in milliseconds. */
const QUIET_MS = 10 * 60_000

interface Notice {
  readonly id: number
  readonly origin: string
  readonly topOrigin: string
  readonly baseUrl: string
  readonly since: number
  readonly calls: Map<CarriedCall, ReturnType<typeof setTimeout>>
}

/**
 * Calls of sites that were given something, held back until the owner opens the vault or goes on with what ran out: one notice
 * for all calls of a site to one service. Nothing of them has left for the host; where it goes on, the host decides over
 * each as over any other.
 */
export class WaitingCalls {
  /** Told when notices come and go, or the number of calls under one changes. */
  readonly onChanged = new Listeners<void>()
  readonly #notices = new Map<string, Notice>()
  readonly #noticeOf = new Map<CarriedCall, Notice>()
  readonly #quietUntil = new Map<string, number>()
  #nextId = 1

  /** How many notices there are. */
  get count(): number {
    return this.#notices.size
  }

  /** Every notice, the oldest first. */
  list(): WaitingNotice[] {
    return [...this.#notices.values()].map(({ id, origin, topOrigin, baseUrl, since, calls }) => {
      return { id, origin, topOrigin, baseUrl, since, calls: calls.size }
    })
  }

  /**
   * Hold a call back.
   *
   * @param late told when it has waited for {@link RESUME_WAIT_MS}; it does not wait any more then.
   * @returns false where too many wait, or the owner said no of late: it is to go on at once, and to be refused.
   */
  hold(call: CarriedCall, { origin, topOrigin }: Witnessed, baseUrl: string, late: () => void): boolean {
    const key = `${origin} ${topOrigin} ${baseUrl}`
    if (this.#isQuiet(key) || this.#noticeOf.size >= MOST_IN_ALL) return false
    const since = Date.now()
    const notice = this.#notices.get(key) ?? {
      ...{ id: this.#nextId++, origin, topOrigin, baseUrl, since },
      calls: new Map(),
    }
    if (notice.calls.size >= MOST_OF_NOTICE) return false
    const over = () => {
      this.drop(call)
      late()
    }
    notice.calls.set(call, setTimeout(over, RESUME_WAIT_MS))
    this.#noticeOf.set(call, notice)
    this.#notices.set(key, notice)
    this.onChanged.tell()
    return true
  }

  /** Whether a call waits. */
  has(call: CarriedCall): boolean {
    return this.#noticeOf.has(call)
  }

  /** The calls that wait. */
  calls(): CarriedCall[] {
    return [...this.#noticeOf.keys()]
  }

  /** A call waits no longer, whatever becomes of it. Does nothing for one that does not wait. */
  drop(call: CarriedCall): void {
    const notice = this.#noticeOf.get(call)
    if (notice === undefined) return
    clearTimeout(notice.calls.get(call))
    this.#noticeOf.delete(call)
    notice.calls.delete(call)
    if (notice.calls.size === 0) this.#notices.delete(keyOf(notice))
    this.onChanged.tell()
  }

  /** The notice of an id; null where it is gone. */
  notice(id: number): WaitingNotice | null {
    return this.list().find((notice) => notice.id === id) ?? null
  }

  /** The owner says no. @returns the calls that waited under the notice. */
  refuse(id: number): CarriedCall[] {
    const notice = [...this.#notices.values()].find((one) => one.id === id)
    if (notice === undefined) return []
    this.#quietUntil.set(keyOf(notice), Date.now() + QUIET_MS)
    return [...notice.calls.keys()]
  }

  /** The owner said yes to a site, by whatever way: what they refused before counts no more. */
  forgive({ origin, topOrigin }: { origin: string; topOrigin: string }): void {
    for (const key of this.#quietUntil.keys()) {
      if (key.startsWith(`${origin} ${topOrigin} `)) this.#quietUntil.delete(key)
    }
  }

  #isQuiet(key: string): boolean {
    const until = this.#quietUntil.get(key)
    if (until === undefined || Date.now() < until) return until !== undefined
    this.#quietUntil.delete(key)
    return false
  }
}

function keyOf({ origin, topOrigin, baseUrl }: Notice): string {
  return `${origin} ${topOrigin} ${baseUrl}`
}
