import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runningCallsOf } from '../../native-host/budgets/reservation-rows.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { MIGRATIONS, SCHEMA_VERSION, schemaText } from '../../native-host/store/schema.ts'
import { asks, begun, type Caller, end, used } from './budget-fixture.ts'
import { connected, openVault, type VaultFixture } from './vault-fixture.ts'

/** A vault of an older version that is opened by this one while another process has calls running in it. */

const NOW = 1_700_000_000_000
/** The last one in which reservations had indexes of their own. */
const INDEXED = 5

let vault: VaultFixture
let caller: Caller

beforeEach(() => {
  vault = openVault()
  const { capability, session } = connected(vault, { limits: { maxTokens: 1000, concurrent: 3 }, now: NOW })
  caller = { ...vault, capability, session }
})
afterEach(() => vault.remove())

/** Give the vault the tables that reservations had then, with the rows they have. */
function asBefore(): void {
  const model = new DatabaseSync(':memory:')
  for (const step of MIGRATIONS.slice(0, INDEXED)) model.exec(step)
  const made = model
    .prepare(
      "SELECT sql FROM sqlite_schema WHERE tbl_name = 'reservations' AND sql IS NOT NULL ORDER BY rowid",
    )
    .all()
  const database = new DatabaseSync(join(vault.home, 'valetkey.db'))
  database.exec(
    'BEGIN IMMEDIATE; CREATE TEMP TABLE kept AS SELECT * FROM reservations; DROP TABLE reservations',
  )
  for (const { sql } of made) database.exec(String(sql))
  database.exec(`INSERT INTO reservations SELECT * FROM kept; PRAGMA user_version = ${INDEXED}; COMMIT`)
  expect(schemaText(database)).toBe(schemaText(model))
  database.close()
  model.close()
}

const version = () => vault.store.get('PRAGMA user_version')?.user_version
const running = () => runningCallsOf(vault.store, vault.keys, caller.capability.id)

test('what runs in another process keeps its room, ends there, and others follow', () => {
  const before = begun(caller, asks(), NOW)
  asBefore()
  const between = begun(caller, asks(), NOW)
  expect([version(), running()]).toEqual([INDEXED, 2])

  const opened = openStore(vault.home)
  expect([version(), running()]).toEqual([SCHEMA_VERSION, 2])
  expect(runningCallsOf(opened, vault.keys, caller.capability.id)).toBe(2)
  // The connection from before goes on, as that of a host does that nobody has started anew.
  end(caller, before, NOW, { use: used(1, 2) })
  const after = begun(caller, asks(), NOW)
  end({ ...caller, store: opened }, between, NOW, { use: used(3, 4) })
  expect(runningCallsOf(opened, vault.keys, caller.capability.id)).toBe(1)
  end(caller, after, NOW)
  expect(running()).toBe(0)
  opened.close()
})

test('a migrated vault has the very tables of a new one, and opens again', () => {
  const permit = begun(caller, asks(), NOW)
  asBefore()
  openStore(vault.home).close()
  openStore(vault.home).close()
  end(caller, permit, NOW)
  expect(running()).toBe(0)
})
