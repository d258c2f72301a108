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
 * root, and nobody else may write to them (to a folder: unless it is sticky, as `/tmp` is).
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
    const isOpen = (stats.mode & 0o002) !== 0 && (stats.mode & 0o1000) === 0
    if (!isOurs(stats) || isOpen) throw new ReferenceFault('reference-program-unsafe')
    if (folder === dirname(folder)) return real
  }
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
