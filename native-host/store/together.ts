import type { Durable } from './store.ts'

/** Work that waits to be done with others', and who waits for it. */
interface Waiting {
  readonly durable: Durable
  /** Does it; what it returns is to be called once that is durable. */
  readonly run: () => () => void
  /** Does it by itself, and tells. Never throws. */
  readonly alone: () => void
  readonly fail: (failure: unknown) => void
}

/** What of a store is needed here. */
interface Transactions {
  transaction<T>(work: () => T, durable?: Durable): T
  readonly isTransactionOpen: boolean
}

/**
 * Does in one transaction what several calls want written down at the same moment: one wait for the disk instead of one
 * for each. Nobody waits for others to come: the transaction begins when all that can go on in this turn of the event
 * loop has come as far as it can.
 */
export class Together {
  readonly #store: Transactions
  #waiting: Waiting[] = []

  constructor(store: Transactions) {
    this.#store = store
  }

  /**
   * Do `work` as a whole or not at all. Resolves with what it returned, once that is durable; rejects with what it threw,
   * which undoes nothing of the others', or with what kept all of it from being written.
   *
   * @param durable `soon`: it resolves when it is committed, unless another's of the same moment must be durable.
   */
  do<T>(work: () => T, durable: Durable = 'now'): Promise<T> {
    return new Promise((resolve, fail) => {
      const run = () => {
        try {
          const value = this.#store.transaction(work)
          return () => resolve(value)
        } catch (failure) {
          // SECURITY: SQLite undoes everything by itself after some errors, and what is done next would be by itself.
          if (!this.#store.isTransactionOpen) throw failure
          return () => fail(failure)
        }
      }
      const alone = () => {
        try {
          resolve(this.#store.transaction(work, durable))
        } catch (failure) {
          fail(failure)
        }
      }
      this.#waiting.push({ durable, run, alone, fail })
      // Runs once no promise has anything more to do.
      if (this.#waiting.length === 1) process.nextTick(() => this.#doAll())
    })
  }

  #doAll(): void {
    const waiting = this.#waiting
    this.#waiting = []
    const [only] = waiting
    try {
      // By itself it is no part of anything: what it throws undoes all there is.
      if (only !== undefined && waiting.length === 1) return only.alone()
      // SECURITY: nobody is told before all of it is durable: no audit, no send.
      const durable = waiting.some((one) => one.durable === 'now') ? 'now' : 'soon'
      const told = this.#store.transaction(() => waiting.map(({ run }) => run()), durable)
      for (const tell of told) tell()
    } catch (failure) {
      for (const { fail } of waiting) fail(failure)
    }
  }
}
