import { type BigIntStats, statSync } from 'node:fs'

/** Where the files of a database were when it was opened. */
export class Place {
  readonly #path: string
  readonly #file: FileAt | null
  #log: FileAt | null

  /** @param path of the database, which is open. */
  constructor(path: string) {
    this.#path = path
    this.#file = fileAt(path)
    this.#log = fileAt(logOf(path))
  }

  /** False where the database, or the file that its last commits are in, was removed, moved away or replaced since. */
  get isKept(): boolean {
    if (this.#file === null || !isSame(fileAt(this.#path), this.#file)) return false
    // It is made at the first look into the database at the latest, and stays while anybody has it open.
    this.#log ??= fileAt(logOf(this.#path))
    return this.#log === null || isSame(fileAt(logOf(this.#path)), this.#log)
  }
}

/** SQLite's write-ahead log of a database, https://www.sqlite.org/wal.html. */
function logOf(path: string): string {
  return `${path}-wal`
}

/** Which file one is: its device and its number there. Big: on some file systems they are more than a double holds. */
type FileAt = Pick<BigIntStats, 'dev' | 'ino'>

function isSame(one: FileAt | null, other: FileAt): boolean {
  return one !== null && one.ino === other.ino && one.dev === other.dev
}

/** Which file is at a path, or null where there is none, or none that can be looked at. */
function fileAt(path: string): FileAt | null {
  try {
    const { dev, ino } = statSync(path, { throwIfNoEntry: false, bigint: true }) ?? {}
    return dev === undefined || ino === undefined ? null : { dev, ino }
  } catch {
    return null
  }
}
