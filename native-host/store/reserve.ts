import { randomBytes } from 'node:crypto'
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { newPrivateFile, privateFile, sizeOf } from './private-files.ts'

/**
 * Room that is kept for the day the disk is full, in bytes: a revoke or a lock must be written down for every process
 * then too. Ending two hundred sessions at once with their records took 240 KiB of log when measured.
 */
const SIZE = 512 * 1024
const PIECE = 32 * 1024

function reserveFile(home: string): string {
  return join(home, 'valetkey.reserve')
}

/** Take the reserve, or what is missing of it, as far as there is room. Never throws: without room there is less of it. */
export function takeReserve(home: string): void {
  const path = reserveFile(home)
  try {
    if (!privateFile(path)) newPrivateFile(path, new Uint8Array(0))
    // Random, so that no file system keeps it smaller than it says.
    for (let size = sizeOf(path); size < SIZE; size += PIECE)
      appendFileSync(path, randomBytes(Math.min(PIECE, SIZE - size)))
  } catch {
    // As much as was written stays.
  }
}

/** Give the room back to the file system. @returns false where there was none. */
export function giveReserve(home: string): boolean {
  const path = reserveFile(home)
  const size = sizeOf(path)
  if (size === 0) return false
  rmSync(path, { force: true })
  return true
}
