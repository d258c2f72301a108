import type { AuditCursor, AuditFilter, AuditLine, AuditPage } from '../../shared/protocol/audit-reading.ts'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { Shown } from '../ui/shown.ts'
import { CSV_HEAD, csvLine } from './activity-csv.ts'

/** What a file of the activity can be. */
export const FORMATS = ['jsonl', 'csv'] as const
export type Format = (typeof FORMATS)[number]

const TYPES: Record<Format, string> = { jsonl: 'application/x-ndjson', csv: 'text/csv;charset=utf-8' }

/** A file that is being made. */
export interface ExportState {
  isWriting: boolean
  /** Lines written, and records looked at, of how many. */
  written: number
  looked: number
  head: number
  trouble: string | null
}

const NONE: ExportState = { isWriting: false, written: 0, looked: 0, head: 0, trouble: null }

/** Gathers the lines that fit into a file, newest first. Records hold no secret, and neither does the file. */
export class ActivityExport extends Shown<ExportState> {
  readonly #owner: Pick<Owner, 'send'>
  readonly #save: (file: Blob, name: string) => void
  #round = 0

  /** @param save given the file once it is whole. */
  constructor(owner: Pick<Owner, 'send'>, save: (file: Blob, name: string) => void) {
    super(NONE)
    this.#owner = owner
    this.#save = save
  }

  /** Make a file of the lines that fit, as they are now. */
  async write(where: AuditFilter, format: Format, day: string): Promise<void> {
    const round = ++this.#round
    this.show({ ...NONE, isWriting: true })
    try {
      const file = await this.#gather(where, format, round)
      if (file !== null) this.#save(file, `valetkey-activity-${day}.${format}`)
    } catch (refusal) {
      if (round === this.#round) this.show({ trouble: refusalText(refusal) })
    }
    if (round === this.#round) this.show({ isWriting: false })
  }

  /** Make no file after all. */
  stop(): void {
    this.#round += 1
    this.show({ ...NONE })
  }

  /** Null where it was stopped. */
  async #gather(where: AuditFilter, format: Format, round: number): Promise<Blob | null> {
    const parts: Blob[] = [new Blob(format === 'csv' ? [CSV_HEAD] : [])]
    for (let from: AuditCursor | null = null; ; ) {
      const more = from === null ? {} : { from }
      const page: AuditPage = await this.#owner.send({ name: 'audit-page', where, limit: 200, ...more })
      if (round !== this.#round) return null
      // A blob of its own for each answer: the browser may keep it on the disk, and the page's memory stays free.
      parts.push(new Blob(page.lines.map((line) => textOf(line, format))))
      const { written, looked, head } = this.state
      this.show({
        written: written + page.lines.length,
        looked: looked + page.looked,
        head: Math.max(head, page.head),
      })
      if (page.next === null) return new Blob(parts, { type: TYPES[format] })
      from = page.next
    }
  }
}

function textOf(line: AuditLine, format: Format): string {
  return format === 'csv' ? csvLine(line) : `${JSON.stringify(line)}\n`
}
