import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of a few MiB, to be filled. Linux, as root; elsewhere `why` says so and the folder is an ordinary one. */
export interface SmallDisk {
  readonly folder: string
  /** Why there is none here; null where there is. */
  readonly why: string | null
  /** Take all the room there is, to the last byte. */
  fill(): void
  /** Give up what `fill` took. */
  makeRoom(): void
  /** Whoever still has a file open there keeps it until it is closed. */
  remove(): void
}

/** Make one. @param size as of `mount -o size=`: `8m`. Says on stderr where there is none, as tests then skip. */
export function smallDisk(size: string): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  const why = mounted(folder, size)
  if (why !== null) process.stderr.write(`skipped, a full disk: ${why}\n`)
  const filler = join(folder, 'filler')
  return {
    folder,
    why,
    fill: () => fill(filler),
    makeRoom: () => rmSync(filler, { force: true }),
    remove() {
      if (why === null) execFileSync('umount', ['--lazy', folder])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function mounted(folder: string, size: string): string | null {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0)
    return 'mounting a small disk needs Linux and root'
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'pipe' })
    return null
  } catch {
    return 'a small disk cannot be mounted here'
  }
}

function fill(filler: string): void {
  for (const size of [65_536, 4096, 512, 1])
    for (;;)
      try {
        writeFileSync(filler, Buffer.alloc(size), { flag: 'a' })
      } catch {
        break
      }
}
