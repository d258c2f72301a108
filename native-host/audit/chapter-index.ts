import * as z from 'zod/mini'
import { EffectSchema } from '../../shared/model/capability.ts'
import { Refusal } from '../refusal.ts'
import { bytesOf } from '../store/columns.ts'
import { openJson, sealJson } from '../store/sealed-json.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

/** Records of a chapter. Chapter `n` holds the places from `n * CHAPTER + 1` on. What is stored depends on it. */
export const CHAPTER = 1000

const Whole = z.int()
const Numbers = z.array(Whole)
const Name = z.nullable(z.string())
const Result = z.enum(['sent', 'cut', 'failed'])

const GroupSchema = z.object({
  kind: z.enum(['intent', 'refusal']),
  origin: z.string(),
  topOrigin: Name,
  capability: Name,
  service: Name,
  decision: EffectSchema,
  reason: z.string(),
  rule: Name,
  /** Null: its end is in no record of the chapter. */
  result: z.nullable(Result),
  problem: Name,
})
/** What many calls of a chapter have in common. */
export type ChapterGroup = z.infer<typeof GroupSchema>

/**
 * What the records of a chapter are about, so that a search need not open them. Places are counted from 1 within the chapter, and
 * ascend. Sealed, it tells a thief of a disk its length, and that less than the lengths of the records themselves tell.
 */
const ChapterIndexSchema = z.object({
  /** MAC of the chapter's last row: an index of records that another log had fits no other. */
  mac: z.string(),
  groups: z.array(GroupSchema),
  urls: z.array(z.string()),
  /** One number for each call in each list. `at`: milliseconds since the epoch, after the first call. */
  calls: z.object({
    first: Whole,
    place: Numbers,
    group: Numbers,
    at: Numbers,
    count: Numbers,
    /** Place in `urls`; -1: none was recorded; -2: too long to be here. */
    url: Numbers,
    /** Place of its outcome; 0: not in this chapter. */
    ended: Numbers,
  }),
  /** Calls that were sent and did not end in this chapter. */
  begun: z.array(z.object({ place: Whole, id: z.string() })),
  /** Outcomes of calls of earlier chapters. */
  ended: z.array(z.object({ place: Whole, intent: z.string(), result: Result, problem: Name })),
  acts: z.array(z.object({ place: Whole, at: Whole, act: z.string(), subject: z.optional(z.string()) })),
})
export type ChapterIndex = z.infer<typeof ChapterIndexSchema>

/** The chapter that a place of the log is in. */
export function chapterOf(sequence: number): number {
  return Math.floor((sequence - 1) / CHAPTER)
}

/** The stored index of a chapter whose last row has this MAC; null: there is none, or none that fits. */
export function readChapterIndex(
  store: Store,
  keys: VaultKeys,
  chapter: number,
  mac: Uint8Array,
): ChapterIndex | null {
  const row = store.get('SELECT sealed FROM audit_chapters WHERE chapter = ?', chapter)
  if (row === null) return null
  const index = opened(keys, chapter, bytesOf(row, 'sealed'))
  return index?.mac === Buffer.from(mac).toString('hex') ? index : null
}

// SECURITY: one that was changed from outside is none: the records are read, which say themselves whether they are whole.
function opened(keys: VaultKeys, chapter: number, sealed: Uint8Array): ChapterIndex | null {
  try {
    return openJson(keys, placeOf(chapter), ChapterIndexSchema, sealed)
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

/** Keep an index for the next search. Where it cannot be written that search reads the records again. */
export function keepChapterIndex(store: Store, keys: VaultKeys, chapter: number, index: ChapterIndex): void {
  const sealed = sealJson(keys, placeOf(chapter), ChapterIndexSchema, index)
  try {
    store.transaction(() =>
      store.run('INSERT OR REPLACE INTO audit_chapters (chapter, sealed) VALUES (?, ?)', chapter, sealed),
    )
  } catch (error) {
    // A full disk keeps nobody from reading.
    if (!(error instanceof Refusal)) throw error
  }
}

function placeOf(chapter: number): string {
  return `audit-chapter:${chapter}`
}
