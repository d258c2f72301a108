import { answerOf } from './databases.ts'
import { type RecordText, textsOfRecord } from './record-texts.ts'

/** Most records that are looked through at once, and most characters in them, beside what the other storages have. */
const MOST_RECORDS = 2000
const MOST_TEXT = 2_000_000

/** What may still be looked through. */
export class Room {
  records = MOST_RECORDS
  text = MOST_TEXT
}

/** Told of each record. The cursor is at it. */
export type Visit = (texts: RecordText[], cursor: IDBCursorWithValue) => void

/** A transaction, null where the database was closed: the page wanted a new version of it. */
export function begin(
  database: IDBDatabase,
  stores: readonly string[],
  mode: IDBTransactionMode,
): IDBTransaction | null {
  try {
    return database.transaction([...stores], mode)
  } catch {
    return null
  }
}

/** @returns whether all records of a store were visited, with all of their texts. */
export async function eachRecord(
  transaction: IDBTransaction | null,
  store: string,
  visit: Visit,
  room: Room,
  until: AbortSignal,
): Promise<boolean> {
  if (transaction === null) return false
  const request = transaction.objectStore(store).openCursor()
  let whole = true
  for (;;) {
    const cursor = await answerOf(request, until)
    if (cursor === null) return whole && !until.aborted && request.error === null
    if (room.records === 0) return false
    const found = textsOfRecord(cursor.value)
    const length = found.texts.reduce((sum, { text }) => sum + text.length, 0)
    room.records -= 1
    if (length <= room.text) visit(found.texts, cursor)
    whole &&= found.whole && length <= room.text
    room.text -= Math.min(length, room.text)
    cursor.continue()
  }
}
