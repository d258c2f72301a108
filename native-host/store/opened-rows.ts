import type { VaultKeys } from '../vault/keys.ts'
import { type Row, textOf } from './columns.ts'

/**
 * Rows of one table that are kept open for one vault, at most; the one opened first gives way. A list that is longer is opened anew
 * as a whole each time, so it is more than the ten thousand grants that an owner may come to.
 */
const MOST = 16_384

/** A row's columns, as they were read or as they were given to be written. */
type Columns = Readonly<Record<string, Row[string] | Uint8Array>>

interface Opened<T> {
  readonly row: Columns
  readonly value: T
}

/**
 * Rows of one table that were opened before: one whose every column is what it was is not opened again. Every commit of
 * any process has lists read anew, and nearly all of their rows are the same.
 *
 * Kept in memory beside the keys they were opened with, and gone with them. For records only: secrets are opened for
 * one use.
 */
export class OpenedRows<T extends object> {
  readonly #open: (keys: VaultKeys, row: Row) => T
  readonly #most: number
  readonly #byKeys = new WeakMap<VaultKeys, Map<string, Opened<T>>>()

  /** @param open opens a row and checks it: what it throws is passed on, and nothing is kept. */
  constructor(open: (keys: VaultKeys, row: Row) => T, most = MOST) {
    this.#open = open
    this.#most = most
  }

  /**
   * The record in a row, frozen: every reader has the same one.
   *
   * @param row all columns of the table. @throws Refusal `store-damaged`.
   */
  of(keys: VaultKeys, row: Row): T {
    const id = textOf(row, 'id')
    const opened = this.#opened(keys)
    const known = opened.get(id)
    // SECURITY: every column and every sealed byte: a row that was changed from outside is opened, and refused.
    if (known !== undefined && isSame(known.row, row)) return known.value
    opened.delete(id)
    const value = frozen(this.#open(keys, row))
    this.#keep(opened, id, { row, value })
    return value
  }

  /**
   * Remember a row that is being written with what was sealed in it. Where it never comes to be, since its transaction is undone,
   * it is never found: what is read then is another row.
   *
   * @param row all columns of the table. @param value fits its schema, as what was opened would.
   */
  wrote(keys: VaultKeys, row: Columns & { id: string }, value: T): void {
    this.#keep(this.#opened(keys), row.id, { row, value: frozen(value) })
  }

  #keep(opened: Map<string, Opened<T>>, id: string, kept: Opened<T>): void {
    opened.delete(id)
    const [oldest] = opened.keys()
    if (opened.size >= this.#most && oldest !== undefined) opened.delete(oldest)
    opened.set(id, kept)
  }

  #opened(keys: VaultKeys): Map<string, Opened<T>> {
    const known = this.#byKeys.get(keys)
    if (known !== undefined) return known
    const fresh = new Map<string, Opened<T>>()
    this.#byKeys.set(keys, fresh)
    return fresh
  }
}

function isSame(one: Columns, other: Columns): boolean {
  const columns = Object.keys(one)
  if (columns.length !== Object.keys(other).length) return false
  return columns.every((column) => isSameValue(one[column], other[column]))
}

function isSameValue(one: Columns[string] | undefined, other: Columns[string] | undefined): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other) === 0
  return one === other
}

function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part)
  return Object.freeze(value)
}
