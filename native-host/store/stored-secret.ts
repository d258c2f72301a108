import { Refusal } from '../refusal.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { bytesOf, integerOf, type Row, textOf } from './columns.ts'
import type { Store } from './store.ts'

/** A secret as stored: whose it is stands inside the seal, so that it cannot be moved to another service. */
export interface StoredSecret {
  readonly service: string
  readonly name: string
  /** True where the bytes are not the secret but say where it lives. */
  readonly isReference: boolean
  readonly bytes: Uint8Array
}

/** Third member of the head of a reference. */
const REFERENCE = 'reference'

function placeOf(id: string, version: number): string {
  return `secrets:${id}:${version}`
}

/** Length of the head (two bytes, big-endian), head as JSON, bytes: the bytes never become a string. */
function pack(secret: StoredSecret): Uint8Array {
  const mark = secret.isReference ? [REFERENCE] : []
  const head = Buffer.from(JSON.stringify([secret.service, secret.name, ...mark]))
  const length = Buffer.alloc(2)
  length.writeUInt16BE(head.length)
  return Buffer.concat([length, head, secret.bytes])
}

function unpack(plain: Uint8Array): StoredSecret {
  const buffer = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength)
  const end = 2 + buffer.readUInt16BE(0)
  const head: unknown = JSON.parse(buffer.toString('utf8', 2, end))
  const fits = Array.isArray(head) && (head.length === 2 || (head.length === 3 && head[2] === REFERENCE))
  // SECURITY: a reference taken for a secret would be sent to the service.
  if (!fits || typeof head[0] !== 'string' || typeof head[1] !== 'string')
    throw new Refusal('store-damaged', 'the vault is damaged: a secret does not fit')
  return { service: head[0], name: head[1], isReference: head.length === 3, bytes: plain.subarray(end) }
}

/** Seal a secret for its row. For `services.ts` only. */
export function sealSecret(keys: VaultKeys, id: string, version: number, secret: StoredSecret): Uint8Array {
  return keys.seal(placeOf(id, version), pack(secret))
}

/**
 * Open one row of `secrets`. For `vault/take-secrets.ts`, `vault/backup-secrets.ts` and `services.ts` only.
 *
 * @param service whose secret it must be. @throws Refusal `store-damaged` where it is another's or cannot be opened.
 */
export function openSecret(keys: VaultKeys, row: Row, service: string): StoredSecret {
  const place = placeOf(textOf(row, 'id'), integerOf(row, 'version'))
  const secret = unpack(keys.open(place, bytesOf(row, 'sealed')))
  // SECURITY: `service` and `name_index` are columns in clear. Without this a secret could be sent to another service.
  const index = keys.index('secrets', secret.name)
  if (secret.service !== service || Buffer.compare(index, bytesOf(row, 'name_index')) !== 0)
    throw new Refusal('store-damaged', 'the vault is damaged: a secret lies in the wrong place')
  return secret
}

/** Rows of a service's secrets, sealed; none where there is no such service. */
export function secretRows(store: Store, keys: VaultKeys, service: string): Row[] {
  const sql =
    'SELECT secrets.* FROM services JOIN secrets ON secrets.service = services.id WHERE services.name_index = ?'
  return store.all(sql, keys.index('services', service))
}
