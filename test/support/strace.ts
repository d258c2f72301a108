import { spawnSync } from 'node:child_process'

/** System calls that change files: what SQLite and the file functions of the vault use on Linux. */
export const WRITING_CALLS = [
  'pwrite64',
  'fdatasync',
  'fsync',
  'ftruncate',
  'unlink',
  'rename',
  'link',
  'mkdir',
  'fchmod',
  'chmod',
] as const

/** Why system calls cannot be made to fail here, or null. */
export function straceMissing(): string | null {
  const run = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true'], { stdio: 'ignore' })
  if (run.error !== undefined) return 'strace is not installed'
  return run.status === 0 ? null : 'this machine lets nobody trace a process'
}

/**
 * Arguments of `strace` that do something to the `nth` system call of a kind in the main thread of a program.
 *
 * @param what `signal=SIGKILL` (before the call is made), `error=EIO` and the like: see strace(1), "Tampering".
 * @param nth counted from 1; `3+` stands for the third and all that follow.
 */
export function tampering(call: string, what: string, nth: number | `${number}+`): string[] {
  return ['-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:${what}:when=${nth}`]
}
