import type { AuditRecord } from '../../shared/model/audit-record.ts'
import { CHAPTER, type ChapterGroup, type ChapterIndex } from './chapter-index.ts'
import type { CallRecord, OutcomeRecord } from './write-audit.ts'

type ActRecord = Extract<AuditRecord, { kind: 'act' }>

/** Longest address, and longest subject of an act, that is kept in an index, in characters: a page decides how long they are. */
const LONGEST = 200

/** Makes the index of one chapter from its records, which it is given in order. */
export class ChapterDraft {
  readonly #calls: { place: number; call: CallRecord }[] = []
  readonly #outcomes = new Map<string, { place: number; outcome: OutcomeRecord }>()
  readonly #acts: ChapterIndex['acts'] = []
  #records = 0

  /** True once every record of the chapter was added. */
  get isWhole(): boolean {
    return this.#records === CHAPTER
  }

  /** Add the record at the next place of the chapter. */
  add(record: AuditRecord): void {
    this.#records += 1
    const place = this.#records
    if (record.kind === 'act') this.#acts.push(actAt(place, record))
    else if (record.kind === 'outcome') this.#outcomes.set(record.intent, { place, outcome: record })
    else this.#calls.push({ place, call: record })
  }

  /** The index. @param mac of the chapter's last row. */
  index(mac: Uint8Array): ChapterIndex {
    const groups = new Numbered<ChapterGroup>()
    const urls = new Numbered<string>()
    const first = this.#calls[0]?.call.at ?? 0
    const ends = this.#calls.map(({ call }) => this.#outcomes.get(call.id) ?? null)
    const of = (number: (each: { place: number; call: CallRecord }, at: number) => number) =>
      this.#calls.map(number)
    const calls = {
      first,
      place: of(({ place }) => place),
      group: of(({ call }, at) => groups.number(groupOf(call, ends[at]?.outcome ?? null))),
      at: of(({ call }) => call.at - first),
      count: of(({ call }) => call.count),
      url: of(({ call }) => urlNumber(call.url, urls)),
      ended: of((_, at) => ends[at]?.place ?? 0),
    }
    const [acts, begun, ended] = [this.#acts, this.#begun(), this.#endedBefore()]
    return {
      mac: Buffer.from(mac).toString('hex'),
      groups: groups.all,
      urls: urls.all,
      calls,
      begun,
      ended,
      acts,
    }
  }

  #begun(): ChapterIndex['begun'] {
    return this.#calls
      .filter(({ call }) => call.kind === 'intent' && !this.#outcomes.has(call.id))
      .map(({ place, call }) => ({ place, id: call.id }))
  }

  #endedBefore(): ChapterIndex['ended'] {
    const ids = new Set(this.#calls.map(({ call }) => call.id))
    return [...this.#outcomes]
      .filter(([intent]) => !ids.has(intent))
      .map(([intent, { place, outcome }]) => ({
        place,
        intent,
        result: outcome.result,
        problem: outcome.problem,
      }))
  }
}

/** Values that are alike are one, with a number, in the order they came. */
class Numbered<T> {
  readonly all: T[] = []
  readonly #numbers = new Map<string, number>()

  number(value: T): number {
    const key = JSON.stringify(value)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.all.length)
    return this.all.push(value) - 1
  }
}

function actAt(place: number, { at, act, subject }: ActRecord): ChapterIndex['acts'][number] {
  return subject.length > LONGEST ? { place, at, act } : { place, at, act, subject }
}

function urlNumber(url: string | null, urls: Numbered<string>): number {
  if (url === null) return -1
  return url.length > LONGEST ? -2 : urls.number(url)
}

function groupOf(call: CallRecord, outcome: OutcomeRecord | null): ChapterGroup {
  const { kind, origin, topOrigin, capability, service, decision, reason, rule } = call
  const [result, problem] = [outcome?.result ?? null, outcome?.problem ?? null]
  return { kind, origin, topOrigin, capability, service, decision, reason, rule, result, problem }
}
