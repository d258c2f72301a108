import * as z from 'zod/mini'
import { OriginSchema } from '../../shared/model/names.ts'
import { bytesOf } from '../store/columns.ts'
import { isHeld } from '../store/lease.ts'
import { readMeta, removeMeta, writeMeta } from '../store/meta.ts'
import { openJson, sealJson } from '../store/sealed-json.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

const PLACE = 'meta:playground'

const ServedPlaygroundSchema = z.object({
  /** Of the process that serves it, see `store/lease.ts`: taken before its port, and given back before it. */
  lease: z.uuid(),
  origin: OriginSchema,
  /** The page's address. */
  url: z.string(),
  /** The model's base URL. */
  modelUrl: z.string(),
})

/** The vault's one playground, as the process that serves it wrote it down. That process may be gone. */
export type ServedPlayground = z.infer<typeof ServedPlaygroundSchema>

/** Null where there is none. @throws Refusal `store-damaged`. */
export function readPlayground(store: Store, keys: VaultKeys): ServedPlayground | null {
  const sealed = readMeta(store, 'playground')
  if (sealed === null) return null
  return openJson(keys, PLACE, ServedPlaygroundSchema, bytesOf({ value: sealed }, 'value'))
}

/** Write down where it is, in place of another. */
export function writePlayground(store: Store, keys: VaultKeys, playground: ServedPlayground): void {
  writeMeta(store, 'playground', sealJson(keys, PLACE, ServedPlaygroundSchema, playground))
}

/** Harmless where there is none. */
export function removePlayground(store: Store): void {
  removeMeta(store, 'playground')
}

/** How every origin begins that a playground is served at. */
const LOOPBACK = 'http://127.0.0.1:'

/**
 * True for documents at the origin of a playground that no process serves any more: its port is anybody's, so whatever is
 * there now is not what the owner connected.
 *
 * @throws Refusal `store-damaged`.
 */
export function isLeftOrigin(
  store: Store,
  keys: VaultKeys,
  { origin, topOrigin }: { readonly origin: string; readonly topOrigin: string },
): boolean {
  if (!origin.startsWith(LOOPBACK) && !topOrigin.startsWith(LOOPBACK)) return false
  const playground = readPlayground(store, keys)
  if (playground === null || ![origin, topOrigin].includes(playground.origin)) return false
  return !isHeld(store, playground.lease)
}
