import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import type { Store } from './store.ts'

/**
 * The single values beside the tables: head of the audit chain, what was found and accepted of a log that went back,
 * high-water mark of the clock, lock signal, the owner's pause of everything, when the vault was last used,
 * after how long without that it locks itself, which hosts run, where the playground is.
 */
export type MetaName =
  | 'audit-accepted'
  | 'audit-head'
  | 'audit-rollback'
  | 'auto-lock'
  | 'clock'
  | 'hosts'
  | 'last-use'
  | 'lock-epoch'
  | 'playground'
  | 'vault-pause'

/** All of them, as the transaction that runs has found them: nobody else writes in between. */
const found = new WeakMap<object, ReadonlyMap<SQLOutputValue | undefined, SQLOutputValue | undefined>>()

/** A single value, or null where it was never written. A call's transaction asks for six: it reads all of them at once. */
export function readMeta(store: Store, name: MetaName): SQLOutputValue {
  const { writing } = store
  if (writing === null) return store.get('SELECT value FROM meta WHERE name = ?', name)?.value ?? null
  const values =
    found.get(writing) ??
    new Map(store.lists('SELECT name, value FROM meta').map(([key, value]) => [key, value]))
  found.set(writing, values)
  return values.get(name) ?? null
}

/** What was written since is to be read. */
function forget({ writing }: Store): void {
  if (writing !== null) found.delete(writing)
}

/** Write a single value. */
export function writeMeta(store: Store, name: MetaName, value: SQLInputValue): void {
  store.run(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    name,
    value,
  )
  forget(store)
}

/** Remove a single value. Harmless where there is none. */
export function removeMeta(store: Store, name: MetaName): void {
  store.run('DELETE FROM meta WHERE name = ?', name)
  forget(store)
}
