import { randomUUID } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { newPrivateFile } from './private-files.ts'
import type { Store } from './store.ts'
import { storeRefusal } from './store-refusal.ts'

/** Primary result code of SQLite for "another connection holds the lock" (https://www.sqlite.org/rescode.html#busy). */
const BUSY = 5
const PREFIX = 'valetkey.'
const SUFFIX = '.lease'

/** Those of this process, kept from the garbage collector, which would give them back. */
const own = new Map<string, Lease>()

/**
 * Something that this process has for as long as it lives: an empty file beside the database, locked by the system.
 *
 * The system takes the lock back when the process ends, however it ends, and not before: no clock says so, nobody has to show
 * that they are still there, and a machine that slept or a process that was stopped has what it had.
 */
export class Lease {
  readonly id: string
  readonly #path: string
  readonly #lock: DatabaseSync

  private constructor(id: string, path: string) {
    this.id = id
    this.#path = path
    newPrivateFile(path, new Uint8Array(0))
    this.#lock = new DatabaseSync(path)
    try {
      // In memory, or there would be a second file: the journal of what is never written.
      this.#lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    } catch (error) {
      this.release()
      throw error
    }
    own.set(id, this)
  }

  /** Take one that nobody else has. Files of those that are over are removed. @throws Refusal as `Store.transaction` does. */
  static take(store: Store): Lease {
    // One after the other: a file that is made and not yet locked looks like one that is over.
    return store.transaction(() => {
      try {
        removeOver(store)
        const id = randomUUID()
        return new Lease(id, pathOf(homeOf(store), id))
      } catch (error) {
        throw storeRefusal(error)
      }
    })
  }

  /** Give it back. Harmless where it was given back. */
  release(): void {
    if (!this.#lock.isOpen) return
    own.delete(this.id)
    this.#lock.close()
    rmSync(this.#path, { force: true })
  }
}

/**
 * True while a process has this lease, this one or another.
 *
 * SECURITY: false for whatever cannot be looked at. Readers do not keep one another out, so a look at it is no reason for
 * another look to say that it is held.
 */
export function isHeld(store: Store, id: string): boolean {
  if (own.has(id)) return true
  let look: DatabaseSync | null = null
  try {
    look = new DatabaseSync(pathOf(homeOf(store), id), { readOnly: true, timeout: 0 })
    look.prepare('SELECT 1 FROM sqlite_schema').get()
    return false
  } catch (error) {
    return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === BUSY
  } finally {
    look?.close()
  }
}

function removeOver(store: Store): void {
  for (const name of readdirSync(homeOf(store))) {
    const id = idIn(name)
    if (id !== null && !isHeld(store, id)) rmSync(pathOf(homeOf(store), id), { force: true })
  }
}

function homeOf(store: Store): string {
  return dirname(store.database.location() ?? '')
}

function pathOf(home: string, id: string): string {
  return join(home, `${PREFIX}${id}${SUFFIX}`)
}

/** The lease that a file is of; null for any other file. */
export function idIn(name: string): string | null {
  const isOne = name.startsWith(PREFIX) && name.endsWith(SUFFIX)
  return isOne ? name.slice(PREFIX.length, -SUFFIX.length) : null
}
