import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { findService, putService } from '../../native-host/store/services.ts'
import type { Store } from '../../native-host/store/store.ts'
import { lockEpoch, raiseLock } from '../../native-host/vault/lock.ts'
import {
  addSlot,
  createVault,
  listSlots,
  type Opener,
  removeSlot,
  slotKinds,
  unlockVault,
  vaultPresent,
} from '../../native-host/vault/slots.ts'
import { aService, NAMES, refusalOf } from './vault-fixture.ts'

// A passphrase takes half a second and 256 MiB to stretch on a machine with nothing else to do.
vi.setConfig({ testTimeout: 180_000 })

let root: string
let store: Store
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  store = openStore(join(root, 'home'))
})
afterEach(() => {
  store.close()
  rmSync(root, { recursive: true, force: true })
})

const keyFile = (): string => join(root, 'key')
const passphrase = (text: string): Opener => ({ kind: 'passphrase', text })

/** Refusal code and message of what rejects. */
async function refused(work: Promise<unknown>): Promise<[code: string, message: string]> {
  try {
    await work
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [String(error.code), error.message]
    throw error
  }
  return ['nothing', '']
}
const codeOf = async (work: Promise<unknown>): Promise<string> => (await refused(work))[0]

test('a vault opens with its passphrase and its recovery code, in any spelling, and with nothing else', async () => {
  expect(vaultPresent(store)).toBe(false)
  expect(await codeOf(unlockVault(store, passphrase('correct horse')))).toBe('vault-missing')
  const { keys, recoveryCode } = await createVault(store, { kind: 'passphrase', passphrase: 'café horse' })
  expect(vaultPresent(store)).toBe(true)
  expect(slotKinds(store)).toEqual(['passphrase', 'recovery'])
  expect(verifyAudit(store, keys)).toEqual({ ok: true, records: 0 })
  putService(store, keys, aService())
  const openers = [
    passphrase('cafe\u0301 horse'),
    { kind: 'recovery', text: recoveryCode.toLowerCase() } as const,
  ]
  for (const opener of openers)
    expect(findService(store, await unlockVault(store, opener), NAMES.service)).toEqual(aService())
  const wrong = await Promise.all([
    refused(unlockVault(store, passphrase('café horsf'))),
    refused(
      unlockVault(store, {
        kind: 'recovery',
        text: recoveryCode.replace(/^./, (a) => (a === '7' ? '8' : '7')),
      }),
    ),
    refused(unlockVault(store, { kind: 'recovery', text: 'nonsense' })),
    refused(unlockVault(store, { kind: 'key-file', path: join(root, 'none') })),
    refused(unlockVault(store, { kind: 'keychain' })),
  ])
  expect(new Set(wrong.map((answer) => answer.join(': '))).size).toBe(1)
  expect(wrong[0]?.[0]).toBe('wrong-passphrase')
  expect(await codeOf(createVault(store, { kind: 'passphrase', passphrase: 'another one' }))).toBe(
    'vault-exists',
  )
})

test('of two that make a vault at once one is told that there is one, and the other one’s opens', async () => {
  const path = keyFile()
  const second = openStore(join(root, 'home'))
  const made = await Promise.allSettled([
    createVault(store, { kind: 'key-file', path }),
    createVault(second, { kind: 'key-file', path: join(root, 'second') }),
  ])
  second.close()
  expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const winner = made.find((result) => result.status === 'fulfilled')
  const keys = await unlockVault(store, { kind: 'recovery', text: winner?.value.recoveryCode ?? '' })
  expect(Buffer.compare(keys.exportKey(), winner?.value.keys.exportKey() ?? Buffer.alloc(0))).toBe(0)
})

test('a passphrase of fewer than eight characters is refused, counted as people count', async () => {
  for (const weak of ['', '1234567', '🐴🐴🐴🐴', 'e\u0301'.repeat(7)])
    expect(await codeOf(createVault(store, { kind: 'passphrase', passphrase: weak }))).toBe('weak-passphrase')
  expect(vaultPresent(store)).toBe(false)
})

