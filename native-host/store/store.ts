import { dirname } from 'node:path'
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite'
import { Refusal } from '../refusal.ts'
import type { Row } from './columns.ts'
import { integerOf } from './columns.ts'
import { Hardening } from './hardening.ts'
import { Place } from './place.ts'
import { giveReserve, takeReserve } from './reserve.ts'
import { Statements } from './statements.ts'
import { storeRefusal } from './store-refusal.ts'
import { BUSY_LOOK_MS, takingTurns } from './take-turns.ts'
import { Together } from './together.ts'

/**
 * When what is committed must be on the disk: before whoever asked goes on, or right after. `soon` is for what nothing that
 * leaves the machine rests on: a process that is killed keeps it, a machine that fails at that moment may not.
 */
export type Durable = 'now' | 'soon'

/** One connection to the vault's database. Any number of processes may have one; transactions keep them apart. */
export class Store {
  readonly database: DatabaseSync
  readonly #statements: Statements
  readonly #lists: Statements
  readonly #place: Place
  readonly #home: string
  #depth = 0
  #writing: object | null = null
  #ifUndone: (() => void)[] = []
  readonly #together = new Together(this)
  readonly #hardening: Hardening

  constructor(database: DatabaseSync) {
    this.database = database
    this.#statements = new Statements(database)
    this.#lists = new Statements(database, true)
    const path = database.location() ?? ''
    this.#place = new Place(path)
    this.#home = dirname(path)
    this.#hardening = new Hardening(() => this.harden())
    database.exec(`PRAGMA busy_timeout = ${BUSY_LOOK_MS}`)
  }

  /**
   * False where the database, or the file that its last commits are in, was removed, moved away or replaced since it
   * was opened: what is written here then is seen by nobody, and what others write, a lock or a revoke, is not seen here.
   */
  get isInPlace(): boolean {
    return this.#place.isKept
  }

  /** Run a statement; how many rows it changed. @throws Refusal as `transaction` does. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#mapped(() => Number(this.#statements.of(sql).run(...values).changes))
  }

  /** First row of a query, or null. @throws Refusal as `transaction` does. */
  get(sql: string, ...values: SQLInputValue[]): Row | null {
    return this.#mapped(() => this.#statements.of(sql).get(...values) ?? null)
  }

