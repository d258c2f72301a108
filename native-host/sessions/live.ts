import type { Session } from '../../shared/model/grant.ts'
import { elapsed } from '../elapsed.ts'
import { Problem } from '../problem.ts'
import { dateOf, lockEpoch } from '../vault/lock.ts'
import { isAutoLockDue, noteUseNow } from './auto-lock.ts'
import { CallsInFlight, SessionEnded, VaultPaused } from './calls-in-flight.ts'
import { EndedCalls } from './ended-calls.ts'
import type { LiveContext, LiveEvents } from './live-events.ts'
import { Pausing } from './pausing.ts'
import { expireSessions, keepInUse } from './sessions.ts'
import { StoppedSessions } from './stopped-sessions.ts'

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
  readonly #context: LiveContext
  readonly #on: LiveEvents
  readonly #calls: CallsInFlight
  readonly #stopped: StoppedSessions
  readonly #pausing: Pausing
  readonly #ended: EndedCalls
  #isLocking = false
  readonly #epoch: number
  #version: number
  #lookedAt = 0
  /** When the times of sessions were last looked at, by the wall clock. */
  #timedAt = 0
  #timers: NodeJS.Timeout[] = []
  #lists: NodeJS.Timeout | null = null

  constructor(context: LiveContext, on: LiveEvents) {
    const { store, keys } = context
    this.#context = context
    this.#on = on
    this.#calls = new CallsInFlight(store, on.ended ?? (() => {}))
    this.#stopped = new StoppedSessions(store, keys)
    this.#pausing = new Pausing(context, on.pause)
    this.#ended = new EndedCalls(context, {
      calls: this.#calls,
      stopped: this.#stopped,
      pausing: this.#pausing,
    })
    this.#epoch = dateOf(keys)
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
    if (session !== null) {
      this.#ended.saw(session)
      this.#on.used?.(session)
    }
    this.#on.activity()
    const end = () => {
      this.#calls.remove(call)
      this.#on.activity()
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
    this.#stopped.stop(isChosen)
    this.#calls.abort(this.#stopped.ids)
  }

  /** True while no call of a page passes here, because the owner has paused everything: as of the last look. */
  get isPaused(): boolean {
    return this.#pausing.isPaused
  }

  /**
   * Pause everything in this process, at once and before anything is written: calls of pages that come are refused, those
   * in flight are cut. It is written down by whoever orders it, or as soon as that can be done.
   */
  pause(): void {
    this.#pausing.order()
    this.#calls.abortPages(new VaultPaused())
  }

  /** The owner has put all back: a pause that could not be written down is not tried again. Called after the commit. */
  resume(): void {
    this.#pausing.takeBack()
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
    if (isTimed && elapsed() - this.#lookedAt < within) return
    this.#poll()
    if (!isTimed) this.#expire()
  }

  /** Say that a count changed which the popup shows. */
  activity(): void {
    this.#on.activity()
  }

  /** Calls in flight in this process, of one session or in all. */
  inFlight(session?: string): number {
    return this.#calls.count(session)
  }

  /** Cut what belongs to sessions that are over, and tell whoever shows them. Called after this process's own commits. */
  refresh(): void {
    this.#readingOrCut(() => {
      this.#refresh()
      this.#on.lists?.()
    })
  }

  /** Stop watching; cut what is in flight and write down that it was. */
  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    if (this.#lists !== null) clearTimeout(this.#lists)
    this.#calls.close()
  }

  #refresh(): void {
    this.#ended.cut()
    this.#on.change()
  }

  #listsSoon(): void {
    this.#lists ??= setTimeout(() => {
      this.#lists = null
      this.#readingOrCut(() => this.#on.lists?.())
    }, LISTS_MS)
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
    this.#lookedAt = elapsed()
    // SECURITY: a lock is raised in the file at that place; this process would look at another one for ever.
    // Within a transaction that was asked when it began, a moment ago.
    const { store } = this.#context
    if (store.writing === null && !store.isInPlace) this.#on.lock()
    else this.#readingOrCut(() => this.#compare())
  }

  #compare(): void {
    const { store } = this.#context
    const version = store.version()
    if (version === this.#version) return this.#ended.cutUnseen()
    // SECURITY: before anything else: a raised lock ends the process that holds the keys.
    if (lockEpoch(store) !== this.#epoch) {
      this.#on.lock()
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
      if (this.#isUnused()) return (this.#on.unused ?? this.#on.lock)()
      if (!this.#writeEnds()) return this.#ended.cut()
      this.#refresh()
      this.#listsSoon()
    })
  }

  /** A lock that is raised within a call's own transaction may be undone with it. */
  #isUnused(): boolean {
    const { store, keys, now } = this.#context
    return !store.isInTransaction && isAutoLockDue(store, keys, now())
  }

  /** True where sessions were found to be over and that was written down. */
  #writeEnds(): boolean {
    const { store, keys, now } = this.#context
    // SECURITY: what is written into a call's own transaction may be undone with it, and a stopped session would live again.
    if (store.isInTransaction) return false
    // First: nothing else that cannot be written may hold it up.
    this.#pausing.writeDown()
    try {
      this.#stopped.writeDown(now())
      if (this.#calls.count() > 0) noteUseNow(store, keys, now())
      keepInUse(store, keys, this.#calls.sessions(), now())
      return expireSessions(store, keys, now()).length > 0
    } catch {
      // A full disk: what is over is over all the same.
      return false
    }
  }
}

function locked(): Problem {
  return new Problem('vault-locked', 'vault-locked')
}
