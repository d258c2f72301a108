import { randomUUID } from 'node:crypto'
import { existsSync, linkSync, renameSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Refusal } from '../refusal.ts'
import { databaseFile } from './database-file.ts'
import { newPrivateFile, privateFile, privateFolder } from './private-files.ts'
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION, schemaText } from './schema.ts'

/** How long a writer waits for another one, milliseconds. */
const BUSY_MILLISECONDS = 10_000

/**
 * Per connection. `secure_delete` so that the pages of a removed slot do not keep a key wrapped under an old
 * passphrase; `fullfsync` because on macOS a plain fsync stops at the drive's cache (no effect elsewhere).
 */
const PRAGMAS = `
  PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA secure_delete = ON;
  PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;
  PRAGMA journal_size_limit = 16777216;
`

/** See `openStore`, which turns what SQLite throws here into refusals. */
export function openDatabase(home: string): DatabaseSync {
  const folder = resolve(home)
  const path = databaseFile(folder)
  privateFolder(folder)
  if (!privateFile(path)) createDatabase(path)
  privateFile(`${path}-wal`)
  privateFile(`${path}-shm`)
  checkDatabase(path)
  const database = connect(path)
  try {
    migrate(database)
    checkSchema(database)
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

function connect(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_MILLISECONDS, enableForeignKeyConstraints: true })
  try {
    database.exec(PRAGMAS)
    const mode = database.prepare('PRAGMA journal_mode').get()?.journal_mode
    if (mode !== 'wal') database.exec('PRAGMA journal_mode = WAL')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Made under another name and then linked, so that a `valetkey.db` is always whole: a process killed on the way
 * leaves none, an empty one is damage, and of two that start at once the first wins.
 */
function createDatabase(path: string): void {
  const fresh = `${path}.${randomUUID()}.new`
  try {
    newPrivateFile(fresh, new Uint8Array(0))
    fillDatabase(connect(fresh))
    placeDatabase(fresh, path)
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${fresh}${suffix}`, { force: true })
  }
}

function fillDatabase(database: DatabaseSync): void {
  try {
    migrate(database)
    // SECURITY: closing copies the log into the file too, and says nothing where the disk is full: what is placed then
    // would be a vault without what stood in its log.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
}

function placeDatabase(fresh: string, path: string): void {
  try {
    linkSync(fresh, path)
  } catch (error) {
    if (existsSync(path)) return
    // Some file systems know no hard links.
    if (error instanceof Error && 'code' in error && error.code !== 'ENOSPC') renameSync(fresh, path)
    else throw error
  }
}

/** Look at the file before anything may write to it. */
function checkDatabase(path: string): void {
  const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MILLISECONDS })
  try {
    const application = database.prepare('PRAGMA application_id').get()?.application_id
    if (application !== APPLICATION_ID)
      throw new Refusal('store-damaged', 'the vault is damaged: the file is not a vault of this program')
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version)
    if (version > SCHEMA_VERSION)
      throw new Refusal('store-newer', 'the vault was written by a newer version: update this program')
    if (!isWhole(database)) throw new Refusal('store-damaged', 'the vault is damaged: restore a backup')
  } finally {
    database.close()
  }
}

/**
 * Files up to this size, in bytes, are read as a whole whenever they are opened; that takes a tenth of a second. Of a larger one
 * nearly all is the log, some hundred thousand records: a page of it that is damaged is refused when it is read or written to,
 * and nothing is sent without a record.
 */
const MOST_CHECKED = 64 * 2 ** 20

/**
 * Every page is what it should be, and tables and indexes agree: a record that an index no longer finds would be missing
 * without a word. The log is left out: it grows without end, and its chain is read without indexes.
 */
function isWhole(database: DatabaseSync): boolean {
  if (bytesIn(database) <= MOST_CHECKED && !isInOrder(database)) return false
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'audit%'")
    .all()
  return tables.every(({ name }) => {
    const quoted = `"${String(name).replaceAll('"', '""')}"`
    return database.prepare(`PRAGMA integrity_check(${quoted})`).get()?.integrity_check === 'ok'
  })
}

function isInOrder(database: DatabaseSync): boolean {
  return database.prepare('PRAGMA quick_check(1)').get()?.quick_check === 'ok'
}

function bytesIn(database: DatabaseSync): number {
  const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count)
  return pages * Number(database.prepare('PRAGMA page_size').get()?.page_size)
}

function migrate(database: DatabaseSync): void {
  const version = (): number => Number(database.prepare('PRAGMA user_version').get()?.user_version)
  if (version() === SCHEMA_VERSION) return
  database.exec('BEGIN IMMEDIATE')
  try {
    // Asked again: another process may have migrated while this one waited.
    for (const step of MIGRATIONS.slice(version())) database.exec(step)
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`)
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

// SECURITY: a trigger or view added from outside would run inside our own transactions.
function checkSchema(database: DatabaseSync): void {
  const model = new DatabaseSync(':memory:')
  try {
    for (const step of MIGRATIONS) model.exec(step)
    if (schemaText(model) !== schemaText(database))
      throw new Refusal('store-damaged', 'the vault is damaged: its tables are not the ones it was made with')
  } finally {
    model.close()
  }
}