test('changing the passphrase leaves every record as it is, and the old one opens nothing', async () => {
  const { keys } = await createVault(store, { kind: 'passphrase', passphrase: 'the old one' })
  putService(store, keys, aService())
  const records = (): unknown => store.all('SELECT * FROM services')
  const before = records()
  const old = listSlots(store).find(({ kind }) => kind === 'passphrase')?.id ?? ''
  const wrapped = store.get('SELECT wrapped FROM slots WHERE id = ?', old)?.wrapped as Uint8Array
  await addSlot(store, keys, { kind: 'passphrase', passphrase: 'the new one' })
  removeSlot(store, old)
  expect(records()).toEqual(before)
  const opened = await unlockVault(store, passphrase('the new one'))
  expect(findService(store, opened, NAMES.service)).toEqual(aService())
  expect(await codeOf(unlockVault(store, passphrase('the old one')))).toBe('wrong-passphrase')
  for (const file of ['valetkey.db', 'valetkey.db-wal'])
    expect(readFileSync(join(root, 'home', file)).includes(Buffer.from(wrapped)), file).toBe(false)
})

test('a key file is made private, opens the vault, and does not where it is another one', async () => {
  const path = keyFile()
  await createVault(store, { kind: 'key-file', path })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(path).size).toBe(32)
  await unlockVault(store, { kind: 'key-file' })
  await unlockVault(store, { kind: 'key-file', path })
  writeFileSync(join(root, 'other'), Buffer.alloc(32, 7), { mode: 0o600 })
  expect(await codeOf(unlockVault(store, { kind: 'key-file', path: join(root, 'other') }))).toBe(
    'wrong-passphrase',
  )
  rmSync(path)
  expect(await codeOf(unlockVault(store, { kind: 'key-file' }))).toBe('wrong-passphrase')
  expect(existsSync(path)).toBe(false)
})

test('a key file that is there is used if it is private and long enough, and refused if not', async () => {
  const path = keyFile()
  const attempt = (): Promise<string> => codeOf(createVault(store, { kind: 'key-file', path }))
  writeFileSync(path, Buffer.alloc(31, 1), { mode: 0o600 })
  expect(await attempt()).toBe('invalid')
  writeFileSync(path, Buffer.alloc(5000, 1))
  expect(await attempt()).toBe('invalid')
  writeFileSync(path, Buffer.alloc(40, 1))
  for (const mode of [0o640, 0o604, 0o660, 0o644]) {
    chmodSync(path, mode)
    expect(await attempt()).toBe('invalid')
  }
  chmodSync(path, 0o600)
  symlinkSync(path, join(root, 'link'))
  expect(await codeOf(createVault(store, { kind: 'key-file', path: join(root, 'link') }))).toBe('invalid')
  expect(vaultPresent(store)).toBe(false)
  await createVault(store, { kind: 'key-file', path })
  expect(readFileSync(path).equals(Buffer.alloc(40, 1))).toBe(true)
  chmodSync(path, 0o644)
  expect(await codeOf(unlockVault(store, { kind: 'key-file' }))).toBe('invalid')
})

test('the last slot beside the recovery code cannot be removed', async () => {
  const { keys } = await createVault(store, { kind: 'key-file', path: keyFile() })
  const [first, recovery] = ['key-file', 'recovery'].map(
    (kind) => listSlots(store).find((slot) => slot.kind === kind)?.id ?? '',
  )
  expect(refusalOf(() => removeSlot(store, first ?? ''))).toBe('in-use')
  expect(refusalOf(() => removeSlot(store, 'none'))).toBe('unknown')
  await addSlot(store, keys, { kind: 'key-file', path: join(root, 'second') })
  removeSlot(store, recovery ?? '')
  removeSlot(store, first ?? '')
  expect(slotKinds(store)).toEqual(['key-file'])
  await unlockVault(store, { kind: 'key-file' })
})

