import { generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signedExport } from '../../native-host/audit/export-audit.ts'
import { verifyExport } from '../../native-host/audit/verify-export.ts'
import { recordAct, recordOutcome, recordRefusal } from '../../native-host/audit/write-audit.ts'
import { readExport } from '../support/export-reader.ts'
import { done, times } from '../support/hard.ts'
import { callRecord, openVault, outcomeRecord, refusalOf, type VaultFixture } from './vault-fixture.ts'

const NOW = Date.parse('2026-06-01T12:00:00Z')
const COUNT = times(60, 1000)

let vault: VaultFixture
let lines: string[]
let publicKey: string

beforeAll(() => {
  vault = openVault()
  vault.store.database.exec('PRAGMA synchronous = OFF')
  vault.store.transaction(() => {
    for (let n = 0; n < COUNT; n += 1) write(n)
  })
  lines = [...signedExport(vault.store, vault.keys)]
  publicKey = Buffer.from(vault.keys.publicKey()).toString('hex')
})
afterAll(() => vault.remove())

function write(n: number): void {
  const { store, keys } = vault
  if (n % 3 === 0) recordAct(store, keys, { act: 'service.add', subject: `é ${n}`, by: 'cli', now: NOW + n })
  else if (n % 3 === 1)
    recordRefusal(store, keys, callRecord({ kind: 'refusal', decision: 'deny', at: NOW + n }))
  else recordOutcome(store, keys, outcomeRecord({ at: NOW + n }), null)
}

const fileOf = (some: readonly string[]) => Buffer.from(some.map((line) => `${line}\n`).join(''))

/** What both readers say: how many records, or null; they must never disagree. */
async function judged(file: Uint8Array, key = publicKey): Promise<number | null> {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(file)
  const own = verifyExport(text, key)
  const other = await readExport(file, key)
  expect(own.ok ? own.records : null).toBe(other)
  return other
}

test('both readers accept what was exported, also of an empty log, and with no key given', async () => {
  expect(await judged(fileOf(lines))).toBe(COUNT)
  expect(verifyExport(fileOf(lines).toString())).toEqual({ ok: true, records: COUNT, publicKey })
  const empty = openVault()
  const key = Buffer.from(empty.keys.publicKey()).toString('hex')
  expect(await judged(fileOf([...signedExport(empty.store, empty.keys)]), key)).toBe(0)
  empty.remove()
})

test('an export changed at any byte is refused by both readers', async () => {
  const file = Uint8Array.from(fileOf(lines))
  // Of a long export one byte in so many; of the last two lines and the first one, every byte.
  const step = times(97, 509)
  const tail = fileOf(lines.slice(-2)).length
  let flips = 0
  for (let at = 0; at < file.length; at += at < 200 || at >= file.length - tail ? 1 : step) {
    const was = file[at] as number
    file[at] = was ^ (1 << (flips % 8))
    expect(await judged(file), `byte ${at}`).toBeNull()
    file[at] = was
    flips += 1
  }
  expect(await judged(file)).toBe(COUNT)
  done('bytes flipped in an exported log, each refused by two readers', flips)
}, 600_000)

test('an export with a line dropped, swapped, repeated, put in or cut off is refused by both readers', async () => {
  let changes = 0
  const refused = async (some: readonly string[], what: string) => {
    expect(await judged(fileOf(some)), what).toBeNull()
    changes += 1
  }
  const step = times(1, 23)
  for (let at = 0; at < lines.length; at += step) {
    await refused(lines.toSpliced(at, 1), `drop ${at}`)
    await refused(lines.toSpliced(at, 0, lines[at] as string), `repeat ${at}`)
    await refused(lines.slice(0, at), `cut to ${at}`)
    const forged = { sequence: at, previous: '0'.repeat(64), kind: 'act', act: 'x' }
    await refused(lines.toSpliced(at, 0, JSON.stringify(forged)), `forged ${at}`)
    if (at > 0)
      await refused(lines.toSpliced(at - 1, 2, lines[at] as string, lines[at - 1] as string), `swap ${at}`)
  }
  const whole = fileOf(lines)
  for (let cut = 1; cut < 200; cut += 1) {
    expect(await judged(whole.subarray(0, whole.length - cut)), `cut of ${cut} bytes`).toBeNull()
    changes += 1
  }
  await refused([...lines, lines.at(-1) as string], 'a second end')
  await refused([...lines, ''], 'an empty line')
  done('lines of an exported log dropped, moved, added or cut, each refused by two readers', changes)
}, 600_000)

