import * as z from 'zod/mini'
import { TimestampSchema } from '../../shared/model/names.ts'
import { bytesOf } from '../store/columns.ts'
import { isHeld } from '../store/lease.ts'
import { readMeta, writeMeta } from '../store/meta.ts'
import { openJson, sealJson } from '../store/sealed-json.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

const PLACE = 'meta:hosts'
/** Sessions one host names at most: the latest. */
export const MOST_SESSIONS = 500

const HostSchema = z.object({
  /** Its lease, see `store/lease.ts`: held for as long as it lives. */
  id: z.uuid(),
  browser: z.nullable(z.object({ name: z.string(), version: z.string() })),
  extension: z.nullable(z.string()),
  version: z.string(),
  startedAt: TimestampSchema,
  /** Ids of sessions that came about or were used through it, over or not; the latest last. */
  sessions: z.array(z.uuid()).check(z.maxLength(MOST_SESSIONS)),
})
const HostsSchema = z.array(HostSchema)

/** A host as it wrote itself down. */
export type WrittenHost = z.infer<typeof HostSchema>

/** The hosts that run on this vault now, oldest first. @throws Refusal `store-damaged`. */
export function runningHosts(store: Store, keys: VaultKeys): WrittenHost[] {
  const running = writtenHosts(store, keys).filter(({ id }) => isHeld(store, id))
  return running.sort((a, b) => a.startedAt - b.startedAt)
}

/** Write a host down in place of what it said before, and forget those that are over. Within a transaction. */
export function writeHost(store: Store, keys: VaultKeys, host: WrittenHost): void {
  const others = runningHosts(store, keys).filter(({ id }) => id !== host.id)
  writeMeta(store, 'hosts', sealJson(keys, PLACE, HostsSchema, [...others, host]))
}

function writtenHosts(store: Store, keys: VaultKeys): WrittenHost[] {
  const sealed = readMeta(store, 'hosts')
  return sealed === null ? [] : openJson(keys, PLACE, HostsSchema, bytesOf({ value: sealed }, 'value'))
}
