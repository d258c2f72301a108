import { elapsed } from '../elapsed.ts'

/** How long somebody waits for another process's transaction, ms. One takes some milliseconds. */
const PATIENCE_MS = 10_000

/** Primary result code of SQLite for "another connection holds the lock" (https://www.sqlite.org/rescode.html#busy). */
const BUSY = 5

/**
 * How long SQLite itself waits, ms, before it says that the database is busy. It waits longer each time, up to 100 ms
 * between two looks, and so whoever has waited long is beaten by whoever has just come: of eight processes that wrote
 * without a pause one waited in vain for ten seconds. Asked anew every few milliseconds all have the same chance.
 */
export const BUSY_LOOK_MS = 15

/** Do `work`, and again while another process holds the database. @throws what it throws last. */
export function takingTurns<T>(work: () => T): T {
  const end = elapsed() + PATIENCE_MS
  for (;;) {
    try {
      return work()
    } catch (error) {
      const isBusy = error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === BUSY
      if (!isBusy || elapsed() >= end) throw error
    }
  }
}
