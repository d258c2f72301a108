/** How far back the activity is looked at. */
export const PERIODS = ['day', 'week', 'month', 'all'] as const
export type Period = (typeof PERIODS)[number]

const HOUR_MS = 3_600_000
const DAYS: Record<Exclude<Period, 'day'>, number> = { week: 7, month: 30, all: 30 }

/**
 * Where the bars of a period begin and end, in the owner's time zone: each hour of a day, each day of a longer one. Of
 * `all` the last thirty days are drawn. Milliseconds since the epoch, ascending, the last one in the future.
 */
export function edgesOf(period: Period, now: number): number[] {
  const date = new Date(now)
  if (period === 'day') {
    const hour = date.setMinutes(0, 0, 0)
    return Array.from({ length: 25 }, (_, at) => hour + (at - 23) * HOUR_MS)
  }
  const days = DAYS[period]
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()]
  // A day may have 23 or 25 hours: the calendar says where it begins.
  return Array.from({ length: days + 1 }, (_, at) => new Date(year, month, day + at - days + 1).getTime())
}

/** A part of a period: milliseconds since the epoch, the first included, the second not. */
export interface Span {
  since: number
  until: number
}

/** Most bars that a span is drawn with: more of them are too narrow to be pointed at. */
const MOST_BARS = 60
const MINUTE_MS = 60_000
/** How long each bar of a span may be, the shortest first; a longer span is drawn by days. */
const STEPS_MS = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS]

/**
 * Where the bars of a span begin and end, of minutes at the shortest and of whole days at the longest. Milliseconds since
 * the epoch, ascending, from the span's beginning to its end.
 */
export function edgesOfSpan({ since, until }: Span): number[] {
  const step = STEPS_MS.find((each) => (until - since) / each <= MOST_BARS)
  const edges = [since]
  while (edges.length <= MOST_BARS) {
    const next = step === undefined ? nextDay(edges.at(-1) ?? since) : since + edges.length * step
    if (next >= until) break
    edges.push(next)
  }
  return [...edges, until]
}

/** A day may have 23 or 25 hours: the calendar says where the next begins. */
function nextDay(at: number): number {
  const date = new Date(at)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime()
}

/** From when on lines are listed; undefined: all of them. */
export function sinceOf(period: Period, now: number): number | undefined {
  return period === 'all' ? undefined : edgesOf(period, now)[0]
}