  /** All rows of a query. @throws Refusal as `transaction` does. */
  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#mapped(() => this.#statements.of(sql).all(...values))
  }

  /**
   * All rows of a query, each as its values in the order of its columns: for whoever reads very many of them, to whom their names
   * would be a third of the time. @throws Refusal as `transaction` does.
   */
  lists(sql: string, ...values: SQLInputValue[]): SQLOutputValue[][] {
    // What it gives is typed as if nobody had asked for lists.
    return this.#mapped(() => this.#lists.of(sql).all(...values) as unknown as SQLOutputValue[][])
  }

  /**
   * Do `work` as a whole or not at all, with nobody writing in between (BEGIN IMMEDIATE). Durable when it returns, or soon.
   * Within another transaction it becomes a part of that one, undone alone if it throws.
   *
   * @throws whatever `work` throws; Refusal `disk-full`, `store-damaged` (the disk or the file, or it is not
   *   `isInPlace`), `internal` (busy).
   */
  transaction<T>(work: () => T, durable: Durable = 'now'): T {
    if (this.#depth > 0) return this.#part(work)
    // SECURITY: a record in a file that nobody will ever read is no record.
    if (!this.isInPlace) throw new Refusal('store-damaged', 'the vault is not where it was opened any more')
    return durable === 'now' || this.#hardening.hasFailed ? this.#hard(work) : this.#soft(work)
  }

  /**
   * Like `transaction`, in one with whatever else is asked for in this turn of the event loop, and with one wait for the
   * disk; none where all of it is to be durable `soon`. What `work` throws undoes its own part alone. Rejects as `transaction`
   * throws; resolves when it is durable, or committed where that is to be `soon`.
   */
  together<T>(work: () => T, durable: Durable = 'now'): Promise<T> {
    return this.#together.do(work, durable)
  }

  /** All that was committed by now, by any process, is durable when it returns. @throws as `transaction`. */
  harden(): void {
    // Written anew as it is: one page in the log, with which all before it goes to the disk.
    const version = integerOf(this.get('PRAGMA user_version') ?? {}, 'user_version')
    this.transaction(() => this.run(`PRAGMA user_version = ${version}`))
  }

  /**
   * Like `transaction`, for what must not wait until there is room: the end of a session, a lock. Where the disk is
   * full, the room kept for this is given up for it, and whatever is left of it taken again.
   */
  urgently<T>(work: () => T): T {
    try {
      return this.transaction(work)
    } catch (error) {
      const isFull = error instanceof Refusal && error.code === 'disk-full'
      if (!isFull || this.isInTransaction || !giveReserve(this.#home)) throw error
    }
    try {
      return this.transaction(work)
    } finally {
      takeReserve(this.#home)
    }
  }

  /** Read one state of the database throughout `work`, whatever others write meanwhile. Not for writing. */
  snapshot<T>(work: () => T): T {
    return this.#depth > 0 ? work() : this.#bracket('BEGIN DEFERRED', 'COMMIT', 'ROLLBACK', work)
  }

  /** True within `transaction`. */
  get isInTransaction(): boolean {
    return this.#depth > 0
  }

  /**
   * The same object throughout one `transaction`, for as long as nothing of it is undone; null without one. What was read of the
   * database stays as it is under it, but for what this process itself writes.
   */
  get writing(): object | null {
    return this.#writing
  }

  /** False where SQLite has undone the transaction by itself, within `transaction`. */
  get isTransactionOpen(): boolean {
    return this.database.isOpen && this.database.isTransaction
  }

  /** Have `then` called once the transaction, or the part of one, that runs now is undone, if it is. Without one: never. */
  ifUndone(then: () => void): void {
    if (this.#depth > 0) this.#ifUndone.push(then)
  }

  /** A number that differs from the last one when another connection has written (`PRAGMA data_version`). */
  version(): number {
    return integerOf(this.get('PRAGMA data_version') ?? {}, 'data_version')
  }

  /** Close the connection. Harmless when closed already. */
  close(): void {
    this.#hardening.close()
    this.#statements.clear()
    this.#lists.clear()
    if (this.database.isOpen) this.database.close()
  }

  #bracket<T>(begin: string, commit: string, undo: string, work: () => T): T {
    this.run(begin)
    this.#depth += 1
    try {
      const result = work()
      this.run(commit)
      return result
    } catch (error) {
      // SQLite has undone everything by itself after some errors, a full disk among them.
      if (this.database.isOpen && this.database.isTransaction) this.database.exec(undo)
      throw error
    } finally {
      this.#depth -= 1
    }
  }

  /** A part of the transaction that runs now. */
  #part<T>(work: () => T): T {
    const before = this.#ifUndone.length
    try {
      // All parts have one name, and ROLLBACK TO leaves its own standing: without RELEASE the part around this one
      // would be undone only as far back as the beginning of this one.
      return this.#bracket('SAVEPOINT part', 'RELEASE part', 'ROLLBACK TO part; RELEASE part', work)
    } catch (error) {
      if (this.#writing !== null) this.#writing = {}
      for (const then of this.#ifUndone.splice(before)) then()
      throw error
    }
  }

  #hard<T>(work: () => T): T {
    if (this.#hardening.hasFailed) this.#mend()
    const isBehind = this.#hardening.isPending
    try {
      const result = this.#whole(work)
      this.#hardening.covered()
      return result
    } catch (error) {
      // SECURITY: a disk that refused this may have let go of what was to be made durable with it.
      if (isBehind && error instanceof Refusal && error.code === 'store-damaged')
        this.#hardening.hasFailed = true
      throw error
    }
  }

  /** Committed to the log file without a wait for the disk, which follows with the next commit that is waited for. */
  #soft<T>(work: () => T): T {
    // SECURITY: for this transaction alone. Whatever comes after it is waited for, and that makes this durable too.
    this.database.exec('PRAGMA synchronous = NORMAL')
    try {
      return this.#whole(work)
    } finally {
      if (this.database.isOpen) this.database.exec('PRAGMA synchronous = FULL')
      this.#hardening.soon()
    }
  }

  /**
   * SECURITY: where the disk took a commit and then did not keep it, what is written behind it would be lost with it. All of the
   * log goes into the database itself, and a new one is begun, before anything is said to be durable again.
   */
  #mend(): void {
    const busy = integerOf(this.get('PRAGMA wal_checkpoint(TRUNCATE)') ?? {}, 'busy')
    if (busy !== 0)
      throw new Refusal('store-damaged', 'the vault could not be read or written: the disk reports an error')
    this.#hardening.hasFailed = false
  }

  #whole<T>(work: () => T): T {
    this.#ifUndone = []
    const begun = () => {
      this.#writing = {}
      return work()
    }
    try {
      return this.#bracket('BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK', begun)
    } catch (error) {
      this.#writing = null
      for (const then of this.#ifUndone) then()
      throw error
    } finally {
      this.#writing = null
      this.#ifUndone = []
    }
  }

  #mapped<T>(work: () => T): T {
    try {
      return this.#depth > 0 ? work() : takingTurns(work)
    } catch (error) {
      const refusal = storeRefusal(error)
      if (refusal instanceof Refusal && refusal.code === 'store-damaged') this.#dropPages()
      throw refusal
    }
  }

  // What was read is kept until another process writes: a file that was mended would look damaged for ever.
  #dropPages(): void {
    if (this.database.isOpen) this.database.exec('PRAGMA shrink_memory')
  }
}
