import { withoutKey } from '../../../shared/presets/find-keys.ts'
import type { ReplacedInPage } from '../../../shared/protocol/page-keys.ts'
import { LONGEST_MS, type OpenDatabase, openDatabases } from './databases.ts'
import { begin, eachRecord, Room } from './each-record.ts'
import type { RecordText } from './record-texts.ts'

/**
 * Put a placeholder in the place of a key, where that is all of a value of a plain object: what else holds it is left. One
 * transaction for a database, which changes all of it or nothing.
 */
export async function replaceIndexed(key: string, placeholder: string): Promise<ReplacedInPage> {
  const until = AbortSignal.timeout(LONGEST_MS)
  const done = { replaced: 0, left: 0 }
  for (const opened of (await openDatabases(until)).databases) {
    const { replaced, left } = await replaceIn(opened, new Swap(key, placeholder), until)
    done.replaced += replaced
    done.left += left
    opened.database.close()
  }
  return done
}

async function replaceIn({ database, stores }: OpenDatabase, swap: Swap, until: AbortSignal) {
  const holding: string[] = []
  const reading = new Room()
  for (const store of stores) {
    const note = (texts: RecordText[]) => void (swap.holds(texts) && holding.push(store))
    await eachRecord(begin(database, [store], 'readonly'), store, note, reading, until)
  }
  // What has none of it is not locked.
  if (holding.length === 0) return swap
  const transaction = begin(database, [...new Set(holding)], 'readwrite')
  const completed = isCompleted(transaction)
  const writing = new Room()
  for (const store of new Set(holding))
    await eachRecord(transaction, store, (texts, cursor) => swap.take(texts, cursor), writing, until)
  if (until.aborted) abort(transaction)
  return (await completed) ? swap : { replaced: 0, left: Math.max(swap.replaced + swap.left, 1) }
}

/** What becomes of the records of one database. */
class Swap implements ReplacedInPage {
  replaced = 0
  left = 0
  readonly #key: string
  readonly #placeholder: string

  constructor(key: string, placeholder: string) {
    this.#key = key
    this.#placeholder = placeholder
  }

  holds(texts: RecordText[]): boolean {
    return texts.some(({ text }) => withoutKey(text, this.#key, '') !== text)
  }

  take(texts: RecordText[], cursor: IDBCursorWithValue): void {
    const holding = texts.filter((each) => this.holds([each]))
    const whole = holding.flatMap(({ text, put }) => (text === this.#key && put !== null ? [put] : []))
    const isSwapped = whole.length > 0 && this.#swap(whole, cursor)
    if (isSwapped) this.replaced += 1
    if (isSwapped ? whole.length < holding.length : holding.length > 0) this.left += 1
  }

  #swap(whole: ((text: string) => void)[], cursor: IDBCursorWithValue): boolean {
    try {
      const record: unknown = cursor.value
      for (const put of whole) put(this.#placeholder)
      // One that an index refuses takes the whole transaction back.
      cursor.update(record)
      return true
    } catch {
      // The key is what the record is called by.
      return false
    }
  }
}

/** False where nothing of it is kept. */
function isCompleted(transaction: IDBTransaction | null): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  if (transaction === null) resolve(false)
  else {
    transaction.oncomplete = () => resolve(true)
    transaction.onabort = () => resolve(false)
  }
  return promise
}

function abort(transaction: IDBTransaction | null): void {
  try {
    transaction?.abort()
  } catch {
    // It is over already.
  }
}
