import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordIntent, recordOwnerCall } from '../../native-host/audit/permit.ts'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { acceptRollback, checkWitness, isRolledBack } from '../../native-host/audit/rollback.ts'
import {
  fitsWitness,
  openWitness,
  sealWitness,
  vaultTag,
  witnessOf,
} from '../../native-host/audit/witness.ts'
import { recordAct } from '../../native-host/audit/write-audit.ts'
import { WitnessedLog } from '../../native-host/owner/witnessed-log.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { callRecord, connected, openVault, refusalOf, type VaultFixture } from './vault-fixture.ts'

const NOW = Date.parse('2026-06-01T12:00:00Z')

let vault: VaultFixture
beforeEach(() => {
  vault = openVault()
})
afterEach(() => vault.remove())

function acts(count: number): void {
  for (let n = 0; n < count; n += 1)
    recordAct(vault.store, vault.keys, { act: 'service.add', subject: `${n}`, by: 'cli', now: NOW + n })
}

/** The vault as it is, to be put back later. */
function keepCopy(): { putBack(): void } {
  const { home } = vault
  const path = join(home, 'valetkey.db')
  vault.store.run('PRAGMA wal_checkpoint(TRUNCATE)')
  copyFileSync(path, `${path}.copy`)
  const putBack = () => {
    vault.store.close()
    copyFileSync(`${path}.copy`, path)
    vault.store = openStore(home)
  }
  return { putBack }
}

function witness(now = NOW) {
  const found = witnessOf(vault.store, vault.keys, now)
  if (found === null) throw new Error('no head')
  return found
}

const check = (seen = witness(), now = NOW) => checkWitness(vault.store, vault.keys, seen, now)

/** What becomes of a call: `sent`, or the refusal. */
function call(): string {
  const { store, keys } = vault
  const record = callRecord({ capability: null, service: 'a' })
  const answer = refusalOf(() => recordOwnerCall(store, keys, { service: 'a', capability: null, record }))
  return answer === 'nothing' ? 'sent' : answer
}

test('a log fits every head it ever had, from the first', () => {
  const seen = [witness()]
  for (let n = 0; n < 20; n += 1) {
    acts(1)
    seen.push(witness())
  }
  for (const each of seen) expect(check(each)).toBe(true)
  expect(isRolledBack(vault.store)).toBe(false)
})

test('a log put back to an older state stops every call, of sites and of the owner, until the owner accepts it', () => {
  const { capability, session } = connected(vault, { now: NOW })
  acts(5)
  const copy = keepCopy()
  acts(3)
  const seen = witness()
  copy.putBack()
  expect(call()).toBe('sent')
  expect(check(seen)).toBe(false)
  expect(call()).toBe('rolled-back')
  const { store, keys } = vault
  const record = callRecord({ session: session.id, at: NOW })
  expect(
    refusalOf(() => recordIntent(store, keys, { session: session.id, capability, now: NOW, record })),
  ).toBe('rolled-back')
  acceptRollback(store, keys, 'cli', NOW + 1)
  expect(call()).toBe('sent')
  expect(listAudit(store, keys, { limit: 2 })[1]).toMatchObject({
    act: 'audit.accept-rollback',
    subject: '8 to 6',
    by: 'cli',
  })
})

test('a log put back that has grown again, even past the old length, does not fit', () => {
  const copy = keepCopy()
  acts(5)
  const seen = witness()
  for (const more of [0, 5, 6]) {
    copy.putBack()
    acts(more)
    expect(fitsWitness(vault.store, vault.keys, seen), `${more} more`).toBe(false)
  }
})

test('after it was accepted, what was seen before is not held against the log, and what is seen since is', () => {
  const copy = keepCopy()
  acts(5)
  const before = witness(NOW)
  copy.putBack()
  expect(check(before)).toBe(false)
  acceptRollback(vault.store, vault.keys, 'cli', NOW + 1)
  expect(check(before)).toBe(true)
  acts(5)
  const since = witness(NOW + 2)
  copy.putBack()
  expect(check(since, NOW + 3)).toBe(false)
})

test('an acceptance covers nothing that is seen after it, also where the log goes back to just after it', () => {
  const copy = keepCopy()
  acts(5)
  const before = witness(NOW)
  copy.putBack()
  check(before)
  acceptRollback(vault.store, vault.keys, 'cli', NOW + 1)
  const accepted = keepCopy()
  acts(5)
  const since = witness(NOW + 2)
  accepted.putBack()
  expect(check(before, NOW + 3)).toBe(true)
  expect(check(since, NOW + 3)).toBe(false)
})

