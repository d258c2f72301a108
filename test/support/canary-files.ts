import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Canary, type Finding, longestForm, searchFor } from './canary.ts'

const PIECE = 8 * 1024 * 1024
const SMALL_PIECE = 64 * 1024

/** What a search of a folder saw: a search that read nothing proves nothing. */
export interface FileSearch {
  findings: Finding[]
  files: number
  bytes: number
}

/**
 * Search every file below `folder`, names included; a folder that does not exist holds none. Files that vanish while the search runs (a browser's temporary
 * ones) are left out; sockets, pipes and links are not followed.
 */
export async function searchFiles(folder: string, canaries: readonly Canary[]): Promise<FileSearch> {
  const search: FileSearch = { findings: [], files: 0, bytes: 0 }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(ignoreVanished)
  for (const entry of entries ?? []) {
    const path = join(entry.parentPath, entry.name)
    search.findings.push(...searchFor(canaries, entry.name, `name of ${path}`))
    if (entry.isFile()) await searchFile(path, canaries, search).catch(ignoreVanished)
  }
  return search
}

async function searchFile(path: string, canaries: readonly Canary[], search: FileSearch): Promise<void> {
  const overlap = longestForm(canaries)
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const { size } = await file.stat()
    // Never none: a file that grows meanwhile is read on, in more pieces.
    const step = Math.min(Math.max(size, SMALL_PIECE), PIECE)
    const piece = Buffer.allocUnsafe(step + overlap)
    for (let at = 0; ; at += step) {
      const { bytesRead } = await file.read(piece, 0, piece.length, at)
      search.findings.push(...searchFor(canaries, piece.subarray(0, bytesRead), path))
      search.bytes += Math.min(bytesRead, step)
      if (bytesRead < piece.length) break
    }
    search.files++
  } finally {
    await file.close()
  }
}

function ignoreVanished(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT' && error.code !== 'ELOOP') throw error
}
