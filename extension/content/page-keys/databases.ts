/** Most databases that are looked into, and most object stores of all of them. */
const MOST_DATABASES = 16
const MOST_STORES = 64

/** Longest time for a look through all of them, in milliseconds: a database may be slow, or kept waiting by the page. */
export const LONGEST_MS = 3000

/** A database, and those of its stores that are looked into. */
export interface OpenDatabase {
  database: IDBDatabase
  stores: string[]
}

/** The answer of a request; null where it failed, or nobody waits any longer. */
export function answerOf<T>(request: IDBRequest<T>, until: AbortSignal): Promise<T | null> {
  const { promise, resolve } = Promise.withResolvers<T | null>()
  request.onsuccess = () => resolve(request.result)
  request.onerror = (event) => {
    // What fails is ours: it is no error of the page's.
    event.preventDefault()
    event.stopPropagation()
    resolve(null)
  }
  if (until.aborted) resolve(null)
  until.addEventListener('abort', () => resolve(null), { once: true })
  return promise
}

/**
 * The databases of this origin, opened as they are, for whoever closes them. `whole` false: there are more, or some could not
 * be opened in time.
 */
export async function openDatabases(
  until: AbortSignal,
): Promise<{ databases: OpenDatabase[]; whole: boolean }> {
  const known = await namesOfDatabases(until)
  if (known === null) return { databases: [], whole: false }
  const databases: OpenDatabase[] = []
  let [whole, room] = [known.length <= MOST_DATABASES, MOST_STORES]
  for (const { name, version } of known.slice(0, MOST_DATABASES)) {
    const database = name === undefined ? null : await openAsItIs(name, version, until)
    if (database === null) whole = false
    else {
      const stores = [...database.objectStoreNames]
      databases.push({ database, stores: stores.slice(0, room) })
      whole &&= stores.length <= room
      room = Math.max(0, room - stores.length)
    }
  }
  return { databases, whole }
}

/** None where the browser keeps IndexedDB from everybody; null where it does not answer. */
async function namesOfDatabases(until: AbortSignal): Promise<IDBDatabaseInfo[] | null> {
  const late = new Promise<null>((resolve) => {
    until.addEventListener('abort', () => resolve(null), { once: true })
  })
  try {
    return await Promise.race([indexedDB.databases(), late])
  } catch {
    return []
  }
}

async function openAsItIs(
  name: string,
  version: number | undefined,
  until: AbortSignal,
): Promise<IDBDatabase | null> {
  const request = indexedDB.open(name, version)
  // SECURITY: it was deleted since it was named: what we would make here would be a database of ours in the page's place.
  request.onupgradeneeded = () => request.transaction?.abort()
  const database = await answerOf(request, until)
  if (database === null) {
    // It may open yet: the page would wait for us with its next version.
    request.onsuccess = () => request.result.close()
    return null
  }
  // The page or another tab of it wants a new version: it goes first.
  database.onversionchange = () => database.close()
  return database
}
