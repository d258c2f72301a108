import type { OwnerContext } from '../owner/context.ts'
import { Refusal } from '../refusal.ts'
import { databaseExists } from '../store/database-file.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { fetchKeys } from '../vault/keyholder.ts'
import { dateKeys, lockEpoch } from '../vault/lock.ts'
import { vaultPresent } from '../vault/slots.ts'
import { vaultHome } from '../vault-home.ts'

/**
 * Do something with the open vault of this user, and close the database after it.
 *
 * @throws Refusal `vault-missing` or `vault-locked`, each with the command that mends it; whatever the work throws.
 */
export async function withOwner<T>(
  work: (context: OwnerContext, home: string) => T | Promise<T>,
): Promise<T> {
  return withVault(async (store, home) => {
    const epoch = lockEpoch(store)
    const keys = await fetchKeys(home)
    if (keys === null)
      throw new Refusal('vault-locked', 'the vault is locked: unlock it with `valetkey unlock`')
    dateKeys(keys, epoch)
    return work({ store, keys, now: Date.now, by: 'cli' }, home)
  })
}

/** Do something with the database of a vault, open or not. @throws Refusal `vault-missing`. */
export async function withVault<T>(work: (store: Store, home: string) => T | Promise<T>): Promise<T> {
  const home = vaultHome()
  const missing = () => new Refusal('vault-missing', 'there is no vault yet: make one with `valetkey init`')
  // A look must not leave an empty database behind.
  if (!databaseExists(home)) throw missing()
  const store = openStore(home)
  try {
    if (!vaultPresent(store)) throw missing()
    return await work(store, home)
  } finally {
    store.close()
  }
}
