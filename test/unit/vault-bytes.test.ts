import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordIntent } from '../../native-host/audit/permit.ts'
import { recordOutcome } from '../../native-host/audit/write-audit.ts'
import { Refusal } from '../../native-host/refusal.ts'
import { databaseFile } from '../../native-host/store/database-file.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { createVault, unlockVault } from '../../native-host/vault/slots.ts'
import { done, times } from '../support/hard.ts'
import { vaultState } from '../support/vault-state.ts'
import { callRecord, connected, outcomeRecord } from './vault-fixture.ts'

/** A vault whose file was changed anywhere opens as what it was, or is refused; never as something else. */
const CODES = new Set([
  'store-damaged',
  'store-newer',
  'wrong-passphrase',
  'vault-missing',
  'invalid',
  'log',
  'slot',
])

let root: string
let keyFile: string
let whole: Buffer
let state: string

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  keyFile = join(root, 'key-file')
  const home = join(root, 'home')
  const store = openStore(home)
  const { keys } = await createVault(store, { kind: 'key-file', path: keyFile })
  const { capability, session } = connected({
    store,
    keys,
    home,
    dataKey: keys.exportKey(),
    remove: () => {},
  })
  const record = callRecord({ session: session.id })
  recordIntent(store, keys, { session: session.id, capability, now: Date.now(), record })
  recordOutcome(store, keys, outcomeRecord({ intent: record.id, at: Date.now() }), session.id)
  state = vaultState(store, keys)
  store.close()
  whole = readFileSync(databaseFile(home))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const home = () => join(root, 'home')

/** What opening says: `same`, the code of the refusal, `log` where the log does not verify, `slot` where one is damaged. */
async function opened(): Promise<string> {
  try {
    const store = openStore(home())
    try {
      const keys = await unlockVault(store, { kind: 'key-file', path: keyFile })
      const now = vaultState(store, keys)
      if (now === state) return 'same'
      return isDamagedSlot(now) ? 'slot' : `other: ${different(now)}`
    } finally {
      store.close()
    }
  } catch (error) {
    if (error instanceof Refusal) return error.code
    if (error instanceof Error && error.message.startsWith('the log has a fault')) return 'log'
    throw error
  }
}

/** The parts in which a state is not what it was. */
function different(now: string): string {
  const [is, was] = [JSON.parse(now), JSON.parse(state)]
  const parts = Object.keys(was).filter((part) => JSON.stringify(is[part]) !== JSON.stringify(was[part]))
  return JSON.stringify(parts.map((part) => [part, is[part], was[part]]))
}

/** True where one slot is shown as damaged and all else is as it was. */
function isDamagedSlot(now: string): boolean {
  const [is, was] = [JSON.parse(now), JSON.parse(state)]
  const left = is.slots.filter((kind: string) => kind !== 'damaged')
  const isShown =
    left.length === was.slots.length - 1 && left.every((kind: string) => was.slots.includes(kind))
  return isShown && JSON.stringify({ ...is, slots: was.slots }) === state
}

function put(bytes: Uint8Array): void {
  for (const suffix of ['-wal', '-shm']) rmSync(`${databaseFile(home())}${suffix}`, { force: true })
  writeFileSync(databaseFile(home()), bytes)
}

test('every byte of the file flipped: the same vault or a refusal', { timeout: 3_600_000 }, async () => {
  const seen = new Map<string, number>()
  const step = times(97, 1)
  for (let at = 0; at < whole.length; at += step) {
    const bytes = Buffer.from(whole)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
    put(bytes)
    const answer = await opened()
    expect(answer === 'same' || CODES.has(answer), `byte ${at}: ${answer}`).toBe(true)
    seen.set(answer, (seen.get(answer) ?? 0) + 1)
  }
  put(whole)
  expect(await opened()).toBe('same')
  expect(seen.get('store-damaged')).toBeGreaterThan(10)
  done('bytes of a vault flipped', Math.ceil(whole.length / step))
})

test('cut at every length: a refusal, or the same vault where what was cut held no record', {
  timeout: 3_600_000,
}, async () => {
  const step = times(977, 61)
  let cuts = 0
  for (let length = whole.length - 1; length >= 0; length -= step) {
    put(whole)
    truncateSync(databaseFile(home()), length)
    const answer = await opened()
    expect(
      answer === 'same' ? length > whole.length - 4096 : CODES.has(answer),
      `${length} bytes: ${answer}`,
    ).toBe(true)
    cuts += 1
  }
  put(whole)
  done('tails of a vault cut', cuts)
})

test('a log of another vault, of nonsense or of zeros beside the file changes nothing of what is read', async () => {
  const other = join(root, 'other')
  const store = openStore(other)
  await createVault(store, { kind: 'key-file', path: join(root, 'other-key') })
  copyFileSync(`${databaseFile(other)}-wal`, join(root, 'foreign-wal'))
  store.close()
  for (const wal of [readFileSync(join(root, 'foreign-wal')), Buffer.alloc(8192, 0xa5), Buffer.alloc(8192)]) {
    put(whole)
    writeFileSync(`${databaseFile(home())}-wal`, wal, { mode: 0o600 })
    const answer = await opened()
    expect(answer === 'same' || CODES.has(answer), answer).toBe(true)
  }
  put(whole)
})

test('a slot of another vault opens that vault and not this one', async () => {
  const other = join(root, 'second')
  const path = join(root, 'second-key')
  const foreign = openStore(other)
  await createVault(foreign, { kind: 'key-file', path })
  const row = foreign.get("SELECT * FROM slots WHERE kind = 'key-file'")
  foreign.close()
  put(whole)
  const store = openStore(home())
  store.run(
    'INSERT INTO slots (id, kind, created_at, parameters, wrapped) VALUES (?, ?, ?, ?, ?)',
    ...(['id', 'kind', 'created_at', 'parameters', 'wrapped'] as const).map((name) => row?.[name] ?? null),
  )
  // It opens, with another data key: nothing of this vault can be read with it.
  const keys = await unlockVault(store, { kind: 'key-file', path })
  expect(() => vaultState(store, keys)).toThrow(/damaged|fault/)
  store.close()
  put(whole)
})
