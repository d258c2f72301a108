import { posix } from 'node:path'
import { PROGRAMS, ROOMS, type Room } from './rooms.ts'

interface Import {
  readonly from: string
  /** Gone when the program runs. */
  readonly isType: boolean
}

const STATEMENT = /^[ \t]*(?:import|export)\b(\s+type\b)?(?:[^'"`;()=]*?\sfrom)?\s*'([^']+)'/gm
const CALL = /\bimport\(\s*'([^']+)'/g

/**
 * What the sources import that their room may not.
 *
 * @param sources text by path from the top of the tree, with `/`.
 * @returns one line for each fault, by path: what, from where, and why not.
 */
export function importFaults(sources: ReadonlyMap<string, string>): string[] {
  const faults: string[] = []
  for (const [path, text] of sources) {
    const key = roomOf(path)
    const own = key === null ? undefined : ROOMS[key]
    if (key === null || own === undefined) {
      faults.push(`${path}: stands in no room of the plan`)
      continue
    }
    for (const { from } of importsOf(text)) {
      if (!isAllowed(path, key, own, from)) faults.push(`${path}: \`${from}\`: ${own.why}`)
    }
    if (own.small) faults.push(...heavyImports(path, own, sources))
  }
  return faults.sort()
}

function importsOf(text: string): Import[] {
  const statements = [...text.matchAll(STATEMENT)].map(([, type, from]) => {
    return { from: from ?? '', isType: type !== undefined }
  })
  return [...statements, ...[...text.matchAll(CALL)].map(([, from]) => ({ from: from ?? '', isType: false }))]
}

/** The longest key that is the path or a folder above it. */
function roomOf(path: string): string | null {
  if (Object.hasOwn(ROOMS, path)) return path
  for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
    if (Object.hasOwn(ROOMS, folder)) return folder
  }
  return null
}

function isAllowed(path: string, key: string, own: Room, from: string): boolean {
  if (!from.startsWith('.')) return own.packages.includes(from)
  const target = posix.join(posix.dirname(path), from)
  const folder = posix.dirname(target)
  if (PROGRAMS.includes(target)) return false
  // A file with more freedom is still at home in its folder.
  const home = key.endsWith('.ts') ? posix.dirname(key) : key
  const there = roomOf(target)
  const room = there?.endsWith('.ts') ? posix.dirname(there) : there
  if (room === null)
    return own.rooms.some((each) => target === each || folder === each || folder.startsWith(`${each}/`))
  return room === home || own.rooms.includes(room)
}

/** Packages a small script would bundle through what it imports. */
function heavyImports(path: string, own: Room, sources: ReadonlyMap<string, string>): string[] {
  const seen = new Set([path])
  const faults: string[] = []
  for (const each of seen) {
    for (const { from, isType } of importsOf(sources.get(each) ?? '')) {
      if (isType) continue
      if (from.startsWith('.')) seen.add(posix.join(posix.dirname(each), from))
      else if (each !== path && !own.packages.includes(from)) {
        faults.push(`${path}: \`${from}\` by way of ${each}: ${own.why}`)
      }
    }
  }
  return faults
}
