import { Buffer } from 'node:buffer'
import * as z from 'zod/mini'
import { bytesOf } from '../store/columns.ts'
import { readMeta } from '../store/meta.ts'
import { openJson } from '../store/sealed-json.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { NO_ROWS, readHead } from './chain.ts'

/**
 * What somebody outside the database remembers of the log, so that one that was put back to an older state shows: its
 * length, the MAC of its last row, and when that was. Sealed: whoever keeps it learns nothing and can make none.
 */
export const WitnessSchema = z.object({ sequence: z.int(), mac: z.string(), at: z.int() })
export type Witness = z.infer<typeof WitnessSchema>

const PLACE = 'audit-witness'
export const ACCEPTED_PLACE = 'meta:audit-accepted'

/** A name for the vault that says nothing of it: whoever keeps heads of several vaults tells them apart by it. */
export function vaultTag(keys: VaultKeys): string {
  return Buffer.from(keys.index('audit-witness', 'vault').subarray(0, 16)).toString('hex')
}

/** The head of the log as it is, to be kept outside. Null where the log has none: it was changed from outside. */
export function witnessOf(store: Store, keys: VaultKeys, now: number): Witness | null {
  const head = readHead(store, keys)
  return head === null ? null : { sequence: head.sequence, mac: hex(head.mac), at: now }
}

/** A witness as text that shows nothing of it, not even by its length. */
export function sealWitness(keys: VaultKeys, { sequence, mac, at }: Witness): string {
  const plain = Buffer.alloc(16)
  plain.writeBigUInt64BE(BigInt(sequence), 0)
  plain.writeBigUInt64BE(BigInt(at), 8)
  const whole = Buffer.concat([plain, Buffer.from(mac, 'hex')])
  return Buffer.from(keys.seal(PLACE, whole)).toString('base64url')
}

/** What `sealWitness` sealed in this vault; null for anything else. */
export function openWitness(keys: VaultKeys, sealed: string): Witness | null {
  try {
    const plain = Buffer.from(keys.open(PLACE, Buffer.from(sealed, 'base64url')))
    const [sequence, at] = [0, 8].map((place) => Number(plain.readBigUInt64BE(place)))
    return WitnessSchema.parse({ sequence, at, mac: hex(plain.subarray(16)) })
  } catch {
    return null
  }
}

/**
 * True where the log goes on from what was witnessed. It does not where it is shorter, or has another record at that
 * place, unless the owner has accepted since then that it went back.
 */
export function fitsWitness(store: Store, keys: VaultKeys, witness: Witness): boolean {
  return store.snapshot(() => {
    const head = readHead(store, keys)
    if (head !== null && head.sequence >= witness.sequence) {
      if (macAt(store, witness.sequence) === witness.mac) return true
    }
    const accepted = acceptedState(store, keys)
    return accepted !== null && accepted.at >= witness.at && macAt(store, accepted.sequence) === accepted.mac
  })
}

/** MAC of the row at a place, in hex; null where there is none. */
function macAt(store: Store, sequence: number): string | null {
  if (sequence === 0) return hex(NO_ROWS.mac)
  const row = store.get('SELECT mac FROM audit WHERE sequence = ?', sequence)
  return row === null ? null : hex(bytesOf(row, 'mac'))
}

// SECURITY: it counts only with the record of the act it was made with: carried into an older state it is worth nothing.
function acceptedState(store: Store, keys: VaultKeys): Witness | null {
  const sealed = readMeta(store, 'audit-accepted')
  return sealed instanceof Uint8Array ? openJson(keys, ACCEPTED_PLACE, WitnessSchema, sealed) : null
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
