import * as z from 'zod/mini'
import { type AuditRecord, AuditRecordSchema } from '../../shared/model/audit-record.ts'
import { Refusal } from '../refusal.ts'
import { bytesOf, integerOf, type Row, textOf } from '../store/columns.ts'
import { readMeta, writeMeta } from '../store/meta.ts'
import { openJson, sealJson } from '../store/sealed-json.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

/** What is sealed in a row: the record and the place in the chain it was written for. */
const EntrySchema = z.object({ sequence: z.int(), record: AuditRecordSchema })

/** Last row of the chain. Authenticated on its own, so that cutting rows off the end shows. */
export interface ChainHead {
  readonly sequence: number
  readonly mac: Uint8Array
}

/** Of HMAC-SHA-256. */
export const MAC_BYTES = 32
/** Head of a log without rows. */
export const NO_ROWS: ChainHead = { sequence: 0, mac: new Uint8Array(MAC_BYTES) }

/** Eight bytes, big-endian. */
function bigEndian(value: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

function headMac(keys: VaultKeys, head: ChainHead): Uint8Array {
  return keys.chain(Buffer.concat([Buffer.from('head\0'), bigEndian(head.sequence), head.mac]))
}

/** The columns of a row that its MAC covers: all but the MAC itself. */
export interface ChainRow {
  readonly sequence: number
  readonly id: string
  readonly at: number
  readonly rateIndex: Uint8Array | null
  readonly sealed: Uint8Array
}

/** A row of `audit` as its columns. @throws Refusal `store-damaged` where one has the wrong type. */
export function chainRow(row: Row): ChainRow {
  return {
    sequence: integerOf(row, 'sequence'),
    id: textOf(row, 'id'),
    at: integerOf(row, 'at'),
    rateIndex: row.rate_index === null ? null : bytesOf(row, 'rate_index'),
    sealed: bytesOf(row, 'sealed'),
  }
}

const ROW = Buffer.from('row\0')
const NUMBER_BYTES = 8

/** MAC of a row: over its every column and the MAC of the row before. */
export function rowMac(keys: VaultKeys, before: Uint8Array, row: ChainRow): Uint8Array {
  return keys.chain(rowMessage(before, row))
}

/**
 * What a row's MAC is over. Each part of no fixed length has its length before it, so that no two lists of parts give the same
 * bytes. A check of a long log makes one for each row: they are put together once, and in place.
 */
export function rowMessage(before: Uint8Array, row: ChainRow): Uint8Array {
  const parts = [Buffer.from(row.id), row.rateIndex ?? NOTHING, row.sealed]
  const fixed = ROW.length + before.length + 2 * NUMBER_BYTES
  const message = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + NUMBER_BYTES + part.length, fixed))
  message.set(ROW)
  message.set(before, ROW.length)
  let at = putNumber(message, row.sequence, ROW.length + before.length)
  at = putNumber(message, row.at, at)
  for (const part of parts) {
    at = putNumber(message, part.length, at)
    message.set(part, at)
    at += part.length
  }
  return message
}

const NOTHING = new Uint8Array(0)
const HALF = 2 ** 32

/** Eight bytes, big-endian; what was changed from outside may be below zero. @returns where the next part goes. */
function putNumber(into: Buffer, value: number, at: number): number {
  const high = Math.floor(value / HALF)
  into.writeInt32BE(high, at)
  into.writeUInt32BE(value - high * HALF, at + 4)
  return at + NUMBER_BYTES
}

/** Head of the chain; null where it is missing or was changed from outside. */
export function readHead(store: Store, keys: VaultKeys): ChainHead | null {
  const value = readMeta(store, 'audit-head')
  if (!(value instanceof Uint8Array) || value.length !== 8 + 2 * MAC_BYTES) return null
  const known = verified.get(keys)
  // SECURITY: every byte: a head that was changed from outside is looked at, and refused.
  if (known !== undefined && Buffer.compare(known.value, value) === 0) return known.head
  const buffer = Buffer.from(value)
  const head = { sequence: Number(buffer.readBigUInt64BE(0)), mac: buffer.subarray(8, 8 + MAC_BYTES) }
  if (Buffer.compare(headMac(keys, head), buffer.subarray(8 + MAC_BYTES)) !== 0) return null
  verified.set(keys, { value: buffer, head })
  return head
}

/** The head that was last found or made whole, and its bytes: the next record is appended to it nearly always. */
const verified = new WeakMap<VaultKeys, { value: Uint8Array; head: ChainHead }>()

function writeHead(store: Store, keys: VaultKeys, head: ChainHead): void {
  const value = Buffer.concat([bigEndian(head.sequence), head.mac, headMac(keys, head)])
  writeMeta(store, 'audit-head', value)
  verified.set(keys, { value, head })
}

/** Begin the chain of a new vault. Without it nothing can be recorded. */
export function startChain(store: Store, keys: VaultKeys): void {
  writeHead(store, keys, NO_ROWS)
}

/**
 * Append a record, within the caller's transaction.
 *
 * @param at the vault's time, milliseconds. @param rateIndex what its rate is counted under; null: not counted.
 * @throws Refusal `store-damaged` where the head of the chain is gone: no audit, no send; `internal` for a URL with a
 *   query or a fragment.
 */
export function appendRecord(
  store: Store,
  keys: VaultKeys,
  record: AuditRecord,
  at: number,
  rateIndex: Uint8Array | null = null,
): void {
  const head = readHead(store, keys)
  if (head === null)
    throw new Refusal('store-damaged', 'the audit log was changed from outside: run `audit verify`')
  checkFree(record)
  const sequence = head.sequence + 1
  const { id } = record
  const sealed = sealJson(keys, entryPlace(id), EntrySchema, { sequence, record })
  const mac = rowMac(keys, head.mac, { sequence, id, at, rateIndex, sealed })
  store.run(
    'INSERT INTO audit (sequence, id, at, rate_index, sealed, mac) VALUES (?, ?, ?, ?, ?, ?)',
    sequence,
    id,
    at,
    rateIndex,
    sealed,
    mac,
  )
  writeHead(store, keys, { sequence, mac })
}

// SECURITY: whoever makes the record, no query value and no fragment gets into the log.
function checkFree(record: AuditRecord): void {
  const isCall = record.kind === 'intent' || record.kind === 'refusal'
  if (isCall && /[?#]/.test(record.url ?? ''))
    throw new Refusal('internal', 'a record may not hold the query of a call')
}

function entryPlace(id: string): string {
  return `audit:${id}`
}

/** Open a row: its record and the place in the chain it was written for. @throws Refusal `store-damaged`. */
export function openEntry(keys: VaultKeys, row: Row): { sequence: number; record: AuditRecord } {
  const id = textOf(row, 'id')
  const entry = openJson(keys, entryPlace(id), EntrySchema, bytesOf(row, 'sealed'))
  if (entry.record.id !== id)
    throw new Refusal('store-damaged', 'the audit log is damaged: run `audit verify`')
  return entry
}
