import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../native-host/store/open-store.ts'
import { listServices, putService } from '../../native-host/store/services.ts'
import { aService, openVault, refusalOf } from './vault-fixture.ts'

let root: string
let home: string
let path: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  home = join(root, 'home')
  path = join(home, 'valetkey.db')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const modeOf = (file: string): number => statSync(file).mode & 0o777

/** A vault with some rows, closed. */
function aVault(): void {
  const vault = openVault()
  for (let n = 0; n < 40; n += 1) putService(vault.store, vault.keys, aService({ id: `s${n}` }))
  vault.store.close()
  renameSync(vault.home, home)
  rmSync(join(vault.home, '..'), { recursive: true })
}

/** The refusal of opening, after which every byte must be as before. */
function refusedUntouched(): string {
  const before = readFileSync(path)
  const code = refusalOf(() => openStore(home).close())
  expect(readFileSync(path).equals(before)).toBe(true)
  return code
}

test('a new vault has a folder of mode 700 and files of mode 600 whatever the umask is, and nothing else in it', () => {
  const program = `
    process.umask(0)
    const { openStore } = await import(${JSON.stringify(new URL('../../native-host/store/open-store.ts', import.meta.url))})
    const { statSync, readdirSync } = await import('node:fs')
    const store = openStore(process.argv[1])
    const files = readdirSync(process.argv[1]).map((name) => [name, (statSync(process.argv[1] + '/' + name).mode & 0o777).toString(8)])
    process.stdout.write(JSON.stringify([(statSync(process.argv[1]).mode & 0o777).toString(8), Object.fromEntries(files)]))
    store.close()`
  const answer = execFileSync(process.execPath, ['--input-type=module', '-e', program, home], {
    encoding: 'utf8',
  })
  const files = {
    'valetkey.db': '600',
    'valetkey.db-shm': '600',
    'valetkey.db-wal': '600',
    'valetkey.reserve': '600',
  }
  expect(JSON.parse(answer)).toEqual(['700', files])
  expect(readdirSync(home)).toEqual(['valetkey.db', 'valetkey.reserve'])
})

test('loose modes of the folder and the files are repaired', () => {
  openStore(home).close()
  chmodSync(home, 0o755)
  chmodSync(path, 0o666)
  openStore(home).close()
  expect([modeOf(home), modeOf(path)]).toEqual([0o700, 0o600])
})

test('every commit is durable and checked: WAL, synchronous FULL, foreign keys', () => {
  const store = openStore(home)
  const pragma = (name: string): unknown => store.get(`PRAGMA ${name}`)?.[name]
  const found = ['journal_mode', 'synchronous', 'foreign_keys', 'trusted_schema', 'secure_delete'].map(pragma)
  store.close()
  expect(found).toEqual(['wal', 2, 1, 0, 1])
})

test('a folder or a database that is a symbolic link is refused', () => {
  const elsewhere = join(root, 'elsewhere')
  openStore(elsewhere).close()
  symlinkSync(elsewhere, home)
  expect(refusalOf(() => openStore(home))).toBe('invalid')
  expect(refusalOf(() => openStore(`${home}/`))).toBe('invalid')
  rmSync(home)
  mkdirSync(home)
  symlinkSync(join(elsewhere, 'valetkey.db'), path)
  expect(refusalOf(() => openStore(home))).toBe('invalid')
  rmSync(path)
  symlinkSync(join(root, 'nowhere'), path)
  expect(refusalOf(() => openStore(home))).toBe('invalid')
  expect(existsSync(join(root, 'nowhere'))).toBe(false)
})

test('a log that is a symbolic link is refused', () => {
  openStore(home).close()
  symlinkSync(join(root, 'nowhere'), `${path}-wal`)
  expect(refusalOf(() => openStore(home))).toBe('invalid')
  expect(existsSync(join(root, 'nowhere'))).toBe(false)
})

test('a folder where the database should be, or a file where its folder should be, is refused', () => {
  mkdirSync(path, { recursive: true })
  expect(refusalOf(() => openStore(home))).toBe('invalid')
  rmSync(home, { recursive: true })
  writeFileSync(home, '')
  expect(refusalOf(() => openStore(home))).toBe('invalid')
})

test.skipIf(process.geteuid?.() !== 0)("another user's folder or database is refused (needs root)", () => {
  openStore(home).close()
  chownSync(path, 12345, 12345)
  expect(refusalOf(() => openStore(home))).toBe('invalid')
  chownSync(path, 0, 0)
  chownSync(home, 12345, 12345)
  expect(refusalOf(() => openStore(home))).toBe('invalid')
})

