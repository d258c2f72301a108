import type { AuditCursor, AuditFilter, AuditLine, AuditPage } from '../../shared/protocol/audit-reading.ts'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { Shown } from '../ui/shown.ts'
import { mergeLines, withoutEnd } from './activity-line.ts'

/** Lines that are asked for at a time. */
export const LINES_AT_A_TIME = 100
/** Most lines that are shown at once: what is older begins a new list. */
export const MOST_LINES = 1000
/** After so many answers about what is new, the list begins anew instead. */
const MOST_CATCHING_UP = 20

/** Calls that ended of late and are remembered for when they come to be shown. */
const MOST_ENDED = 5000

/** What the list of the activity shows. */
export interface LinesState {
  /** Newest first; null until the first answer. */
  lines: AuditLine[] | null
  /** Lines that came while the owner was reading further down. */
  held: AuditLine[]
  /** Where older ones are; null: there are none. */
  next: AuditCursor | null
  /** True while older lines are looked for, and how many records were looked at, of how many. */
  isLooking: boolean
  /** The owner left the search where it was. */
  isStopped: boolean
  looked: number
  head: number
  /** False where newer lines than the first are not shown. */
  isNewest: boolean
  /** Why there is no answer, as a sentence. */
  trouble: string | null
}

const NOTHING: LinesState = {
  lines: null,
  held: [],
  next: null,
  isLooking: false,
  isStopped: false,
  looked: 0,
  head: 0,
  isNewest: true,
  trouble: null,
}

/** Asks the host for lines of the log, part by part, and keeps the newest ones coming. */
export class ActivityLines extends Shown<LinesState> {
  /** While true new lines are put on top at once, else they are held. */
  follows = true
  readonly #owner: Pick<Owner, 'send'>
  #where: AuditFilter = {}
  /** Calls that ended after the list was begun: those further down are not found with their ends any more. */
  #ended: AuditLine[] = []
  /** Raised to let go of answers that nobody waits for any more. */
  #round = 0
  #isAskingNews = false
  #hasNews = false

  constructor(owner: Pick<Owner, 'send'>) {
    super(NOTHING)
    this.#owner = owner
  }

  /** Begin a list of the lines that fit, from the newest. */
  search(where: AuditFilter): Promise<void> {
    this.#round += 1
    this.#where = where
    this.#ended = []
    this.show({ ...NOTHING })
    return this.older()
  }

  /** More lines, or the next list where there are {@link MOST_LINES} already. */
  async older(): Promise<void> {
    const { lines, next, isLooking } = this.state
    if (isLooking || (lines !== null && next === null)) return
    const isFull = lines !== null && lines.length >= MOST_LINES
    if (isFull) this.#round += 1
    const round = this.#round
    const kept = isFull ? { lines: [], held: [], isNewest: false } : {}
    this.show({ ...kept, isLooking: true, isStopped: false, looked: 0, trouble: null })
    try {
      await this.#lookFor((this.state.lines ?? []).length + LINES_AT_A_TIME, round)
    } catch (refusal) {
      if (round === this.#round) this.show({ trouble: refusalText(refusal) })
    }
    if (round !== this.#round) return
    this.show({ isLooking: false })
    if (this.#hasNews) await this.news()
  }

  /** Look no further; {@link older} goes on from here. */
  stop(): void {
    if (this.state.lines === null) return
    this.#round += 1
    this.show({ isLooking: false, isStopped: true })
  }

  /** Let go of everything. */
  close(): void {
    this.#round += 1
  }

  /** The log may have grown: ask for what is new. */
  async news(): Promise<void> {
    this.#hasNews = true
    const { lines, isNewest } = this.state
    if (this.#isAskingNews || lines === null || !isNewest) return
    this.#isAskingNews = true
    try {
      while (this.#hasNews) {
        this.#hasNews = false
        await this.#catchUp(this.#round)
      }
    } catch {
      // Whatever keeps the host from answering is told by the page around this, and by the next search.
    } finally {
      this.#isAskingNews = false
    }
  }

  /** Put the lines that were held on top. */
  showHeld(): void {
    const { lines, held } = this.state
    if (held.length > MOST_LINES) return void this.search(this.#where)
    this.show({ lines: [...held, ...(lines ?? [])], held: [] })
  }

  async #lookFor(count: number, round: number): Promise<void> {
    for (;;) {
      const { next, lines } = this.state
      const limit = Math.min(LINES_AT_A_TIME, count - (lines ?? []).length)
      const from = next === null ? {} : { from: next }
      const page = await this.#owner.send({ name: 'audit-page', where: this.#where, limit, ...from })
      if (round !== this.#round) return
      const head = lines === null ? page.head : this.state.head
      this.show({ next: page.next, looked: this.state.looked + page.looked, head })
      // A call may have ended since the search passed the place where its end now is.
      const all = this.#merged([...(this.state.lines ?? []), ...page.lines], this.#ended)
      this.show({ lines: all })
      if (page.next === null || all.length >= count) return
    }
  }

  async #catchUp(round: number): Promise<void> {
    const above = this.state.head
    const fresh: AuditLine[] = []
    let head = above
    let from: AuditCursor | null = null
    for (let answers = 0; answers < MOST_CATCHING_UP; answers += 1) {
      const where = withoutEnd(this.#where)
      const more = from === null ? {} : { from }
      const page: AuditPage = await this.#owner.send({
        name: 'audit-page',
        where,
        limit: 200,
        above,
        ...more,
      })
      if (round !== this.#round) return
      if (from === null) head = page.head
      fresh.push(...page.lines)
      from = page.next
      if (from === null) return this.#take(fresh, above, head)
    }
    await this.search(this.#where)
  }

  /** Calls that are shown get their ends where they stand; lines of after `above` go on top, or are held. */
  #take(fresh: readonly AuditLine[], above: number, head: number): void {
    const shown = this.state.lines ?? []
    const newest = this.follows && this.state.held.length === 0 ? head : (shown[0]?.sequence ?? above)
    const isHeld = (line: AuditLine) => line.sequence > newest
    this.#ended = [...this.#ended, ...fresh.filter(({ sequence }) => sequence <= above)].slice(-MOST_ENDED)
    const lines = this.#merged(
      shown,
      fresh.filter((line) => !isHeld(line)),
    )
    const held = this.#merged(this.state.held, fresh.filter(isHeld))
    this.show({ head, lines, held })
    if (this.follows && lines.length > 2 * MOST_LINES) void this.search(this.#where)
  }

  #merged(lines: readonly AuditLine[], fresh: readonly AuditLine[]): AuditLine[] {
    const { next } = this.state
    return mergeLines(lines, fresh, next === null ? 0 : next.below, this.#where.end)
  }
}
