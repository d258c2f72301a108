import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appendRecord, NO_ROWS } from '../../native-host/audit/chain.ts'
import { rateIndex } from '../../native-host/audit/limits.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { wholeRows } from '../../native-host/audit/whole-rows.ts'
import { Store } from '../../native-host/store/store.ts'
import type { AuditRecord } from '../../shared/model/audit-record.ts'
import { AuditLog } from '../support/audit-log.ts'
import { openVault, refusalOf, type VaultFixture } from './vault-fixture.ts'

/** More than are looked at together. */
const ROWS = 1200
const AT = Date.parse('2026-06-01T12:00:00Z')
const ALL = { before: NO_ROWS, from: Number.MIN_SAFE_INTEGER, most: ROWS + 1 }

let vault: VaultFixture
/** The same log in tables that take a value of any type, as whoever writes the file byte by byte can have it. */
let lax: Store

beforeAll(() => {
  vault = openVault()
  const database = new DatabaseSync(':memory:')
  database.exec(`CREATE TABLE meta (name PRIMARY KEY, value);
    CREATE TABLE audit (sequence INTEGER PRIMARY KEY, id, at, rate_index, sealed, mac)`)
  lax = new Store(database)
  write()
})
afterAll(() => {
  lax.close()
  vault.remove()
})

const act = (n: number): AuditRecord => ({
  kind: 'act',
  id: randomUUID(),
  at: AT + n,
  act: 'service.add',
  subject: `${n}`,
  by: 'cli',
})

/** Written into the vault by the product's own writer, and copied row by row. */
function write(): void {
  const log = new AuditLog(vault)
  log.together(() => {
    for (let n = 0; n < ROWS; n += 2) {
      // Characters of more bytes than one, and records long and short.
      const id = log.intent(AT + n, { origin: `https://${'ä'.repeat(n % 50)}.example` })
      if (n % 10 > 0) log.outcome(id, AT + n + 1)
      else appendRecord(vault.store, vault.keys, act(n), AT + n + 1, rateIndex(vault.keys, `${n}`))
    }
  })
  for (const table of ['meta', 'audit'])
    for (const row of vault.store.all(`SELECT * FROM ${table}`)) {
      const names = Object.keys(row)
      const marks = names.map(() => '?')
      lax.run(`INSERT INTO ${table} (${names}) VALUES (${marks})`, ...Object.values(row))
    }
}

test('rows that are in order are found so together, and the last of them is named', () => {
  const { store, keys } = vault
  const { mac } = store.get('SELECT mac FROM audit WHERE sequence = ?', ROWS) ?? {}
  expect(wholeRows(store, keys, ALL)).toEqual({
    last: { sequence: ROWS, mac: Uint8Array.from(mac as Uint8Array) },
    rows: ROWS,
  })
  expect(verifyAudit(lax, keys)).toEqual({ ok: true, records: ROWS })
})

const places = [1, 2, 499, 500, 501, 1000, ROWS]

test.each(['id', 'sealed', 'mac'])('the same bytes as another type are refused: %s', (column) => {
  const type = column === 'id' ? 'BLOB' : 'TEXT'
  for (const place of places) {
    const { was } = lax.get(`SELECT ${column} AS was FROM audit WHERE sequence = ?`, place) ?? {}
    lax.run(`UPDATE audit SET ${column} = CAST(${column} AS ${type}) WHERE sequence = ?`, place)
    expect(wholeRows(lax, vault.keys, ALL), `${place}`).toBeNull()
    expect(
      refusalOf(() => verifyAudit(lax, vault.keys)),
      `${place}`,
    ).toBe('store-damaged')
    lax.run(`UPDATE audit SET ${column} = ? WHERE sequence = ?`, was ?? null, place)
  }
  expect(verifyAudit(lax, vault.keys)).toEqual({ ok: true, records: ROWS })
})

test('bytes moved from one column to its neighbour, an empty rate index, and longer MACs are found', () => {
  const changes = [
    'sealed = CAST(sealed || substr(mac, 1, 1) AS BLOB), mac = substr(mac, 2)',
    'rate_index = substr(sealed, 1, 1), sealed = substr(sealed, 2)',
    "rate_index = x''",
    "mac = CAST(mac || x'00' AS BLOB)",
    "sealed = x'', mac = CAST(sealed || mac AS BLOB)",
    'sealed = zeroblob(9000000)',
  ]
  for (const change of changes)
    for (const place of places) {
      const row = lax.get('SELECT rate_index, sealed, mac FROM audit WHERE sequence = ?', place) ?? {}
      lax.run(`UPDATE audit SET ${change} WHERE sequence = ?`, place)
      const verdict = { ok: false, records: place - 1, firstBad: place, reason: 'mac' }
      expect(verifyAudit(lax, vault.keys), `${change} at ${place}`).toEqual(verdict)
      const values = [row.rate_index ?? null, row.sealed ?? null, row.mac ?? null]
      lax.run('UPDATE audit SET rate_index = ?, sealed = ?, mac = ? WHERE sequence = ?', ...values, place)
    }
  expect(verifyAudit(lax, vault.keys)).toEqual({ ok: true, records: ROWS })
})

test('a MAC and a time that were changed are each found at their own place', () => {
  const [first, second] = [500, 501]
  const swap = lax.get('SELECT mac FROM audit WHERE sequence = ?', first)?.mac ?? null
  lax.run('UPDATE audit SET mac = zeroblob(32) WHERE sequence = ?', first)
  const verdict = { ok: false, records: first - 1, firstBad: first, reason: 'mac' }
  expect(verifyAudit(lax, vault.keys)).toEqual(verdict)
  lax.run('UPDATE audit SET mac = ? WHERE sequence = ?', swap, first)
  const next = lax.get('SELECT at FROM audit WHERE sequence = ?', second)?.at ?? null
  lax.run('UPDATE audit SET at = at + 1 WHERE sequence = ?', second)
  expect(verifyAudit(lax, vault.keys)).toEqual({ ...verdict, records: first, firstBad: second })
  lax.run('UPDATE audit SET at = ? WHERE sequence = ?', next, second)
})