test('an empty file, zeros, text, and a database of something else are damaged vaults, and stay as they are', () => {
  mkdirSync(home, { mode: 0o700 })
  for (const content of ['', '\0'.repeat(8192), 'SQLite format 3\0 but no more', 'hello '.repeat(2000)]) {
    writeFileSync(path, content)
    expect(refusedUntouched(), JSON.stringify(content.slice(0, 20))).toBe('store-damaged')
  }
  rmSync(path)
  const other = new DatabaseSync(path)
  other.exec('CREATE TABLE a (b)')
  other.close()
  expect(refusedUntouched()).toBe('store-damaged')
})

test('a vault cut at any page is damaged, and stays as it is', () => {
  aVault()
  const whole = readFileSync(path)
  expect(whole.length).toBeGreaterThan(10 * 4096)
  for (let length = 4096; length < whole.length; length += 4096) {
    writeFileSync(path, whole)
    truncateSync(path, length)
    expect(refusedUntouched(), `${length} bytes`).toBe('store-damaged')
  }
})

test('a vault with a page overwritten is damaged, and stays as it is, or shows it when the row is opened', () => {
  aVault()
  const whole = readFileSync(path)
  let refused = 0
  for (let at = 0; at < whole.length; at += 4096) {
    const bad = Buffer.from(whole)
    bad.fill(0xa5, at, at + 4096)
    writeFileSync(path, bad)
    if (refusedUntouched() === 'store-damaged') refused += 1
  }
  // A page that is in no table may hold anything.
  expect(refused).toBeGreaterThan(whole.length / 4096 - 3)
})

test('of a vault with a long log all but the log is looked at, and a damaged page of that shows when it is read', () => {
  aVault()
  const database = new DatabaseSync(path)
  const row =
    'INSERT INTO audit (sequence, id, at, sealed, mac) VALUES (?, ?, 1, zeroblob(4000000), zeroblob(32))'
  for (let n = 0; n < 18; n += 1) database.prepare(row).run(1000 + n, `filler ${n}`)
  const pageOf = (name: string) =>
    Number(database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name)?.rootpage)
  const [log, grants] = [pageOf('audit'), pageOf('grants')]
  database.close()
  const overwritten = (page: number, work: () => void) => {
    const file = openSync(path, 'r+')
    const whole = Buffer.alloc(4096)
    readSync(file, whole, 0, 4096, (page - 1) * 4096)
    writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, (page - 1) * 4096)
    work()
    writeSync(file, whole, 0, 4096, (page - 1) * 4096)
    closeSync(file)
  }
  overwritten(grants, () => expect(refusalOf(() => openStore(home))).toBe('store-damaged'))
  overwritten(log, () => {
    const store = openStore(home)
    expect(refusalOf(() => store.all('SELECT * FROM audit'))).toBe('store-damaged')
    expect(refusalOf(() => store.run(row, 2000, 'after it'))).toBe('store-damaged')
    store.close()
  })
  openStore(home).close()
})

test('a vault of a newer version is told apart from a damaged one, and stays as it is', () => {
  aVault()
  const database = new DatabaseSync(path)
  database.exec('PRAGMA user_version = 99; CREATE TABLE future (a)')
  database.close()
  expect(refusedUntouched()).toBe('store-newer')
})

test('a trigger, a view or a changed table from outside is damage', () => {
  for (const change of [
    'CREATE TRIGGER t AFTER INSERT ON audit BEGIN DELETE FROM sessions; END',
    'CREATE VIEW v AS SELECT * FROM slots',
    'ALTER TABLE grants ADD COLUMN extra TEXT',
    'DROP INDEX sessions_by_place',
  ]) {
    rmSync(home, { recursive: true, force: true })
    openStore(home).close()
    const database = new DatabaseSync(path)
    database.exec(change)
    database.close()
    expect(
      refusalOf(() => openStore(home)),
      change,
    ).toBe('store-damaged')
  }
})

test('what was written is there after closing and opening', () => {
  const vault = openVault()
  putService(vault.store, vault.keys, aService())
  vault.store.close()
  vault.store = openStore(vault.home)
  expect(listServices(vault.store, vault.keys)).toEqual([aService()])
  vault.remove()
})

test('the version of a store moves when another connection writes, and only then', () => {
  const vault = openVault()
  const other = openStore(vault.home)
  const before = other.version()
  expect(other.version()).toBe(before)
  putService(vault.store, vault.keys, aService())
  expect(other.version()).not.toBe(before)
  other.close()
  vault.remove()
})
