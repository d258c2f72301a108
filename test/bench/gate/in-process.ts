import { createHmac, randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { verifyAudit } from '../../../native-host/audit/verify-audit.ts'
import { createRedactor, Sought } from '../../../native-host/broker/redact.ts'
import { AuditLog } from '../../support/audit-log.ts'
import { OwnedVault } from '../../support/owned-vault.ts'

/** Work of ours and the same work bare, done in this process. */
export interface Pair {
  ours(): void
  bare(): void
  close?(): Promise<void>
}

const KEY = 'sk-proj-9aF3kQ7LmZx0Tt2VbN5yPq8RwEjHsUd4CgIo1'
const SIZE = 4 * 1024 * 1024
const CHUNK = 64 * 1024
const EVENT =
  'data: {"choices":[{"index":0,"delta":{"content":" skills and tasks\\u00e9\\n"},"finish_reason":null}]}\n\n'
/** Pieces too short to be taken out, each character in an escape: the slow way through. */
const NEARLY = `${[...Buffer.from(KEY.slice(0, 15))].map((code) => `\\u00${code.toString(16)}`).join('')}~`
const RECORDS = 6000

/** By name: how to make it ready. */
export const PAIRS: Readonly<Record<string, () => Promise<Pair>>> = {
  'redaction-events': async () => redaction(EVENT),
  'redaction-hostile': async () => redaction(NEARLY),
  'audit-verify': verifying,
}

const table = Uint8Array.from({ length: 256 }, (_, byte) => byte & 1)

/** Taking secrets out beside looking at each byte. */
function redaction(unit: string): Pair {
  const bytes = Buffer.alloc(SIZE, unit, 'latin1')
  const sought = new Sought([{ bytes: Buffer.from(KEY), pieces: true }])
  let sum = 0
  return {
    ours: () => {
      const redactor = createRedactor(sought)
      for (let at = 0; at < bytes.length; at += CHUNK) redactor.push(bytes.subarray(at, at + CHUNK))
    },
    bare: () => {
      for (let at = 0; at < bytes.length; at++) sum = (sum + (table[bytes[at] as number] as number)) | 0
    },
  }
}

/** Checking the log beside reading and authenticating as many rows as long. */
async function verifying(): Promise<Pair> {
  const vault = await OwnedVault.create()
  const log = new AuditLog(vault)
  log.together(() => {
    for (let n = 0; n < RECORDS; n += 2) log.outcome(log.intent(Date.now()), Date.now())
  })
  const rows = vault.store.all('SELECT sealed FROM audit ORDER BY sequence LIMIT 2')
  const bare = bareLog(rows.map(({ sealed }) => (sealed as Uint8Array).length))
  const ours = () => {
    const verdict = verifyAudit(vault.store, vault.keys)
    if (!verdict.ok || verdict.records !== RECORDS) throw new Error('the log is not in order')
  }
  return { ours, bare, close: () => vault.remove() }
}

function bareLog(lengths: readonly number[]): () => void {
  const key = randomBytes(32)
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE log (sequence INTEGER PRIMARY KEY, sealed BLOB, mac BLOB) STRICT')
  const insert = database.prepare('INSERT INTO log (sealed, mac) VALUES (?, ?)')
  for (let n = 0; n < RECORDS; n += 1)
    insert.run(randomBytes(lengths[n % lengths.length] ?? 400), randomBytes(32))
  const all = database.prepare('SELECT * FROM log ORDER BY sequence')
  return () => {
    let before: Uint8Array = Buffer.alloc(32)
    for (const { sealed, mac } of all.iterate()) {
      before = createHmac('sha256', key)
        .update(before)
        .update(sealed as Uint8Array)
        .digest()
      if (Buffer.compare(before, mac as Uint8Array) === 0) throw new Error('chance')
    }
  }
}

/** A slice is at least so long, ms of the processor: on some systems its clock has ticks of ten. */
const LEAST_SLICE = 60
const SLICES = 6

/** See `figures.ts`: the least of slices that were taken in turns, ours to bare. */
export async function pairRatio(make: () => Promise<Pair>): Promise<number> {
  const { ours, bare, close } = await make()
  try {
    const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    for (let slice = -2; slice < SLICES; slice += 1) {
      for (const [which, work] of [ours, bare].entries()) {
        const each = timeOf(work)
        if (slice >= 0) least[which] = Math.min(least[which] ?? 0, each)
      }
    }
    return (least[0] ?? Number.NaN) / (least[1] ?? Number.NaN)
  } finally {
    await close?.()
  }
}

/** Milliseconds of this thread on the processor, for one time of the work. */
function timeOf(work: () => void): number {
  const before = process.threadCpuUsage()
  for (let times = 1; ; times += 1) {
    work()
    const { user, system } = process.threadCpuUsage(before)
    const spent = (user + system) / 1000
    if (spent >= LEAST_SLICE) return spent / times
  }
}
