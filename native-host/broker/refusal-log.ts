import { randomUUID } from 'node:crypto'
import type { CallRecord } from '../audit/write-audit.ts'

/** Refusals of one site in one interval that have a record each: more than a person reads, fewer than a disk minds. */
export const FULL_RECORDS = 100
/** Different refusals of one site counted apart after that; all others of a session together make one more record. */
export const COUNTED_APART = 20
/** Length of the interval, milliseconds. */
export const INTERVAL_MS = 60_000

interface Site {
  from: number
  full: number
  readonly counted: Map<string, CallRecord>
}

/**
 * Writes refusals down so that a site that is refused without end fills no disk: each at first, then one record for
 * all that are alike, with how many they were. No refusal goes uncounted, unless the process is killed or nothing can be
 * written when the interval is over; nothing was sent for any of them.
 */
export class RefusalLog {
  readonly #write: (record: CallRecord) => void
  readonly #now: () => number
  readonly #sites = new Map<string, Site>()
  #timer: NodeJS.Timeout | null = null

  /** @param write makes one record durable, or throws. @param now milliseconds since the epoch. */
  constructor(write: (record: CallRecord) => void, now: () => number) {
    this.#write = write
    this.#now = now
  }

  /**
   * Write a refusal down, or count it.
   *
   * @returns true where it has a record of its own, durable; false where it was counted. @throws whatever `write` throws.
   */
  take(record: CallRecord): boolean {
    const site = this.#siteOf(record)
    if (site.full < FULL_RECORDS) {
      this.#write(record)
      site.full += 1
      return true
    }
    count(site.counted, record)
    this.#timer ??= setTimeout(() => this.#timeIsUp(), INTERVAL_MS).unref()
    return false
  }

  /** Write down what was counted. What cannot be written stays counted. */
  flush(): void {
    for (const site of this.#sites.values()) this.#flushSite(site)
  }

  /** Write down what was counted, and stop. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.flush()
  }

  #siteOf({ origin, topOrigin }: CallRecord): Site {
    const key = `${origin} ${topOrigin}`
    const known = this.#sites.get(key)
    const now = this.#now()
    // A clock that was set back starts anew as well: the interval is no promise to the site.
    if (known !== undefined && now >= known.from && now - known.from < INTERVAL_MS) return known
    if (known !== undefined) this.#flushSite(known)
    const fresh = { from: now, full: 0, counted: known?.counted ?? new Map<string, CallRecord>() }
    this.#sites.set(key, fresh)
    return fresh
  }

  #flushSite({ counted }: Site): void {
    for (const [key, record] of counted) {
      try {
        this.#write({ ...record, id: randomUUID(), at: this.#now() })
      } catch {
        return
      }
      counted.delete(key)
    }
  }

  #timeIsUp(): void {
    this.#timer = null
    this.flush()
    for (const [key, { from, counted }] of this.#sites) {
      if (counted.size > 0) this.#timer ??= setTimeout(() => this.#timeIsUp(), INTERVAL_MS).unref()
      else if (this.#now() - from >= INTERVAL_MS) this.#sites.delete(key)
    }
  }
}

function count(counted: Map<string, CallRecord>, record: CallRecord): void {
  const { session, reason, method, url } = record
  const own = [session, reason, method, url].join(' ')
  const isApart = counted.has(own) || counted.size < COUNTED_APART
  const key = isApart ? own : `${session}`
  const before = counted.get(key)
  counted.set(key, {
    ...(before ?? (isApart ? record : several(record))),
    count: (before?.count ?? 0) + record.count,
  })
}

/** For refusals of many kinds: what they have in common, their session among it, which counts them. */
function several(record: CallRecord): CallRecord {
  return {
    ...record,
    reason: 'rate-limited',
    url: null,
    query: [],
    headers: [],
    body: null,
    rule: null,
  }
}