test('an export signed anew with another key passes for another vault’s and not for this one’s', async () => {
  const { publicKey: other, privateKey } = generateKeyPairSync('ed25519')
  const hex = other.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')
  const top = (lines[0] as string).replace(publicKey, hex)
  const { linkTo, signedText } = await import('../../native-host/audit/export-format.ts')
  const previous = linkTo(top)
  const signature = sign(null, signedText(0, previous), privateKey).toString('hex')
  const forged = fileOf([top, JSON.stringify({ kind: 'head', sequence: 0, previous, signature })])
  expect(await judged(forged, hex)).toBe(0)
  expect(await judged(forged)).toBeNull()
  expect(verifyExport(forged.toString(), publicKey)).toMatchObject({ ok: false, reason: 'other-vault' })
})

test('the same last line spelt in another way is refused by both readers', async () => {
  const last = lines.at(-1) as string
  const { kind, ...rest } = JSON.parse(last) as Record<string, unknown>
  const spellings = [
    last.replace(':', ': '),
    ` ${last}`,
    `${last}\r`,
    last.replace('"head"', '"\\u0068ead"'),
    JSON.stringify({ ...rest, kind }),
    last.replace(`:${COUNT},`, `:${COUNT}.0,`),
  ]
  for (const spelling of spellings) {
    expect(spelling).not.toBe(last)
    expect(await judged(fileOf(lines.with(-1, spelling))), spelling).toBeNull()
  }
})

test('the first fault is named with its line', () => {
  const reason = (some: readonly string[]) => {
    const verdict = verifyExport(fileOf(some).toString())
    return verdict.ok ? 'ok' : [verdict.firstBad, verdict.reason]
  }
  expect(reason(lines.toSpliced(5, 1))).toEqual([6, 'missing'])
  expect(reason(lines.toSpliced(5, 0, lines[5] as string))).toEqual([7, 'order'])
  expect(reason(lines.with(5, (lines[5] as string).replace('"at":', '"at" :')))).toEqual([7, 'changed'])
  expect(reason(lines.slice(0, -1))).toEqual([COUNT + 1, 'cut'])
  expect(reason(lines.slice(1))).toEqual([1, 'format'])
  expect(verifyExport('')).toMatchObject({ ok: false, reason: 'format' })
  expect(verifyExport('not an export')).toMatchObject({ ok: false, reason: 'format' })
})

test('a log that was changed is not vouched for: what was written so far has no end', () => {
  const other = openVault()
  const { store, keys } = other
  for (let n = 0; n < 9; n += 1)
    recordAct(store, keys, { act: 'service.add', subject: `${n}`, by: 'cli', now: NOW })
  const exported: string[] = []
  const attempt = (): void => {
    exported.length = 0
    for (const line of signedExport(store, keys)) exported.push(line)
  }
  for (const change of [
    'UPDATE audit SET at = at + 1 WHERE sequence = 5',
    'DELETE FROM audit WHERE sequence = 9',
    'DELETE FROM audit WHERE sequence = 3',
    "DELETE FROM meta WHERE name = 'audit-head'",
  ]) {
    store.run('SAVEPOINT change')
    store.run(change)
    expect(refusalOf(attempt), change).toBe('store-damaged')
    expect(verifyExport(fileOf(exported).toString()).ok).toBe(false)
    store.run('ROLLBACK TO change')
    store.run('RELEASE change')
  }
  attempt()
  expect(exported).toHaveLength(11)
  other.remove()
})

test('records written while an export runs are left out of it', () => {
  const other = openVault()
  const add = (): void => recordAct(other.store, other.keys, { act: 'a', subject: 's', by: 'cli', now: NOW })
  add()
  const exported: string[] = []
  for (const line of signedExport(other.store, other.keys)) {
    exported.push(line)
    add()
  }
  expect(verifyExport(fileOf(exported).toString())).toMatchObject({ ok: true, records: 1 })
  other.remove()
})