test('an older head alone, put back over the rows of the log, does not fit', () => {
  const { store, keys } = vault
  acts(5)
  const head = store.get("SELECT value FROM meta WHERE name = 'audit-head'")?.value ?? null
  acts(5)
  const seen = witness()
  store.run("UPDATE meta SET value = ? WHERE name = 'audit-head'", head)
  expect(fitsWitness(store, keys, seen)).toBe(false)
})

test('an acceptance carried into an older state of the log is worth nothing there', () => {
  const copy = keepCopy()
  acts(5)
  const seen = witness()
  copy.putBack()
  check(seen)
  acceptRollback(vault.store, vault.keys, 'cli', NOW + 1)
  const accepted = vault.store.get("SELECT value FROM meta WHERE name = 'audit-accepted'")?.value ?? null
  copy.putBack()
  vault.store.run("INSERT INTO meta (name, value) VALUES ('audit-accepted', ?)", accepted)
  expect(check(seen)).toBe(false)
})

test('a clock that was set back a year makes no witness outlast the acceptance', () => {
  const copy = keepCopy()
  acts(5)
  const seen = witness(NOW)
  copy.putBack()
  const earlier = NOW - 366 * 86_400_000
  expect(check(seen, earlier)).toBe(false)
  acceptRollback(vault.store, vault.keys, 'cli', earlier)
  expect(check(seen, earlier)).toBe(true)
})

test('the note that a log went back cannot be made harmless by changing it, and an unreadable one can be accepted', () => {
  acts(3)
  vault.store.run("INSERT INTO meta (name, value) VALUES ('audit-rollback', x'00')")
  expect(call()).toBe('rolled-back')
  acceptRollback(vault.store, vault.keys, 'cli', NOW)
  expect(call()).toBe('sent')
})

test('a sealed head shows nothing, has one length, and cannot be made or changed without the key', () => {
  const { keys, store } = vault
  const lengths = new Set<number>()
  for (const count of [0, 1, 120]) {
    acts(count)
    const sealed = sealWitness(keys, witness())
    lengths.add(sealed.length)
    expect(openWitness(keys, sealed)).toEqual(witness())
    const bytes = Buffer.from(sealed, 'base64url')
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = bytes.with(at, (bytes[at] as number) ^ (1 << (at % 8)))
      expect(openWitness(keys, Buffer.from(flipped).toString('base64url')), `byte ${at}`).toBeNull()
    }
  }
  expect([...lengths]).toHaveLength(1)
  const other = openVault()
  expect(openWitness(other.keys, sealWitness(keys, witness()))).toBeNull()
  expect(vaultTag(other.keys)).not.toBe(vaultTag(keys))
  other.remove()
  expect(isRolledBack(store)).toBe(false)
})

test('what a browser keeps is followed: nothing new is given out while the log is older than that', () => {
  const at = () => ({ store: vault.store, keys: vault.keys, now: () => NOW })
  const log = new WitnessedLog()
  log.check(at())
  const copy = keepCopy()
  acts(2)
  const first = log.next(at())
  expect(first).toMatchObject({ vault: vaultTag(vault.keys) })
  expect(log.next(at())).toBeNull()
  acts(1)
  const second = log.next(at())
  expect(second).not.toBeNull()
  copy.putBack()
  // The same process notices by itself, and so does the next one that is told.
  expect(log.next(at())).toBeNull()
  expect(isRolledBack(vault.store)).toBe(true)
  copy.putBack()
  const later = new WitnessedLog()
  later.keep([
    { vault: '0'.repeat(32), head: 'AAAA' },
    { vault: vaultTag(vault.keys), head: 'AAAA' },
    ...(second === null ? [] : [second]),
  ])
  later.check(at())
  expect(call()).toBe('rolled-back')
  expect(later.next(at())).toBeNull()
  acceptRollback(vault.store, vault.keys, 'cli', NOW + 1)
  expect(later.next(at())).not.toBeNull()
})

test('heads of other vaults and garbled ones say nothing about this one', () => {
  const log = new WitnessedLog()
  const other = openVault()
  log.keep([
    {
      vault: vaultTag(other.keys),
      head: sealWitness(other.keys, { sequence: 9, mac: 'ab'.repeat(32), at: 1 }),
    },
    {
      vault: vaultTag(vault.keys),
      head: sealWitness(other.keys, { sequence: 9, mac: 'ab'.repeat(32), at: 1 }),
    },
  ])
  log.check({ store: vault.store, keys: vault.keys, now: () => NOW })
  expect(isRolledBack(vault.store)).toBe(false)
  expect(readdirSync(vault.home).length).toBeGreaterThan(0)
  other.remove()
})
