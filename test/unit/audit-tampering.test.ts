import { randomUUID } from 'node:crypto'
import type { SQLInputValue } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordIntent } from '../../native-host/audit/permit.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { fitsWitness, type Witness, witnessOf } from '../../native-host/audit/witness.ts'
import { recordAct, recordOutcome, recordRefusal } from '../../native-host/audit/write-audit.ts'
import { done, times } from '../support/hard.ts'
import { callRecord, connected, openVault, outcomeRecord, type VaultFixture } from './vault-fixture.ts'

/** One log of a thousand records of every kind, changed in every way there is and looked at each time. */
const ROWS = 1000
const NOW = Date.parse('2026-06-01T12:00:00Z')
const HEAD = "SELECT value FROM meta WHERE name = 'audit-head'"
const PUT_HEAD = "UPDATE meta SET value = ? WHERE name = 'audit-head'"

let vault: VaultFixture
/** The head after so many records, as somebody with the database alone could have kept it. */
let heads: SQLInputValue[]
let witness: Witness

beforeAll(() => {
  vault = openVault()
  vault.store.database.exec('PRAGMA synchronous = OFF')
  const call = connected(vault, { now: NOW })
  heads = []
  for (let n = 0; n <= ROWS; n += 1) {
    heads.push(vault.store.get(HEAD)?.value ?? null)
    if (n < ROWS) write(n, call)
  }
  const head = witnessOf(vault.store, vault.keys, NOW)
  if (head === null) throw new Error('no head')
  witness = head
  expect(verifyAudit(vault.store, vault.keys)).toEqual({ ok: true, records: ROWS })
}, 120_000)
afterAll(() => vault.remove())

function write(n: number, { capability, session }: ReturnType<typeof connected>): void {
  const { store, keys } = vault
  const at = NOW + n
  if (n % 4 === 0) {
    const record = callRecord({ session: session.id, at })
    const answer = recordIntent(store, keys, { session: session.id, capability, now: at, record })
    expect(answer).not.toHaveProperty('refused')
  } else if (n % 4 === 1) recordOutcome(store, keys, outcomeRecord({ at }), session.id)
  else if (n % 4 === 2) recordRefusal(store, keys, callRecord({ kind: 'refusal', decision: 'deny', at }))
  else recordAct(store, keys, { act: 'service.add', subject: `${n}`, by: 'cli', now: at })
}

const UNDO = new Error('undo')

/** Do something to the log and take it back. */
function undone(work: () => void): void {
  try {
    vault.store.transaction(() => {
      work()
      throw UNDO
    })
  } catch (error) {
    if (error !== UNDO) throw error
  }
}

/** Change the log, look, and change it back. @returns false where the database itself would not take the change. */
function found(what: string, change: () => void): boolean {
  let isTaken = false
  undone(() => {
    isTaken = taken(change)
    if (isTaken) expect(verifyAudit(vault.store, vault.keys).ok, what).toBe(false)
  })
  return isTaken
}

function taken(change: () => void): boolean {
  try {
    change()
    return true
  } catch (error) {
    // Two rows of one place or id, or a column of another type.
    if (error instanceof Error && error.name === 'Refusal') return false
    throw error
  }
}

const run = (sql: string, ...values: SQLInputValue[]) => {
  expect(vault.store.run(sql, ...values), sql).toBeGreaterThan(0)
}

/** A value with one bit flipped at each of its bytes, or at every `step`th. */
function* flips(value: unknown, step: number): Generator<SQLInputValue> {
  if (value instanceof Uint8Array) {
    for (let at = 0; at < value.length; at += step)
      yield value.with(at, (value[at] as number) ^ (1 << (at % 8)))
  } else if (typeof value === 'string') {
    for (const bytes of flips(Buffer.from(value), step))
      yield Buffer.from(bytes as Uint8Array).toString('latin1')
  } else if (typeof value === 'number') {
    for (let bit = 0; bit < 48; bit += step) yield Number(BigInt(value) ^ (1n << BigInt(bit)))
  } else yield new Uint8Array(0)
}

const COLUMNS = ['sequence', 'id', 'at', 'rate_index', 'sealed', 'mac']

test('every flip of every column of every record is found', () => {
  let changes = 0
  const rows = vault.store.all('SELECT * FROM audit ORDER BY sequence')
  // Each byte of the first records, where looking is quick, and of some later ones; a few of all the others.
  const isWhole = (at: number) => at < times(2, 50) || at % times(1001, 250) === 249
  for (const [at, row] of rows.entries()) {
    if (at > 2 && at % times(100, 1) !== 0) continue
    for (const column of COLUMNS) {
      for (const value of flips(row[column], isWhole(at) ? 1 : 101)) {
        const sql = `UPDATE audit SET ${column} = ? WHERE sequence = ?`
        if (found(`${column} of ${at + 1}`, () => run(sql, value, at + 1))) changes += 1
      }
    }
  }
  for (const at of [-1, -NOW, -(2 ** 40)]) {
    expect(found('a time below zero', () => run('UPDATE audit SET at = ? WHERE sequence = 7', at))).toBe(true)
    changes += 1
  }
  for (const value of flips(heads[ROWS], 1)) {
    expect(found('the head', () => run(PUT_HEAD, value))).toBe(true)
    changes += 1
  }
  done('bits flipped in a log of 1,000 records, each found', changes)
  expect(changes).toBeGreaterThan(times(1000, 30_000))
}, 3_600_000)

