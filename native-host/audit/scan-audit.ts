import type { AuditCursor } from '../../shared/protocol/audit-reading.ts'
import { integerOf, type Row } from '../store/columns.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { CHAPTER, type ChapterIndex, chapterOf } from './chapter-index.ts'
import { Chapters } from './chapters.ts'
import { endAt, type FoundLine, found, LineOpener, type OpenEnd } from './found-line.ts'
import { chapterLines } from './scan-chapter.ts'

/** Records opened in one turn of the event loop: a few milliseconds' work, between which pages' calls have their turns. */
const SLICE = 100

/** What going through a chapter's index costs, in records opened. */
const COST_OF_INDEX = 20

/** Processes write in turns and read the clock before: a row may be so much younger than the one after it, at most. */
export const OUT_OF_STEP_MS = 60_000

/** Where a scan begins and ends. */
export interface ScanRange {
  /** Absent: at the end of the log. */
  readonly from?: AuditCursor | undefined
  /** The place it ends above. Absent: it ends with the first record. */
  readonly above?: number | undefined
  /** Rows written before this moment of the vault's are not looked at: none of them is younger. Milliseconds since the epoch. */
  readonly since?: number | undefined
  /** True for whoever wants few of the lines: whole chapters are gone through by their indexes. */
  readonly byChapters?: boolean
}

/**
 * Goes through the log from its end, and joins each call with its outcome, which it meets first. What is written meanwhile
 * is not looked at.
 */
export class AuditScan {
  looked = 0
  /** Records in the log when the scan began: those of after that are not looked at. */
  readonly head: number
  /** True once there is nothing more to look at. */
  isOver = false
  readonly #store: Store
  readonly #range: ScanRange
  readonly #opener: LineOpener
  readonly #chapters: Chapters
  /** Ends whose calls were not met yet, by the ids of these. */
  readonly #open = new Map<string, OpenEnd>()
  #indexes = 0
  #below: number

  /** @throws Refusal `store-damaged` where an outcome that the cursor names cannot be opened. */
  constructor(store: Store, keys: VaultKeys, range: ScanRange) {
    this.#store = store
    this.#opener = new LineOpener(store, keys)
    this.#chapters = new Chapters(store, keys, this.#opener)
    this.#range = range
    this.head = lastPlace(store)
    this.#below = range.from?.below ?? this.head + 1
    for (const place of range.from?.open ?? []) this.#reopen(place)
  }

  /** Work that was done, in records opened. */
  get spent(): number {
    return this.#opener.opened + COST_OF_INDEX * this.#indexes
  }

  /** True in the middle of a chapter's index: what was read for it would have to be read again by another scan. */
  get isAmid(): boolean {
    return this.#chapters.isDrafting
  }

  /**
   * The next few lines, newest first; less than asked for is no end.
   *
   * @param take told each line; says whether to go on with the next record.
   * @throws Refusal `store-damaged` where a record cannot be opened; `verifyAudit` then says where.
   */
  slice(take: (line: FoundLine) => boolean): void {
    const chapter = this.#wholeChapter()
    const index = chapter === null ? 'none' : this.#chapters.index(chapter, SLICE)
    if (index === 'not-yet') return
    if (chapter === null || index === 'none') this.#throughRows(take)
    else this.#throughChapter(index, chapter, take)
  }

  /** Where another scan goes on; null where there is nothing more. The oldest calls' outcomes give way where there are too many. */
  cursor(most: number): AuditCursor | null {
    if (this.isOver || this.#below <= 1) return null
    const open = [...this.#open.values()].map(({ at }) => at)
    return { below: this.#below, open: open.slice(-most) }
  }

  /**
   * After the end: calls from below it whose outcomes the scan met, with them. Where whoever takes them has enough, the cursor goes
   * on with the rest.
   */
  giveLateEnds(take: (line: FoundLine) => boolean): void {
    for (const [intent, end] of this.#open) {
      this.#open.delete(intent)
      const line = this.#opener.lineOf(intent, end)
      if (line === null || take(found(line))) continue
      this.isOver = this.#open.size === 0
      this.#below = (this.#range.above ?? 0) + 1
      return
    }
  }

  /** The chapter that the scan goes through next, where it can be gone through as a whole; null otherwise. */
  #wholeChapter(): number | null {
    const { above = 0, byChapters = false } = this.#range
    const chapter = chapterOf(this.#below - 1)
    const isWhole = chapter >= 0 && chapter * CHAPTER >= above && (chapter + 1) * CHAPTER <= this.head
    return byChapters && isWhole ? chapter : null
  }

  #throughChapter(index: ChapterIndex, chapter: number, take: (line: FoundLine) => boolean): void {
    const begun = this.#below
    this.isOver = this.#chapters.lastAt(chapter) < this.#oldest()
    if (this.isOver) return
    this.#indexes += 1
    const from = { open: this.#open, opener: this.#opener }
    for (const line of chapterLines(index, chapter, begun, from)) {
      this.#below = line.sequence
      if (take(line)) continue
      this.looked += begun - this.#below
      return
    }
    this.#below = chapter * CHAPTER + 1
    this.looked += begun - this.#below
    this.isOver = this.#below - 1 <= (this.#range.above ?? 0)
  }

  #throughRows(take: (line: FoundLine) => boolean): void {
    const floor = this.#floor()
    const rows = this.#store.all(
      'SELECT * FROM audit WHERE sequence < ? AND sequence > ? ORDER BY sequence DESC LIMIT ?',
      this.#below,
      floor,
      SLICE,
    )
    const isAllAbove = rows.length < SLICE
    this.isOver = isAllAbove && floor === this.#lowest()
    for (const row of rows) {
      if (integerOf(row, 'at') < this.#oldest()) return this.#end()
      this.#below = integerOf(row, 'sequence')
      this.looked += 1
      const line = this.#lineOf(row)
      if (line === null || take(line)) continue
      // There are more unless this was the last row of all.
      this.isOver &&= row === rows.at(-1)
      return
    }
    if (isAllAbove && !this.isOver) this.#below = floor + 1
  }

  /** Rows are gone through down to the end of a chapter, which is then gone through as a whole. */
  #floor(): number {
    const chapter = chapterOf(this.#below - 1)
    const { byChapters = false } = this.#range
    return byChapters && chapter > 0 ? Math.max(this.#lowest(), chapter * CHAPTER) : this.#lowest()
  }

  #end(): void {
    this.isOver = true
  }

  #lowest(): number {
    return this.#range.above ?? Number.MIN_SAFE_INTEGER
  }

  #oldest(): number {
    return (this.#range.since ?? 0) - OUT_OF_STEP_MS
  }

  #lineOf(row: Row): FoundLine | null {
    const record = this.#opener.record(row)
    const sequence = integerOf(row, 'sequence')
    if (record.kind === 'act') return found({ sequence, act: record })
    if (record.kind === 'outcome') {
      this.#open.set(record.intent, endAt(sequence, record))
      return null
    }
    const end = this.#open.get(record.id)
    this.#open.delete(record.id)
    const outcome = end === undefined ? null : this.#opener.outcome(end, record.id)
    return found({ sequence, call: record, outcome })
  }

  #reopen(place: number): void {
    const outcome = this.#opener.outcomeAt(place)
    if (outcome !== null) this.#open.set(outcome.intent, endAt(place, outcome))
  }
}

/** Records in the log, by the place of the last one. */
export function lastPlace(store: Store): number {
  const last = store.get('SELECT max(sequence) AS last FROM audit')
  return last === null || last.last === null ? 0 : integerOf(last, 'last')
}
