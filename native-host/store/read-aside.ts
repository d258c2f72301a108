import { promises as fs } from 'node:fs'
import { checkOwnFile, checkPrivate, READ_FLAGS } from './private-files.ts'

let pending = 0

/**
 * `readPrivateFile` beside whatever else the process does: a file system that does not answer keeps only this one waiting.
 *
 * @throws as `readPrivateFile`; the signal's reason, at once.
 */
export async function readAside(
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  return Promise.race([read(path, maxBytes), aborted]).finally(() =>
    signal.removeEventListener('abort', onAbort),
  )
}

/** True while a file system owes an answer, also to whoever has given up: `process.exit` would wait for it. */
export function isReadPending(): boolean {
  return pending > 0
}

async function read(path: string, maxBytes: number): Promise<Uint8Array | null> {
  pending += 1
  try {
    checkOwnFile(path, await fs.lstat(path))
    return await readOpen(path, maxBytes)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  } finally {
    pending -= 1
  }
}

async function readOpen(path: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await fs.open(path, READ_FLAGS)
  try {
    // SECURITY: the checks are made again on the open file, so that it cannot be exchanged in between.
    checkPrivate(path, await handle.stat(), maxBytes)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}
