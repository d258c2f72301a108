import type { AuditFilter, CallEnd } from '../../shared/protocol/audit-reading.ts'
import { CALL_ENDS } from '../../shared/protocol/call-ends.ts'
import type { Owner } from '../ui/owner.ts'
import { ALWAYS_SEEN, type PageSight } from '../ui/page-sight.ts'
import { Rounds } from '../ui/rounds.ts'
import { Shown } from '../ui/shown.ts'
import { ActivityCounts } from './activity-counts.ts'
import { ActivityExport, type Format } from './activity-export.ts'
import { ActivityLines } from './activity-lines.ts'
import { type Period, type Span, sinceOf } from './activity-period.ts'
import { LogCheck } from './log-check.ts'

/** What the owner chose to see. Empty texts: any. */
export interface Choice {
  text: string
  what: 'all' | 'calls' | 'acts' | 'asked' | CallEnd
  origin: string
  service: string
  capability: string
  /** Why calls were refused. */
  reason: string
  /** Why calls failed or were cut short. */
  problem: string
  period: Period
  /** A part of the period; null: all of it. */
  span: Span | null
}

/** Everything there is. */
export const EVERYTHING: Choice = {
  text: '',
  what: 'all',
  origin: '',
  service: '',
  capability: '',
  reason: '',
  problem: '',
  period: 'all',
  span: null,
}

/** What was chosen, in the host's terms. */
export function filterOf(choice: Choice, now: number): AuditFilter {
  const { text, what, origin, service, capability, reason, problem, period, span } = choice
  const since = span?.since ?? sinceOf(period, now)
  const sought = text.trim()
  const end = CALL_ENDS.find((each) => each === what)
  return {
    ...(sought === '' ? {} : { text: sought.slice(0, 200) }),
    ...(what === 'all' ? {} : { kind: what === 'acts' ? 'acts' : 'calls' }),
    ...(what === 'asked' ? { decision: 'ask' } : {}),
    ...(end === undefined ? {} : { end }),
    ...(origin === '' ? {} : { origin }),
    ...(service === '' ? {} : { service }),
    ...(capability === '' ? {} : { capability }),
    ...(reason === '' ? {} : { reason }),
    ...(problem === '' ? {} : { problem }),
    ...(since === undefined ? {} : { since }),
    ...(span === null ? {} : { until: span.until }),
  }
}

type Line = Pick<Owner, 'send' | 'onChanged'>

/** The activity room's mind: what was chosen, the lines of it, their counts, the check of the log and the file of it. */
export class ActivityModel extends Shown<Choice> {
  readonly lines: ActivityLines
  readonly counts: ActivityCounts
  readonly check: LogCheck
  readonly file: ActivityExport
  /** How often everything was chosen anew: what was typed until then is over. */
  clears = 0
  readonly #now: () => number
  readonly #news: Rounds
  readonly #stopListening: () => void

  /**
   * @param save given a file of the activity. @param now milliseconds since the epoch.
   * @param sight of the page: news wait until it is seen; absent: for nothing.
   */
  constructor(
    owner: Line,
    save: (file: Blob, name: string) => void,
    now: () => number = Date.now,
    sight: PageSight = ALWAYS_SEEN,
  ) {
    super(EVERYTHING)
    this.#news = new Rounds(() => this.#hear(), sight)
    this.lines = new ActivityLines(owner)
    this.counts = new ActivityCounts(owner, now)
    this.check = new LogCheck(owner)
    this.file = new ActivityExport(owner, save)
    this.#now = now
    this.#stopListening = owner.onChanged(() => this.#news.whenSeen())
    this.#ask()
  }

  /** See something else, from the newest line of it. Another period is seen whole. */
  choose(part: Partial<Choice>): void {
    this.show(part.period === undefined ? part : { span: null, ...part })
    this.#ask()
  }

  /** See everything again. */
  clear(): void {
    this.clears += 1
    this.choose(EVERYTHING)
  }

  /** Look at the newest lines again. */
  again(): void {
    this.#ask()
  }

  /** Make a file of what is chosen. */
  write(format: Format): void {
    const now = this.#now()
    const day = new Date(now).toISOString().slice(0, 10)
    void this.file.write(filterOf(this.state, now), format, day)
  }

  /** Let go of everything: nothing is asked for any more. */
  close(): void {
    this.#stopListening()
    this.#news.stop()
    this.lines.close()
    for (const part of [this.counts, this.check, this.file]) part.stop()
  }

  #ask(): void {
    const where = filterOf(this.state, this.#now())
    void this.lines.search(where)
    // How calls ended is what the bars tell themselves.
    const { kind: _, end: __, ...of } = where
    void this.counts.count(of, this.state.period, this.state.span)
  }

  /** Each sees to it that it asks one at a time, and neither waits for the other: to count a long log takes long. */
  async #hear(): Promise<void> {
    void this.lines.news()
    void this.counts.news()
  }
}