/** Rewrite the parameters of the passphrase slot in the file. */
function rewrite(
  change: (parameters: { argon2id: Record<string, number>; salt: string; kind: string }) => void,
): void {
  const row = store.get("SELECT parameters FROM slots WHERE kind = 'passphrase'")
  const parameters = JSON.parse(String(row?.parameters))
  change(parameters)
  store.run("UPDATE slots SET parameters = ? WHERE kind = 'passphrase'", JSON.stringify(parameters))
}

test('a slot that asks for too little or too much stretching is refused', async () => {
  await createVault(store, { kind: 'passphrase', passphrase: 'correct horse' })
  const row = store.get("SELECT parameters FROM slots WHERE kind = 'passphrase'")
  expect(JSON.parse(String(row?.parameters)).argon2id).toEqual({
    memory: 256 * 1024,
    passes: 3,
    parallelism: 4,
  })
  for (const bad of [
    { memory: 64 * 1024 - 1 },
    { memory: 1024 * 1024 + 1 },
    { memory: 2 ** 32 },
    { memory: 0.5 },
    { passes: 1 },
    { passes: 11 },
    { parallelism: 0 },
    { parallelism: 1000 },
  ]) {
    rewrite((parameters) =>
      Object.assign(parameters.argon2id, { memory: 262144, passes: 3, parallelism: 4 }, bad),
    )
    expect(await codeOf(unlockVault(store, passphrase('correct horse'))), JSON.stringify(bad)).toBe(
      'store-damaged',
    )
  }
})

test('a slot with its salt, its stretching within the limits, its kind or its wrapped key changed does not open', async () => {
  const { recoveryCode } = await createVault(store, { kind: 'passphrase', passphrase: 'correct horse' })
  const attempt = (): Promise<string> => codeOf(unlockVault(store, passphrase('correct horse')))
  const good = store.get("SELECT parameters FROM slots WHERE kind = 'passphrase'")?.parameters ?? null
  rewrite((parameters) => Object.assign(parameters.argon2id, { memory: 64 * 1024, passes: 2 }))
  expect(await attempt()).toBe('wrong-passphrase')
  rewrite((parameters) => Object.assign(parameters, { kind: 'recovery' }))
  expect(await attempt()).toBe('store-damaged')
  store.run("UPDATE slots SET parameters = 'nonsense' WHERE kind = 'passphrase'")
  expect(await attempt()).toBe('store-damaged')
  store.run("UPDATE slots SET parameters = ? WHERE kind = 'passphrase'", good)
  expect(await attempt()).toBe('nothing')
  const row = store.get("SELECT wrapped FROM slots WHERE kind = 'recovery'")
  const wrapped = row?.wrapped as Uint8Array
  for (let at = 0; at < wrapped.length; at += 1) {
    const bad = Uint8Array.from(wrapped)
    bad[at] = (bad[at] ?? 0) ^ 1
    store.run("UPDATE slots SET wrapped = ? WHERE kind = 'recovery'", bad)
    expect(await codeOf(unlockVault(store, { kind: 'recovery', text: recoveryCode }))).toBe(
      'wrong-passphrase',
    )
  }
})

test('stretching leaves the event loop free', async () => {
  let ticks = 0
  const timer = setInterval(() => {
    ticks += 1
  }, 5)
  await createVault(store, { kind: 'passphrase', passphrase: 'correct horse' })
  clearInterval(timer)
  expect(ticks).toBeGreaterThan(5)
})

test('raising the lock moves the epoch for every connection', () => {
  const other = openStore(join(root, 'home'))
  const [epoch, version] = [lockEpoch(other), other.version()]
  raiseLock(store)
  expect(other.version()).not.toBe(version)
  expect(lockEpoch(other)).toBe(epoch + 1)
  other.close()
})
