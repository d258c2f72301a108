import { bytesOf, integerOf, type Row } from '../store/columns.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { ChapterDraft } from './chapter-draft.ts'
import { CHAPTER, type ChapterIndex, keepChapterIndex, readChapterIndex } from './chapter-index.ts'
import type { LineOpener } from './found-line.ts'

/** An index that is being made. `next`: place in the log of the record it goes on with. */
interface Draft {
  readonly chapter: number
  readonly draft: ChapterDraft
  next: number
}

/** The indexes of a log's chapters. One that is missing is made when it is first needed, and kept for the next search. */
export class Chapters {
  readonly #store: Store
  readonly #keys: VaultKeys
  readonly #opener: LineOpener
  #draft: Draft | null = null
  /** Chapters that are not whole: rows of them are missing. */
  readonly #broken = new Set<number>()

  constructor(store: Store, keys: VaultKeys, opener: LineOpener) {
    this.#store = store
    this.#keys = keys
    this.#opener = opener
  }

  /** True while an index is being made. */
  get isDrafting(): boolean {
    return this.#draft !== null
  }

  /**
   * The index of a chapter whose records are all in the log.
   *
   * @param most records to open in this turn. @returns `not-yet`: ask again in another turn; `none`: its rows must be read.
   * @throws Refusal `store-damaged` where a record cannot be opened.
   */
  index(chapter: number, most: number): ChapterIndex | 'not-yet' | 'none' {
    const last = this.#broken.has(chapter) ? null : this.#lastRow(chapter)
    if (last === null) return 'none'
    const mac = bytesOf(last, 'mac')
    if (this.#draft?.chapter !== chapter) {
      const known = readChapterIndex(this.#store, this.#keys, chapter, mac)
      if (known !== null) return known
      this.#draft = { chapter, draft: new ChapterDraft(), next: chapter * CHAPTER + 1 }
    }
    return this.#goOn(this.#draft, mac, most)
  }

  /** When the last row of a chapter was written, milliseconds since the epoch, by the vault's time; 0 where it is missing. */
  lastAt(chapter: number): number {
    const last = this.#lastRow(chapter)
    return last === null ? 0 : integerOf(last, 'at')
  }

  #goOn(so: Draft, mac: Uint8Array, most: number): ChapterIndex | 'not-yet' | 'none' {
    const rows = this.#store.all(
      'SELECT * FROM audit WHERE sequence >= ? AND sequence <= ? ORDER BY sequence LIMIT ?',
      so.next,
      (so.chapter + 1) * CHAPTER,
      most,
    )
    for (const row of rows) so.draft.add(this.#opener.record(row))
    so.next = integerOf(rows.at(-1) ?? {}, 'sequence') + 1
    if (!so.draft.isWhole && so.next <= (so.chapter + 1) * CHAPTER) return 'not-yet'
    this.#draft = null
    if (!so.draft.isWhole) {
      this.#broken.add(so.chapter)
      return 'none'
    }
    const index = so.draft.index(mac)
    keepChapterIndex(this.#store, this.#keys, so.chapter, index)
    return index
  }

  #lastRow(chapter: number): Row | null {
    return this.#store.get('SELECT at, mac FROM audit WHERE sequence = ?', (chapter + 1) * CHAPTER)
  }
}
