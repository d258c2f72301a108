import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** Statements of one database, each prepared once. */
export class Statements {
  readonly #database: DatabaseSync
  readonly #isOfLists: boolean
  readonly #prepared = new Map<string, StatementSync>()

  /** @param isOfLists whether their rows are the values in the order of the columns, without names. */
  constructor(database: DatabaseSync, isOfLists = false) {
    this.#database = database
    this.#isOfLists = isOfLists
  }

  /** @throws what SQLite does for a statement that makes no sense, or whose tables are not there. */
  of(sql: string): StatementSync {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    const fresh = this.#database.prepare(sql)
    fresh.setReturnArrays(this.#isOfLists)
    this.#prepared.set(sql, fresh)
    return fresh
  }

  /** Forget all: before the database is closed. */
  clear(): void {
    this.#prepared.clear()
  }
}
