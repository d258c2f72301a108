import type { AuditBar } from '../../../shared/protocol/audit-reading.ts'
import { counted, t, textLanguage } from '../../ui/strings.ts'

const HOUR_MS = 3_600_000

/** Bars of less than this are named by the time of day: the shortest day has 23 hours. */
const SHORTEST_DAY_MS = 23 * HOUR_MS

/** Names of times on the axis of a timeline and in sentences. `edges`: milliseconds since the epoch, one more than there are bars. */
export class TimelineWords {
  readonly #edges: readonly number[]
  readonly #short: Intl.DateTimeFormat
  readonly #full: Intl.DateTimeFormat
  readonly #isByDay: boolean

  constructor(edges: readonly number[]) {
    this.#edges = edges
    const language = textLanguage()
    const [first = 0, second = 0] = edges
    // A span may end within its first bar.
    this.#isByDay = second - first >= SHORTEST_DAY_MS
    const isLong = (edges.at(-1) ?? 0) - first > 25 * HOUR_MS
    const day = { day: 'numeric', month: 'short' } as const
    const time = { hour: '2-digit', minute: '2-digit' } as const
    this.#short = new Intl.DateTimeFormat(language, this.#isByDay ? day : isLong ? { ...day, ...time } : time)
    const weekday = { weekday: 'short', ...day } as const
    this.#full = new Intl.DateTimeFormat(language, this.#isByDay ? weekday : { ...weekday, ...time })
  }

  /** When a bar begins, as short as can be told. */
  short(at: number): string {
    return this.#short.format(this.#edges[at] ?? 0)
  }

  /** From when to when a bar is; of a day its name. */
  full(at: number): string {
    return this.between(at, at)
  }

  /** From the beginning of one bar to the end of another. */
  between(from: number, to: number): string {
    const since = this.#edges[from] ?? 0
    const until = this.#edges[to + 1] ?? since
    // A day ends where the next one begins, which is not to be named.
    return this.#full.formatRange(since, this.#isByDay ? Math.max(since, until - 1) : until)
  }
}

/** How many calls of a stretch of time there were, and how many of them came to nothing. */
export function figuresText({ calls, refused, failed = 0 }: AuditBar): string {
  const parts = [counted('callCount', calls)]
  const figures = new Intl.NumberFormat(textLanguage())
  if (refused > 0) parts.push(t('ofThemRefused', figures.format(refused)))
  if (failed > 0) parts.push(t('ofThemFailed', figures.format(failed)))
  return parts.join(' · ')
}

/** All of several bars. */
export function sumOfAll(bars: readonly AuditBar[]): Required<AuditBar> & { failed: number } {
  const sum = { calls: 0, refused: 0, failed: 0 }
  for (const { calls, refused, failed } of bars) {
    sum.calls += calls
    sum.refused += refused
    sum.failed += failed ?? 0
  }
  return sum
}
