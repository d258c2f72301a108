import type { Session } from '../../shared/model/grant.ts'
import { Problem } from '../problem.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { dateOf, lockEpoch } from '../vault/lock.ts'
import { isAutoLockDue, noteUseNow } from './auto-lock.ts'
import { CallsInFlight, SessionEnded, VaultPaused } from './calls-in-flight.ts'
import { latestTime } from './clock.ts'
import { isLive } from './session-life.ts'
import { readSession, unendedAmong, unendedSessions } from './session-rows.ts'
import { endSession, expireSessions, keepInUse } from './sessions.ts'
import { isVaultPaused, pauseVault } from './vault-pause.ts'

/** How often other processes' commits are looked for, ms. DESIGN: a revoke by any process is noticed within 100 ms. */
const POLL_MS = 50
/** How often sessions are looked at for their time being up, ms. */
const EXPIRY_MS = 1000
/**
 * How long after a commit of another process lists are made anew, ms: what has ended is cut before, and of many commits
 * that come at once one list is made.
 */
const LISTS_MS = 25
/** Bytes for a page leave on a look no older than this, ms. A look takes some ten microseconds; chunks come by thousands. */
export const FRESH_MS = 5

/**
 * What is in use right now in this process, and the watch that ends it: every commit of any process, and the clock,
 * is checked against the sessions of the calls in flight.
 */
export class Live {
  readonly #store: Store
  readonly #keys: VaultKeys
  readonly #now: () => number
  readonly #onChange: () => void
  readonly #onLists: () => void
  readonly #onActivity: () => void
  readonly #onLock: () => void
  readonly #onUnused: () => void
  readonly #onPause: () => void
  readonly #calls: CallsInFlight
  /** Sessions the owner ended, until that has been written down. */
  readonly #stopped = new Set<string>()
  /** Sessions of calls that came after the last look at what has ended. */
  readonly #unseen = new Set<string>()
  #isLocking = false
  /** The owner paused everything through this process, and that may not be written down yet. */
  #isPausing = false
  /** What the vault said at the last look. */
  #wasPaused: boolean
  readonly #epoch: number
  #version: number
  #lookedAt = 0
  /** When the times of sessions were last looked at, by the wall clock. */
  #timedAt = 0
  #timers: NodeJS.Timeout[] = []
  #lists: NodeJS.Timeout | null = null

  /**
   * @param of `keys` dated, see `vault/lock.ts`.
   * @param on `change`: sessions, grants, services or capabilities may be others than before, whatever was read of them
   * is to be forgotten, and that at little cost; `lists`: the same, for whoever shows them: at once after this process's
   * own commits, soon after those of others; `activity`: only counts and calls in flight changed; `lock`: the owner
   * locked the vault somewhere, so this process must end; `unused`: nobody has used it for as long as it stays open then, so it must be locked; `pause`:
   * the owner's pause is to be written down, with the act, since the order could not be: called each second until it is;
   * `ended`: calls of this session were cut, so whatever is kept for it can go.
   */
  constructor(
    { store, keys, now }: { store: Store; keys: VaultKeys; now: () => number },
    on: {
      change: () => void
      lists?: () => void
      activity: () => void
      lock: () => void
      unused?: () => void
      pause?: () => void
      ended?: (session: string) => void
    },
  ) {
    this.#store = store
    this.#keys = keys
    this.#now = now
    this.#onChange = on.change
    this.#onLists = on.lists ?? (() => {})
    this.#onActivity = on.activity
    this.#onLock = on.lock
    this.#onUnused = on.unused ?? on.lock
    this.#onPause = on.pause ?? (() => void pauseVault(store, keys, now()))
    this.#calls = new CallsInFlight(store, on.ended ?? (() => {}))
    this.#epoch = dateOf(keys)
    this.#wasPaused = isVaultPaused(store)
    // An impossible version: the first poll looks at the lock whatever happened before it.
    this.#version = -1
    this.#timers = [setInterval(() => this.#poll(), POLL_MS), setInterval(() => this.#expire(), EXPIRY_MS)]
  }

