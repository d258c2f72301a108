import browser from 'webextension-polyfill'
import { Serial } from './serial.ts'
import { textsIn } from './stored-texts.ts'

const KEY = 'owed'

/** The debt of every session; any other is an origin. */
export const ALL = '*'

/**
 * Revocations the owner ordered and the host has not carried out: in memory, so that they bind at once, and in storage, so that
 * they outlive us. What is stored is an origin, and only until the vault is next unlocked.
 */
export class Debts {
  readonly #serial = new Serial()
  /** Each with the number of its last noting. */
  readonly #notings = new Map<string, number>()
  #reading: Promise<void> | null = null
  #isRead = false
  #lastNoting = 0

  constructor() {
    void this.ready()
  }

  /** Whether it is known what was owed before we were started. */
  get isRead(): boolean {
    return this.#isRead
  }

  /** Resolved when that was read, or could not be: then {@link binds} is true of everybody until it can. */
  async ready(): Promise<void> {
    await this.read().catch(() => {})
  }

  /** Read what was owed before, once. @throws where the browser's storage fails; the next time it is tried again. */
  read(): Promise<void> {
    this.#reading ??= this.#read().catch((error: unknown) => {
      this.#reading = null
      throw error
    })
    return this.#reading
  }

  /** Everything that is owed and known to be, each once. */
  list(): string[] {
    return [...this.#notings.keys()]
  }

  /** Whether calls of a document may not leave, since a revocation that ends its sessions is owed. */
  binds({ origin, topOrigin }: { origin: string; topOrigin: string }): boolean {
    // SECURITY: what nobody could read may have been a revocation.
    if (!this.#isRead) return true
    return [ALL, origin, topOrigin].some((debt) => this.#notings.has(debt))
  }

  /** Note debts. They bind at once. @returns when they are durable. @throws where they are not: the browser's storage fails. */
  async note(debts: readonly string[]): Promise<void> {
    if (debts.length === 0) return
    for (const debt of debts) this.#notings.set(debt, ++this.#lastNoting)
    await this.#write()
  }

  /** Which noting of a debt is the last, to be given to {@link paid}; null: it is not owed. */
  notingOf(debt: string): number | null {
    return this.#notings.get(debt) ?? null
  }

  /** The host carried out a debt. One that was noted again meanwhile is still owed. */
  async paid(debt: string, noting: number): Promise<void> {
    if (this.#notings.get(debt) !== noting) return
    this.#notings.delete(debt)
    await this.#write()
  }

  async #read(): Promise<void> {
    const { [KEY]: stored } = await browser.storage.local.get(KEY)
    for (const debt of textsIn(stored)) {
      if (!this.#notings.has(debt)) this.#notings.set(debt, ++this.#lastNoting)
    }
    this.#isRead = true
  }

  #write(): Promise<void> {
    return this.#serial.run(async () => {
      // Without what was stored before, writing would forget it.
      await this.read()
      const owed = this.list()
      if (owed.length === 0) await browser.storage.local.remove(KEY)
      else await browser.storage.local.set({ [KEY]: owed })
    })
  }
}
