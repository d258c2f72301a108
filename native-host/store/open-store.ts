import { Refusal } from '../refusal.ts'
import { openDatabase } from './open-database.ts'
import { giveReserve, takeReserve } from './reserve.ts'
import { Store } from './store.ts'
import { openingRefusal, storeRefusal } from './store-refusal.ts'

/**
 * Open the vault's database in the folder `home`, making both where they are missing (0700 and 0600).
 *
 * @throws Refusal `store-damaged` (no database, or a damaged one), `store-newer` (made by a newer version),
 *   `disk-full`, `invalid` (symbolic link, another user's file, no permission). A refused file is left as it was.
 */
export function openStore(home: string): Store {
  try {
    const store = new Store(withRoom(home, () => openDatabase(home)))
    takeReserve(home)
    return store
  } catch (error) {
    throw openingRefusal(error)
  }
}

/** Opening alone takes some room for the log's index: without it nobody could order a revoke on a full disk. */
function withRoom<T>(home: string, open: () => T): T {
  try {
    return open()
  } catch (error) {
    const refusal = storeRefusal(error)
    const isFull = refusal instanceof Refusal && refusal.code === 'disk-full'
    if (!isFull || !giveReserve(home)) throw error
    return open()
  }
}
