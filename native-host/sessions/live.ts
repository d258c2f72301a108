import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { lockEpoch } from '../vault/lock.ts'
import { expireSessions, isLive, sessionById } from './sessions.ts'

/** How often other processes' commits are looked for, ms. DESIGN: a revoke by any process is noticed within 100 ms. */
const POLL_MS = 50
/** How often sessions are looked at for their time being up, ms. */
const EXPIRY_MS = 1000

/** One call between its permit and its end. */
interface InFlight {
  /** Null for the local owner's own call: only a lock cuts it. */
  session: string | null
  abort: AbortController
}

/** Why a call was cut from outside: carried as the abort's reason. */
export class SessionEnded extends Error {
  override name = 'SessionEnded'
}

/**
 * What is in use right now in this process, and the watch that ends it: every commit of any process, and the clock,
 * is checked against the sessions of the calls in flight.
 */
export class Live {
  readonly #store: Store
  readonly #keys: VaultKeys
  readonly #now: () => number
  readonly #onChange: () => void
  readonly #onActivity: () => void
  readonly #onLock: () => void
  readonly #calls = new Set<InFlight>()
  readonly #epoch: number
  #version: number
  #timers: NodeJS.Timeout[] = []

  /**
   * @param of `epoch` the lock's epoch from before the keys were obtained.
   * @param on `change`: sessions, grants, services or capabilities may be others than before; `activity`: only counts
   * and calls in flight changed; `lock`: the owner locked the vault somewhere, so this process must end.
   */
  constructor(
    { store, keys, epoch, now }: { store: Store; keys: VaultKeys; epoch: number; now: () => number },
    on: { change: () => void; activity: () => void; lock: () => void },
  ) {
    this.#store = store
    this.#keys = keys
    this.#now = now
    this.#onChange = on.change
    this.#onActivity = on.activity
    this.#onLock = on.lock
    this.#epoch = epoch
    // An impossible version: the first poll looks at the lock whatever happened before it.
    this.#version = -1
    this.#timers = [setInterval(() => this.#poll(), POLL_MS), setInterval(() => this.#expire(), EXPIRY_MS)]
  }

  /** Register a call. Its controller is aborted with SessionEnded when its session is over. */
  begin(session: string | null, abort: AbortController): { end(): void } {
    const call = { session, abort }
    this.#calls.add(call)
    this.#onActivity()
    const end = () => {
      this.#calls.delete(call)
      this.#onActivity()
    }
    return { end }
  }

  /** Say that a count changed which the popup shows. */
  activity(): void {
    this.#onActivity()
  }

  /** Calls in flight in this process, of one session or in all. */
  inFlight(session?: string): number {
    if (session === undefined) return this.#calls.size
    let count = 0
    for (const call of this.#calls) if (call.session === session) count += 1
    return count
  }

  /** Cut what belongs to sessions that are over, and tell whoever shows them. Called after this process's own commits. */
  refresh(): void {
    const now = this.#now()
    const verdicts = new Map<string, boolean>()
    for (const call of this.#calls) {
      if (call.session === null) continue
      const live = verdicts.get(call.session) ?? this.#isLive(call.session, now)
      verdicts.set(call.session, live)
      if (!live) call.abort.abort(new SessionEnded())
    }
    this.#onChange()
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    for (const call of this.#calls) call.abort.abort(new SessionEnded())
  }

  #isLive(id: string, now: number): boolean {
    const session = sessionById(this.#store, this.#keys, id)
    return session !== null && isLive(session, now)
  }

  #poll(): void {
    const version = this.#store.version()
    if (version === this.#version) return
    this.#version = version
    // SECURITY: before anything else: a raised lock ends the process that holds the keys.
    if (lockEpoch(this.#store) !== this.#epoch) {
      this.#onLock()
      return
    }
    this.refresh()
  }

  #expire(): void {
    if (expireSessions(this.#store, this.#keys, this.#now()).length > 0) this.refresh()
  }
}
