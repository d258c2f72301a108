import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { COMPILE_CACHE_FOLDER } from '../test/support/compile-cache.ts'

/**
 * What vitest runs before the first test: a folder for what Node and Firefox compiled of their own, which all hosts and browsers
 * of this run share. Gone with the run, so that nothing of an older one is ever used.
 *
 * @returns what removes it again.
 */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-compiled-'))
  process.env[COMPILE_CACHE_FOLDER] = folder
  return () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}
