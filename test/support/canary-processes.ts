import { open, readdir, readFile } from 'node:fs/promises'
import { type Canary, type Finding, longestForm, searchFor } from './canary.ts'

/** What a search of processes saw. */
export interface ProcessSearch {
  findings: Finding[]
  processes: number
  /** Bytes of memory read; 0 where only arguments and environments were searched. */
  bytes: number
}

/** Memory is large, so it is searched for the forms that programs hold strings in. */
const IN_MEMORY = new Set(['first half', 'second half', 'utf-16le', 'base64 +0', 'base64 +1', 'base64 +2'])

/** A process and everything it started, by id. Linux only: elsewhere the answer is empty. */
export async function familyOf(pid: number): Promise<number[]> {
  const parents = await parentsOfAll()
  const family = [pid]
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member) family.push(child)
  }
  return parents.has(pid) ? family : []
}

/** Command line of a process, arguments joined by spaces; empty where it is gone. */
export async function commandLineOf(pid: number): Promise<string> {
  const raw = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return raw.split('\0').join(' ').trim()
}

/** Search command lines and environments. */
export async function searchProcessArguments(
  pids: readonly number[],
  canaries: readonly Canary[],
): Promise<ProcessSearch> {
  const search: ProcessSearch = { findings: [], processes: 0, bytes: 0 }
  for (const pid of pids) {
    const seen = await Promise.all(
      ['cmdline', 'environ'].map(async (name) => {
        const bytes = await readFile(`/proc/${pid}/${name}`).catch(() => null)
        if (bytes !== null) search.findings.push(...searchFor(canaries, bytes, `${name} of process ${pid}`))
        return bytes !== null
      }),
    )
    if (seen.some(Boolean)) search.processes++
  }
  return search
}

/**
 * Search the whole writable memory of processes: the strongest way to say that a browser never held a key.
 * Needs the right to read it (root, or no ptrace restriction); processes that refuse are not counted.
 */
export async function searchMemory(
  pids: readonly number[],
  canaries: readonly Canary[],
): Promise<ProcessSearch> {
  const search: ProcessSearch = { findings: [], processes: 0, bytes: 0 }
  for (const pid of pids) await searchOneMemory(pid, canaries, search)
  return search
}

async function searchOneMemory(
  pid: number,
  canaries: readonly Canary[],
  search: ProcessSearch,
): Promise<void> {
  const smaps = await readFile(`/proc/${pid}/smaps`, 'utf8').catch(() => '')
  const memory = await open(`/proc/${pid}/mem`, 'r').catch(() => null)
  if (memory === null) return
  const before = search.bytes
  try {
    for (const [start, end] of residentRegions(smaps)) {
      await searchRegion(pid, memory, start, end, canaries, search)
    }
  } finally {
    await memory.close()
  }
  if (search.bytes > before) search.processes++
}

async function searchRegion(
  pid: number,
  memory: Awaited<ReturnType<typeof open>>,
  start: number,
  end: number,
  canaries: readonly Canary[],
  search: ProcessSearch,
): Promise<void> {
  const step = 8 * 1024 * 1024
  const overlap = longestForm(canaries)
  const piece = Buffer.alloc(step + overlap)
  for (let at = start; at < end; at += step) {
    const length = Math.min(piece.length, end - at)
    const read = await memory.read(piece, 0, length, at).catch(() => null)
    if (read === null) return
    const place = `memory of process ${pid} near ${at.toString(16)}`
    search.findings.push(...searchFor(canaries, piece.subarray(0, read.bytesRead), place, IN_MEMORY))
    search.bytes += Math.min(read.bytesRead, step)
  }
}

/** Readable and writable regions that have pages in memory: reserved address space is skipped. */
function residentRegions(smaps: string): [start: number, end: number][] {
  const regions: [number, number][] = []
  let current: [number, number] | null = null
  for (const line of smaps.split('\n')) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (....)/.exec(line)
    if (head !== null) {
      const writable = head[3]?.startsWith('rw') === true
      current = writable ? [Number.parseInt(head[1] ?? '', 16), Number.parseInt(head[2] ?? '', 16)] : null
    } else if (current !== null && /^Rss:\s+[1-9]/.test(line)) {
      regions.push(current)
      current = null
    }
  }
  return regions
}

async function parentsOfAll(): Promise<Map<number, number>> {
  const parents = new Map<number, number>()
  const names = await readdir('/proc').catch(() => [])
  for (const name of names.filter((entry) => /^\d+$/.test(entry))) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    // The second field is the command in parentheses and may itself hold any character.
    const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  return parents
}