  /**
   * Register a call. Its controller is aborted with SessionEnded when its session is over.
   *
   * @param finish called with the reason where this process ends before the call does.
   */
  begin(
    session: string | null,
    abort: AbortController,
    finish: (problem: unknown) => void = () => {},
  ): { end(): void; isPutOff(): boolean } {
    const call = this.#calls.add({ session, abort, finish, isPutOff: false })
    // SECURITY: it was stopped between the record of the call and its entry here: nobody else would cut it.
    if (session !== null && this.#stopped.has(session)) abort.abort(new SessionEnded())
    if (session !== null && this.isPaused) abort.abort(new VaultPaused())
    if (this.#isLocking) abort.abort(locked())
    if (session !== null) this.#unseen.add(session)
    this.#onActivity()
    const end = () => {
      this.#calls.remove(call)
      this.#onActivity()
    }
    return { end, isPutOff: () => call.isPutOff }
  }

  /** For a call that is given up: how it ended is not to be written down by itself, but with others, by `settle`. */
  putOff(abort: AbortController): void {
    this.#calls.putOff(abort)
  }

  /** Write down how calls ended that were put off, and have been aborted since: one write to the disk for all of them. */
  settle(aborts: ReadonlySet<AbortController>): void {
    this.#calls.settle(aborts)
  }

  /**
   * For a call that is over and whose end could not be written down: cut, and written down as soon as that can be done,
   * together with others.
   */
  settleLater(abort: AbortController, reason: unknown): void {
    abort.abort(reason)
    this.#calls.settleLater(new Set([abort]))
  }

  /** True for a session the owner ended that may not be written down yet: no call of it passes here. */
  isStopped(session: string): boolean {
    return this.#stopped.has(session)
  }

  /**
   * End sessions in this process, at once and before anything is written: what comes is refused, what is in flight is
   * cut. The end is written down by whoever orders it, or as soon as that can be done.
   */
  stop(isChosen: (session: Session) => boolean): void {
    for (const session of unendedSessions(this.#store, this.#keys)) {
      if (isChosen(session)) this.#stopped.add(session.id)
    }
    this.#calls.abort(this.#stopped)
  }

  /** True while no call of a page passes here, because the owner has paused everything: as of the last look. */
  get isPaused(): boolean {
    return this.#isPausing || this.#wasPaused
  }

  /**
   * Pause everything in this process, at once and before anything is written: calls of pages that come are refused, those
   * in flight are cut. It is written down by whoever orders it, or as soon as that can be done.
   */
  pause(): void {
    this.#isPausing = true
    this.#calls.abortPages(new VaultPaused())
  }

  /** The owner has put all back: a pause that could not be written down is not tried again. Called after the commit. */
  resume(): void {
    this.#isPausing = false
  }

  /**
   * The vault is about to be locked by this process: abort every call, the owner's own too, and any that is registered from
   * here on. Nothing is written, and nothing is waited for.
   */
  lock(): void {
    this.#isLocking = true
    this.#calls.abortAll(locked())
  }

  /**
   * Look now, not at the next poll, at what other processes have committed and at the clock, and cut what is over. To
   * be called right before bytes leave: what was revoked anywhere, or ran out while the machine slept, sends none.
   *
   * @param within a look no older than this will do, ms.
   */
  look(within = 0): void {
    // A process that was stopped finds bytes to hand on before its timers have had a turn; while the machine sleeps the
    // clock that says how fresh a look is stands still on Linux.
    const isTimed = Math.abs(Date.now() - this.#timedAt) <= EXPIRY_MS
    if (isTimed && performance.now() - this.#lookedAt < within) return
    this.#poll()
    if (!isTimed) this.#expire()
  }

  /** Say that a count changed which the popup shows. */
  activity(): void {
    this.#onActivity()
  }

  /** Calls in flight in this process, of one session or in all. */
  inFlight(session?: string): number {
    return this.#calls.count(session)
  }

  /** Cut what belongs to sessions that are over, and tell whoever shows them. Called after this process's own commits. */
  refresh(): void {
    this.#readingOrCut(() => {
      this.#refresh()
      this.#onLists()
    })
  }

  /** Stop watching; cut what is in flight and write down that it was. */
  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    if (this.#lists !== null) clearTimeout(this.#lists)
    this.#calls.close()
  }

  #refresh(): void {
    this.#cutEnded()
    this.#onChange()
  }

  #listsSoon(): void {
    this.#lists ??= setTimeout(() => {
      this.#lists = null
      this.#readingOrCut(() => this.#onLists())
    }, LISTS_MS)
  }

  /** No commit has come since the last look, but calls have: one of them may be of a session whose end was seen before it. */
  #cutUnseen(): void {
    if (this.#unseen.size === 0) return
    const unended = unendedAmong(this.#store, this.#unseen)
    const ended = [...this.#unseen].filter((id) => !unended.has(id))
    this.#unseen.clear()
    this.#calls.cut(new Set(ended))
  }

  #cutEnded(): void {
    this.#unseen.clear()
    this.#cutPaused()
    const inUse = this.#calls.sessions()
    const sessions = [...inUse]
    if (sessions.length === 0) return
    // One cheap query finds what somebody has ended: nothing is opened, and nothing written, before that is cut.
    const unended = unendedAmong(this.#store, inUse)
    const isEnded = (id: string): boolean => this.#stopped.has(id) || !unended.has(id)
    const ended = sessions.filter(isEnded)
    this.#calls.abort(new Set(ended))
    const over = this.#overIn(sessions.filter((id) => !isEnded(id)))
    this.#calls.cut(new Set([...ended, ...over]))
  }

  #cutPaused(): void {
    this.#wasPaused = isVaultPaused(this.#store)
    if (this.#wasPaused) this.#isPausing = false
    if (this.isPaused) this.#calls.cutPages(new VaultPaused())
  }

  /** In one read of the database: each by itself would lock it anew. Nothing is to be written meanwhile. */
  #overIn(sessions: readonly string[]): string[] {
    return this.#store.snapshot(() => {
      const times = [latestTime(this.#store, this.#keys), this.#now()]
      return sessions.filter((id) => !this.#isLive(id, times))
    })
  }

  #isLive(id: string, times: readonly number[]): boolean {
    const session = readSession(this.#store, this.#keys, id)
    return session !== null && times.every((time) => isLive(session, time))
  }

  #readingOrCut(work: () => void): void {
    try {
      work()
    } catch {
      // SECURITY: where the vault cannot be read, nobody would notice a revoke or a lock. It is tried again.
      this.#version = -1
      this.#calls.abortAll(new Problem('internal', 'vault-unreadable'))
    }
  }

  #poll(): void {
    this.#lookedAt = performance.now()
    // SECURITY: a lock is raised in the file at that place; this process would look at another one for ever.
    if (!this.#store.isInPlace) this.#onLock()
    else this.#readingOrCut(() => this.#compare())
  }

  #compare(): void {
    const version = this.#store.version()
    if (version === this.#version) return this.#cutUnseen()
    // SECURITY: before anything else: a raised lock ends the process that holds the keys.
    if (lockEpoch(this.#store) !== this.#epoch) {
      this.#onLock()
      return
    }
    this.#refresh()
    this.#listsSoon()
    this.#version = version
  }

  #expire(): void {
    this.#timedAt = Date.now()
    this.#readingOrCut(() => {
      // SECURITY: before calls in flight count as use: while the machine slept they were none.
      if (this.#isUnused()) return this.#onUnused()
      if (!this.#writeEnds()) return this.#cutEnded()
      this.#refresh()
      this.#listsSoon()
    })
  }

  /** A lock that is raised within a call's own transaction may be undone with it. */
  #isUnused(): boolean {
    return !this.#store.isInTransaction && isAutoLockDue(this.#store, this.#keys, this.#now())
  }

  /** True where sessions were found to be over and that was written down. */
  #writeEnds(): boolean {
    // SECURITY: what is written into a call's own transaction may be undone with it, and a stopped session would live again.
    if (this.#store.isInTransaction) return false
    this.#writePause()
    try {
      for (const id of this.#stopped) {
        endSession(this.#store, this.#keys, id, 'revoked', this.#now())
        this.#stopped.delete(id)
      }
      if (this.#calls.count() > 0) noteUseNow(this.#store, this.#keys, this.#now())
      keepInUse(this.#store, this.#keys, this.#calls.sessions(), this.#now())
      return expireSessions(this.#store, this.#keys, this.#now()).length > 0
    } catch {
      // A full disk: what is over is over all the same.
      return false
    }
  }

  /**
   * SECURITY: first and by itself: a session, or a record of the act, that cannot be written must not keep other processes
   * from being paused.
   */
  #writePause(): void {
    if (!this.#isPausing) return
    for (const write of [this.#onPause, () => pauseVault(this.#store, this.#keys, this.#now())]) {
      try {
        write()
        return
      } catch {
        // It is tried again; in this process nothing of a page passes meanwhile.
      }
    }
  }
}

function locked(): Problem {
  return new Problem('vault-locked', 'vault-locked')
}
