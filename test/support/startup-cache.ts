import { existsSync } from 'node:fs'
import { cp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { COMPILE_CACHE_FOLDER } from './compile-cache.ts'

/** What a profile of Firefox keeps of its own compiled scripts, and by which it sees that they are of this very Firefox. */
const PLACES = ['startupCache', 'compatibility.ini']
/** What it keeps there of extensions, by their version: another build of ours has the same one. */
const OF_EXTENSIONS = 'webext.sc.lz4'

/**
 * Give a new profile what another Firefox of this run of the tests compiled of its own scripts, as the profile of somebody who
 * started it before has it: a start takes 2.6 s of the processor then in place of 3.6. Nothing outside a run of the tests, and before
 * {@link keepStartupCache}.
 */
export async function giveStartupCache(profile: string): Promise<void> {
  const kept = keptAt()
  if (kept === null) return
  await cp(kept, profile, { recursive: true }).catch(unlessAbsent)
}

/** Keep what a Firefox that has ended compiled, for those after it. The first one's is kept; one that left nothing is passed over. */
export async function keepStartupCache(profile: string): Promise<void> {
  const kept = keptAt()
  if (kept === null || existsSync(kept)) return
  const own = `${kept}-${process.pid}`
  try {
    for (const place of PLACES)
      await cp(join(profile, place), join(own, place), { recursive: true, filter: isOfBrowser })
    // Whole or not at all: others may be looking.
    await rename(own, kept)
  } catch (error) {
    await rm(own, { recursive: true, force: true })
    unlessAbsent(error)
  }
}

const isOfBrowser = (path: string) => !path.endsWith(OF_EXTENSIONS)

/** Folder of this run; null outside one. */
function keptAt(): string | null {
  const folder = process.env[COMPILE_CACHE_FOLDER]
  return folder === undefined ? null : join(folder, 'firefox')
}

/** @throws whatever failed but that it is not there, or is there already. */
function unlessAbsent(error: unknown): void {
  const code = (error as NodeJS.ErrnoException).code
  if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
}
