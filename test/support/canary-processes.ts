import { closeSync, openSync, readSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { type Canary, type Finding, longestForm, searchFor } from './canary.ts'

/** What a search of processes saw. */
export interface ProcessSearch {
  findings: Finding[]
  processes: number
  /** Bytes of memory read; 0 where only arguments and environments were searched. */
  bytes: number
}

/** Forms for what is large: memory and heaps are searched for those that programs hold strings in. */
export const IN_MEMORY = new Set([
  'first half',
  'second half',
  'utf-16le',
  'base64 +0',
  'base64 +1',
  'base64 +2',
])

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

type Region = readonly [start: number, end: number]

async function searchOneMemory(
  pid: number,
  canaries: readonly Canary[],
  search: ProcessSearch,
): Promise<void> {
  const smaps = await readFile(`/proc/${pid}/smaps`, 'utf8').catch(() => '')
  const memory = opened(`/proc/${pid}/mem`)
  const pages = opened(`/proc/${pid}/pagemap`)
  const before = search.bytes
  try {
    for (const region of memory === null || pages === null ? [] : residentRegions(smaps)) {
      for (const run of presentRuns(pages as number, region)) {
        searchRun(pid, memory as number, run, canaries, search)
      }
    }
  } finally {
    for (const file of [memory, pages]) if (file !== null) closeSync(file)
  }
  if (search.bytes > before) search.processes++
}

/** Descriptor of a file, or null where it may not be read or is gone. */
function opened(file: string): number | null {
  try {
    return openSync(file, 'r')
  } catch {
    return null
  }
}

/** Bytes read from a place on; none where the process has given them back meanwhile, or is gone. */
function readAt(file: number, into: Uint8Array, length: number, at: number): number {
  try {
    return readSync(file, into, 0, length, at)
  } catch {
    return 0
  }
}

const PAGE = 4096
const STEP = 8 * 1024 * 1024
/** One for all pieces: memory that is new for each of tens of thousands has to be cleared first. */
let piece = Buffer.alloc(0)

/** Reads wait for nothing here, and there are tens of thousands: one at a time and at once is a tenth of the time. */
function searchRun(
  pid: number,
  memory: number,
  [start, end]: Region,
  canaries: readonly Canary[],
  search: ProcessSearch,
): void {
  const overlap = longestForm(canaries)
  if (piece.length < STEP + overlap) piece = Buffer.alloc(STEP + overlap)
  for (let at = start; at < end; at += STEP) {
    const bytesRead = readAt(memory, piece, Math.min(STEP + overlap, end - at), at)
    if (bytesRead === 0) return
    const place = `memory of process ${pid} near ${at.toString(16)}`
    search.findings.push(...searchFor(canaries, piece.subarray(0, bytesRead), place, IN_MEMORY))
    search.bytes += Math.min(bytesRead, STEP)
  }
}

/**
 * Runs of pages that are in memory or swapped out (bits 63 and 62 of an entry of `pagemap`, proc_pid_pagemap(5)); the
 * rest of a region is reserved and reads as zeros.
 */
function presentRuns(pages: number, [start, end]: Region): Region[] {
  const entries = Buffer.alloc(((end - start) / PAGE) * 8)
  const bytesRead = readAt(pages, entries, entries.length, (start / PAGE) * 8)
  const runs: [number, number][] = []
  for (let at = 0; at < bytesRead; at += 8) {
    if (((entries[at + 7] ?? 0) & 0xc0) === 0) continue
    const address = start + (at / 8) * PAGE
    const last = runs.at(-1)
    if (last !== undefined && last[1] === address) last[1] += PAGE
    else runs.push([address, address + PAGE])
  }
  return runs
}

/** Readable and writable regions that have pages in memory: reserved address space is skipped. */
function residentRegions(smaps: string): Region[] {
  const regions: Region[] = []
  let current: Region | null = null
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
