import { Buffer } from 'node:buffer'
import type { Row } from '../store/columns.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { type ChainHead, MAC_BYTES, rowMessage } from './chain.ts'

/** Bytes of rows held at once. Of longer ones each is looked at alone: only whoever changed the log has so many in a page. */
const MOST_BYTES = 8 * 2 ** 20

/** Of the columns that hold bytes only how many there are: -1 for none, null for a value of another type. */
const SHAPES = `SELECT sequence, id, at,
    CASE typeof(rate_index) WHEN 'null' THEN -1 WHEN 'blob' THEN length(rate_index) END,
    CASE typeof(sealed) WHEN 'blob' THEN length(sealed) END,
    CASE typeof(mac) WHEN 'blob' THEN length(mac) END
  FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?`

/** The bytes of the same rows, one behind the other: to make a value of each would be a third of the time a check takes. */
const BYTES = `SELECT CAST(group_concat(coalesce(rate_index, x'') || sealed || mac, '') AS BLOB)
  FROM (SELECT rate_index, sealed, mac FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?)`

/** Which rows come next. */
export interface NextRows {
  /** The row before them. */
  readonly before: ChainHead
  /** The place they begin above. */
  readonly from: number
  /** How many are looked at together. */
  readonly most: number
}

/** What a row is, but for its bytes: how many there are of each. */
interface Shape {
  readonly sequence: number
  readonly id: string
  readonly at: number
  /** 0: it has none. */
  readonly rateIndex: number
  readonly sealed: number
}

/**
 * The next rows of the log, where nothing is wrong with any of them: the last one, and how many there are. Null where something
 * is, or might be: `rowFault` then says of each row what. Within a snapshot.
 */
export function wholeRows(
  store: Store,
  keys: VaultKeys,
  { before, from, most }: NextRows,
): { last: ChainHead; rows: number } | null {
  const shapes = store.lists(SHAPES, from, most).map(shapeOf)
  const bytes = bytesOfRows(store, shapes, from, most)
  if (bytes === null) return null
  let last = before
  let at = 0
  for (const shape of shapes) {
    if (shape === null || shape.sequence !== last.sequence + 1) return null
    const mac = at + shape.rateIndex + shape.sealed
    const rateIndex = shape.rateIndex === 0 ? null : bytes.subarray(at, at + shape.rateIndex)
    const sealed = bytes.subarray(at + shape.rateIndex, mac)
    const expected = keys.chainText(rowMessage(last.mac, { ...shape, rateIndex, sealed }))
    at = mac + MAC_BYTES
    // SECURITY: the MAC that was made, never the one that is stored, decides; the next row's is over it.
    if (expected !== bytes.toString('latin1', mac, at)) return null
    last = { sequence: shape.sequence, mac: bytes.subarray(mac, at) }
  }
  return { last: { sequence: last.sequence, mac: Uint8Array.from(last.mac) }, rows: shapes.length }
}

/** Null for a row that is none of ours, whatever its MAC says. */
function shapeOf([sequence, id, at, rateIndex, sealed, mac]: readonly Row[string][]): Shape | null {
  if (typeof sequence !== 'number' || typeof id !== 'string' || typeof at !== 'number') return null
  if (!Number.isSafeInteger(sequence) || !Number.isSafeInteger(at)) return null
  // None and an empty one have the same MAC; we write none.
  if (typeof rateIndex !== 'number' || rateIndex === 0) return null
  if (typeof sealed !== 'number' || mac !== MAC_BYTES) return null
  return { sequence, id, at, rateIndex: Math.max(0, rateIndex), sealed }
}

/** Null where they are not as many as their shapes say, or too many. */
function bytesOfRows(
  store: Store,
  shapes: readonly (Shape | null)[],
  from: number,
  most: number,
): Buffer | null {
  let expected = 0
  for (const shape of shapes)
    expected += shape === null ? Infinity : shape.rateIndex + shape.sealed + MAC_BYTES
  if (expected === 0) return Buffer.alloc(0)
  if (expected > MOST_BYTES) return null
  const bytes = store.lists(BYTES, from, most)[0]?.[0]
  if (!(bytes instanceof Uint8Array) || bytes.length !== expected) return null
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
