import { realpathSync, type Stats, statSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { ReferenceFault } from './fault.ts'

/** Where programs are looked for that were named without a folder, and what they find in `PATH`. Never the shell's own. */
export const FIXED_PATH = ['/usr/local/bin', '/usr/bin', '/bin', '/opt/homebrew/bin'].join(delimiter)

const POSIX = process.platform !== 'win32'

/** The absolute path of a program. @throws ReferenceFault `reference-program-missing`: a relative path is none. */
export function findProgram(name: string): string {
  if (isAbsolute(name)) return name
  if (name.includes('/') || name.includes('\\')) throw new ReferenceFault('reference-program-missing')
  for (const folder of FIXED_PATH.split(delimiter)) {
    const path = join(folder, name)
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path
  }
  throw new ReferenceFault('reference-program-missing')
}

/**
 * Refuse a program that another user could have put there: the file and every folder above it belong to this user or to
 * root, and nobody else may write to them. To a folder a group of {@link isTrusted} may, and whoever it is where it is
 * sticky, as `/tmp` is.
 *
 * @returns the file itself, with every link followed: what was checked is what is to be run.
 * @throws ReferenceFault `reference-program-missing`, `reference-program-unsafe`.
 */
export function checkProgram(path: string): string {
  const real = realPath(path)
  const file = statSync(real, { throwIfNoEntry: false })
  if (file === undefined || !file.isFile() || (POSIX && (file.mode & 0o111) === 0))
    throw new ReferenceFault('reference-program-missing')
  if (!POSIX) return real
  if (!isOurs(file) || (file.mode & 0o022) !== 0) throw new ReferenceFault('reference-program-unsafe')
  // SECURITY: whoever may write to a folder may exchange what is in it.
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    const stats = statSync(folder)
    if (!isOurs(stats) || isOpen(stats)) throw new ReferenceFault('reference-program-unsafe')
    if (folder === dirname(folder)) return real
  }
}

function isOpen({ mode, gid }: Stats): boolean {
  if ((mode & 0o1000) !== 0) return false
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && !isTrusted(gid))
}

/** Whose groups count: this process's, unless a test says otherwise. */
interface Us {
  readonly platform: NodeJS.Platform
  readonly uid: number | undefined
  readonly gid: number | undefined
}

/**
 * True for a group whose members are root in all but name, or nobody but this user: root's own; macOS's `admin`, to whom
 * Homebrew's folders are open; Debian's `staff`, to whom `/usr/local` is; and the group that Linux gives each user alone.
 */
export function isTrusted(
  group: number,
  { platform, uid, gid }: Us = {
    platform: process.platform,
    uid: process.geteuid?.(),
    gid: process.getegid?.(),
  },
): boolean {
  if (group === 0) return true
  if (platform === 'darwin') return group === 80
  // Numbers alike: made together with the user. Where all users are in one group, it has no user's number.
  return platform === 'linux' && (group === 50 || (group === gid && group === uid))
}

function isOurs({ uid }: Stats): boolean {
  return uid === 0 || uid === process.geteuid?.()
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    throw new ReferenceFault('reference-program-missing')
  }
}
