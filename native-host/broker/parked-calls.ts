import { randomUUID } from 'node:crypto'
import { APPROVAL_WAIT_MS, type Approval } from '../../shared/model/approval.ts'
import { elapsed } from '../elapsed.ts'
import {
  type Answered,
  dropApprovalsOfHost,
  dropLeftApprovals,
  listApprovals,
  putApproval,
  readApproval,
  removeApproval,
} from '../sessions/approval-rows.ts'
import { vaultTime } from '../sessions/clock.ts'
import { isMuted } from '../sessions/mute.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

/** How often calls that wait are looked at for their time being up, milliseconds. */
const TICK_MS = 250
/** How far the vault's stored clock may lag behind while calls wait, milliseconds: a tick writes nothing. */
const CLOCK_GRAIN_MS = 10_000

/** How a wait ended: the owner's answer, `silence`, or `stale`: nothing is left to answer, or it is another call now. */
export type Ending = Answered['answer'] | 'silence' | 'stale'

/** An approval before it has an id and a time. */
export type AskedApproval = Omit<Approval, 'id' | 'at' | 'expiresAt'>

interface Parked {
  readonly approval: Approval
  /** When silence becomes no, by the process's own clock ({@link elapsed}). */
  readonly deadline: number
  readonly isCurrent: () => boolean
  readonly end: (ending: Ending) => void
}

/** The calls of this process that wait for the owner. What the owner, another process or the clock does ends them. */
export class ParkedCalls {
  /** Names this process in the rows of its calls. */
  readonly host: string = randomUUID()
  readonly #store: Store
  readonly #keys: VaultKeys
  readonly #now: () => number
  readonly #wait: number
  readonly #calls = new Map<string, Parked>()
  #tick: NodeJS.Timeout | null = null

  /** @param wait how long silence is waited for, milliseconds. Only tests give another than the product's. */
  constructor(of: { store: Store; keys: VaultKeys; now: () => number }, wait: number = APPROVAL_WAIT_MS) {
    this.#store = of.store
    this.#keys = of.keys
    this.#now = of.now
    this.#wait = wait
  }

  /** Calls that wait here, of one session or in all. */
  count(session?: string): number {
    if (session === undefined) return this.#calls.size
    return [...this.#calls.values()].filter(({ approval }) => approval.session === session).length
  }

  /**
   * Park a call. Durable, and to be seen by every process, when it returns.
   *
   * @param isCurrent whether what was decided by is still what the owner has.
   * @returns null where the site is muted; else the id, and the end of the wait, which rejects with the signal's reason.
   */
  park(
    asked: AskedApproval,
    signal: AbortSignal,
    isCurrent: () => boolean,
  ): { id: string; ended: Promise<Ending> } | null {
    signal.throwIfAborted()
    const approval = this.#store.transaction(() => this.#put(asked))
    if (approval === null) return null
    const { promise, resolve, reject } = Promise.withResolvers<Ending>()
    const { id } = approval
    const over = () => {
      this.#remove(id)
      reject(signal.reason)
    }
    const end = (ending: Ending) => {
      signal.removeEventListener('abort', over)
      this.#remove(id)
      resolve(ending)
    }
    signal.addEventListener('abort', over, { once: true })
    this.#calls.set(id, { approval, deadline: elapsed() + this.#wait, isCurrent, end })
    this.#tick ??= setInterval(() => this.#expire(), TICK_MS)
    return { id, ended: promise }
  }

  /** See what has become of the calls here: after every commit of this or another process. @throws Refusal. */
  look(): void {
    if (this.#calls.size === 0) return
    const rows = listApprovals(this.#store, this.#keys, this.host)
    const answers = new Map(rows.map(({ approval, answered }) => [approval.id, answered]))
    for (const [id, { isCurrent, end }] of this.#calls) {
      const answered = answers.get(id)
      if (answered === undefined || !isCurrent()) end('stale')
      else if (answered !== null) end(answered.answer)
    }
  }

  /** Take back a call that no longer waits. Harmless twice, and where it cannot be written: nothing goes on with it. */
  withdraw(id: string): void {
    try {
      removeApproval(this.#store, id)
    } catch {
      // A full disk, or a vault that is closed: the row ends by its time.
    }
  }

  /** The process ends: nothing waits here any more. */
  close(): void {
    if (this.#tick !== null) clearInterval(this.#tick)
    this.#tick = null
    try {
      dropApprovalsOfHost(this.#store, this.host)
    } catch {
      // As in `withdraw`.
    }
  }

  #put(asked: AskedApproval): Approval | null {
    const at = vaultTime(this.#store, this.#keys, this.#now())
    if (isMuted(this.#store, this.#keys, asked, at)) return null
    dropLeftApprovals(this.#store, at)
    const approval = { ...asked, id: randomUUID(), at, expiresAt: at + this.#wait }
    putApproval(this.#store, this.#keys, this.host, approval)
    return approval
  }

  #remove(id: string): void {
    this.#calls.delete(id)
    if (this.#calls.size > 0 || this.#tick === null) return
    clearInterval(this.#tick)
    this.#tick = null
  }

  // SECURITY: both clocks, and the earlier wins: one stands still while the machine sleeps, the other can be set.
  #expire(): void {
    const passed = elapsed()
    try {
      const time = vaultTime(this.#store, this.#keys, this.#now(), CLOCK_GRAIN_MS)
      for (const [id, { approval, deadline, end }] of this.#calls) {
        if (passed >= deadline || time >= approval.expiresAt) end(this.#lastWord(id))
      }
    } catch {
      for (const { deadline, end } of this.#calls.values()) if (passed >= deadline) end('silence')
    }
  }

  /** An answer that came in the last moment, and that nobody here has seen yet, counts. */
  #lastWord(id: string): Ending {
    return readApproval(this.#store, this.#keys, id)?.answered?.answer ?? 'silence'
  }
}
