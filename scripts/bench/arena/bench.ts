import type { BrowserName } from '../../find-browser.ts'
import { type Arena, openArena } from './arena.ts'

/** What groups of rows measure in: each takes what it needs, and what is slow to set up is set up once. */
export class Bench {
  readonly browser: BrowserName
  /** Audit records of the vault that has grown. */
  readonly records: number
  /** Rows whose group went on without them. */
  readonly unmeasured: string[] = []
  #arena: Promise<Arena> | null = null
  #version: string | null = null
  #closed: Promise<void> | null = null

  constructor(browser: BrowserName, records: number) {
    this.browser = browser
    this.records = records
  }

  /** Name and version of the browser; null where none was started. */
  get browserVersion(): string | null {
    return this.#version
  }

  /** Pages in a browser, set up at the first call. */
  arena(): Promise<Arena> {
    this.#arena ??= openArena(this.browser).then(async (arena) => {
      this.#version = await arena.stage.driver.browser.version()
      return arena
    })
    return this.#arena
  }

  /** End all of it. Asked again: resolves when that has come to its end. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    const arena = await this.#arena?.catch(() => null)
    await arena?.close()
  }
}
