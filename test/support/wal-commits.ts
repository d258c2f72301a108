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
  const log = readFileSync(join(home, 'valetkey.db-wal'))
  if (log.length < HEADER) return 0
  const page = log.readUInt32BE(8)
  const salts = log.subarray(16, 24)
  let count = 0
  for (let at = HEADER; at + FRAME_HEADER + page <= log.length; at += FRAME_HEADER + page) {
    // Frames of an earlier log may stand behind those of this one.
    if (Buffer.compare(log.subarray(at + 8, at + 16), salts) !== 0) break
    // The last frame of a transaction says how large the database is after it.
    if (log.readUInt32BE(at + 4) > 0) count += 1
  }
  return count
}
