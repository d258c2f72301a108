import type {
  AuditBar,
  AuditCount,
  AuditCounts,
  AuditCursor,
  AuditFilter,
  NamedAuditCount,
} from '../../shared/protocol/audit-reading.ts'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { Shown } from '../ui/shown.ts'
import { edgesOf, edgesOfSpan, type Period, type Span } from './activity-period.ts'

/** Calls of a period, as far as they have been counted. */
export interface CountsState {
  /** Milliseconds since the epoch: one more than there are bars. */
  edges: number[]
  bars: AuditBar[]
  /** The most calls first. */
  sites: NamedAuditCount[]
  services: NamedAuditCount[]
  capabilities: NamedAuditCount[]
  /** Of refused calls alone. */
  reasons: NamedAuditCount[]
  /** Of failed calls, and of those that were cut short. */
  problems: NamedAuditCount[]
  isCounting: boolean
  /** Records looked at, and in the log. */
  looked: number
  head: number
  trouble: string | null
}

const NOTHING: CountsState = {
  edges: [],
  bars: [],
  sites: [],
  services: [],
  capabilities: [],
  reasons: [],
  problems: [],
  isCounting: false,
  looked: 0,
  head: 0,
  trouble: null,
}

/** Has the host count calls, part by part, and adds up what it answers. */
export class ActivityCounts extends Shown<CountsState> {
  readonly #owner: Pick<Owner, 'send'>
  readonly #now: () => number
  #where: AuditFilter = {}
  #period: Period = 'day'
  #span: Span | null = null
  #round = 0
  #hasNews = false

  constructor(owner: Pick<Owner, 'send'>, now: () => number = Date.now) {
    super(NOTHING)
    this.#owner = owner
    this.#now = now
  }

  /** Count the calls of a period that fit, or of a span of it. The filter's own times do not count. */
  async count(where: AuditFilter, period: Period, span: Span | null = null): Promise<void> {
    const { since: _, until: __, ...of } = where
    this.#where = of
    this.#period = period
    this.#span = span
    const edges = span === null ? edgesOf(period, this.#now()) : edgesOfSpan(span)
    const bars = edges.slice(1).map(() => ({ calls: 0, refused: 0, failed: 0 }))
    this.show({ ...NOTHING, edges, bars })
    this.#round += 1
    await this.#look(0)
  }

  /** The log may have grown: count what is new. In a new hour or day everything is counted anew; a span stays what it is. */
  async news(): Promise<void> {
    const { isCounting, edges, head } = this.state
    this.#hasNews = true
    if (isCounting || edges.length === 0) return
    const isOver = this.#span === null && this.#now() >= (edges.at(-1) ?? 0)
    if (isOver) return this.count(this.#where, this.#period)
    await this.#look(head)
  }

  /** Count no further; what was counted stays. */
  stop(): void {
    this.#round += 1
    this.show({ isCounting: false })
  }

  async #look(above: number): Promise<void> {
    const round = this.#round
    this.#hasNews = false
    this.show({ isCounting: true, looked: 0, trouble: null })
    try {
      await this.#addUp(above, round)
    } catch (refusal) {
      if (round === this.#round) this.show({ trouble: refusalText(refusal) })
    }
    if (round !== this.#round) return
    this.show({ isCounting: false })
    if (this.#hasNews && this.state.trouble === null) await this.news()
  }

  async #addUp(above: number, round: number): Promise<void> {
    let from: AuditCursor | undefined
    for (let head: number | null = null; ; ) {
      const { edges } = this.state
      const more = from === undefined ? {} : { from }
      const counts = await this.#owner.send({
        name: 'audit-counts',
        where: this.#where,
        edges,
        above,
        ...more,
      })
      if (round !== this.#round) return
      head ??= counts.head
      this.#add(counts, head)
      if (counts.next === null) return
      from = counts.next
    }
  }

  #add(counts: AuditCounts, head: number): void {
    const { bars, sites, services, capabilities, reasons, problems, looked } = this.state
    this.show({
      bars: bars.map((bar, at) => sumOfBars(bar, counts.bars[at])),
      sites: merged(sites, counts.sites),
      services: merged(services, counts.services),
      capabilities: merged(capabilities, counts.capabilities),
      reasons: merged(reasons, counts.reasons),
      problems: merged(problems, counts.problems),
      looked: looked + counts.looked,
      head,
    })
  }
}

function sumOf(one: AuditCount, other: AuditCount = { calls: 0, refused: 0 }): AuditCount {
  return { calls: one.calls + other.calls, refused: one.refused + other.refused }
}

function sumOfBars(one: AuditBar, other?: AuditBar): AuditBar {
  return { ...sumOf(one, other), failed: (one.failed ?? 0) + (other?.failed ?? 0) }
}

function merged(known: readonly NamedAuditCount[], more: readonly NamedAuditCount[]): NamedAuditCount[] {
  const all = new Map<string, AuditCount>(known.map(({ name, ...count }) => [name, count]))
  for (const { name, ...count } of more) all.set(name, sumOf(count, all.get(name)))
  return [...all]
    .map(([name, count]) => ({ name, ...count }))
    .sort((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1))
}