test('every record dropped, every two neighbours and any two others swapped, are found', () => {
  let changes = 0
  const swap = (a: number, b: number) => () => {
    run('UPDATE audit SET sequence = 5000 WHERE sequence = ?', a)
    run('UPDATE audit SET sequence = ? WHERE sequence = ?', a, b)
    run('UPDATE audit SET sequence = ? WHERE sequence = 5000', b)
  }
  const drop = (at: number) => () => run('DELETE FROM audit WHERE sequence = ?', at)
  const dropAndClose = (at: number) => () => {
    drop(at)()
    if (at === ROWS) return
    run('UPDATE audit SET sequence = -sequence WHERE sequence > ?', at)
    run('UPDATE audit SET sequence = -sequence - 1 WHERE sequence < 0')
  }
  for (let at = 1; at <= ROWS; at += times(29, 1)) {
    const other = 1 + ((at * 619) % ROWS)
    const ways = [drop(at), dropAndClose(at), ...(at < ROWS ? [swap(at, at + 1)] : [])]
    if (other !== at) ways.push(swap(at, other))
    for (const [way, change] of ways.entries()) {
      expect(found(`${way} at ${at}`, change)).toBe(true)
      changes += 1
    }
  }
  done('records of a log of 1,000 dropped or swapped, each found', changes)
}, 3_600_000)

test('a record made up, copied or repeated, put in at any place, is found', () => {
  let changes = 0
  const copy = `INSERT INTO audit (sequence, id, at, rate_index, sealed, mac)
    SELECT ?, ?, at, rate_index, sealed, mac FROM audit WHERE sequence = ?`
  /** Make room after a place. */
  const open = (at: number) => {
    if (at === ROWS) return
    run('UPDATE audit SET sequence = -sequence WHERE sequence > ?', at)
    run('UPDATE audit SET sequence = -sequence + 1 WHERE sequence < 0')
  }
  for (let at = 0; at <= ROWS; at += times(83, 1)) {
    const forged = () => {
      open(at)
      const made = [at + 1, randomUUID(), NOW + at, new Uint8Array(300), new Uint8Array(32)]
      run('INSERT INTO audit (sequence, id, at, sealed, mac) VALUES (?, ?, ?, ?, ?)', ...made)
    }
    const repeated = () => {
      open(at)
      run(copy, at + 1, randomUUID(), at === 0 ? 2 : at)
    }
    /** In the place of another one, its id and all. */
    const replayed = () => {
      const [old, place] = [1 + ((at * 7) % ROWS), 1 + (at % ROWS)]
      if (old === place) return run('DELETE FROM audit WHERE sequence = ?', place)
      const row = vault.store.get('SELECT * FROM audit WHERE sequence = ?', old)
      run("UPDATE audit SET id = 'x' WHERE sequence = ?", old)
      const values = ['id', 'at', 'rate_index', 'sealed', 'mac'].map((name) => row?.[name] ?? null)
      const sql = 'UPDATE audit SET id = ?, at = ?, rate_index = ?, sealed = ?, mac = ? WHERE sequence = ?'
      run(sql, ...values, place)
    }
    for (const change of [forged, repeated, replayed]) {
      expect(found(`${change.name} at ${at}`, change)).toBe(true)
      changes += 1
    }
  }
  done('records put into a log of 1,000, each found', changes)
}, 3_600_000)

test('a tail cut off at any length is found, and with the head of that time put back it is found from outside', () => {
  const { store, keys } = vault
  let changes = 0
  for (let left = 0; left < ROWS; left += times(37, 1)) {
    const cut = () => run('DELETE FROM audit WHERE sequence > ?', left)
    expect(found(`cut to ${left}`, cut)).toBe(true)
    undone(() => {
      cut()
      run(PUT_HEAD, heads[left] ?? null)
      // Nothing inside tells this from the log as it was then; whoever saw it since does.
      expect(verifyAudit(store, keys)).toEqual({ ok: true, records: left })
      expect(fitsWitness(store, keys, witness), `back to ${left}`).toBe(false)
    })
    changes += 2
  }
  done('tails of every length cut off a log of 1,000, each found', changes)
  expect(fitsWitness(store, keys, witness)).toBe(true)
  expect(verifyAudit(store, keys)).toEqual({ ok: true, records: ROWS })
}, 3_600_000)
