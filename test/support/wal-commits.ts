import { readFileSync } from 'node:fs'
import { join } from 'node:path'

// The format of SQLite's write-ahead log: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
const HEADER = 32
const FRAME_HEADER = 24

/**
 * How many transactions have been committed to the vault in a folder since its log began: each was waited for until it
 * was on the disk. Whoever compares two counts keeps a transaction open meanwhile, so that the log does not begin anew.
 */
export function committed(home: string): number {
  // The last frame of a transaction says how large the database is after it.
  return frames(home).filter((sizeAfter) => sizeAfter > 0).length
}

/** How many pages have been written to that log since it began. */
export function pagesWritten(home: string): number {
  return frames(home).length
}

/** Of each frame, which is one page, what it says the size of the database is after it; 0 but for the last of a transaction. */
function frames(home: string): number[] {
  const log = readFileSync(join(home, 'valetkey.db-wal'))
  if (log.length < HEADER) return []
  const page = log.readUInt32BE(8)
  const salts = log.subarray(16, 24)
  const sizes: number[] = []
  for (let at = HEADER; at + FRAME_HEADER + page <= log.length; at += FRAME_HEADER + page) {
    // Frames of an earlier log may stand behind those of this one.
    if (Buffer.compare(log.subarray(at + 8, at + 16), salts) !== 0) break
    sizes.push(log.readUInt32BE(at + 4))
  }
  return sizes
}
