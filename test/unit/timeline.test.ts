import { describe, expect, test } from 'vitest'
import { edgesOf, edgesOfSpan } from '../../extension/control/activity-period.ts'
import { afterKey, chosenBars } from '../../extension/control/timeline/timeline-cursor.ts'
import { figuresText, sumOfAll, TimelineWords } from '../../extension/control/timeline/timeline-words.ts'
import { MAX_AUDIT_BARS } from '../../shared/protocol/audit-reading.ts'

/** The timeline of the activity: where its keys lead, what it says, and where the bars of a part of it are. */

const HOUR = 3_600_000
const NOON = Date.parse('2026-06-15T12:00:00Z')

const press = (key: string, shiftKey = false) => ({ key, shiftKey })
const TEN = { bars: 10, backwards: false }

describe('a key', () => {
  test('leads along the time and no further than its ends', () => {
    const from = (at: number, key: string) => afterKey(press(key), { at, from: null }, TEN)?.at
    expect([from(4, 'ArrowRight'), from(4, 'ArrowLeft'), from(4, 'ArrowUp'), from(4, 'ArrowDown')]).toEqual([
      5, 3, 5, 3,
    ])
    expect([from(9, 'ArrowRight'), from(0, 'ArrowLeft'), from(3, 'PageDown'), from(8, 'PageUp')]).toEqual([
      9, 0, 0, 9,
    ])
    expect([from(4, 'Home'), from(4, 'End')]).toEqual([0, 9])
  })

  test('along the line turns around where time goes from right to left; the others do not', () => {
    const backwards = { bars: 10, backwards: true }
    expect(afterKey(press('ArrowLeft'), { at: 4, from: null }, backwards)?.at).toBe(5)
    expect(afterKey(press('ArrowRight'), { at: 4, from: null }, backwards)?.at).toBe(3)
    expect(afterKey(press('ArrowUp'), { at: 4, from: null }, backwards)?.at).toBe(5)
    expect(afterKey(press('End'), { at: 4, from: null }, backwards)?.at).toBe(9)
  })

  test('with Shift chooses what lies between, in either direction, until one comes without', () => {
    const once = afterKey(press('ArrowLeft', true), { at: 4, from: null }, TEN)
    const twice = afterKey(press('ArrowLeft', true), once ?? { at: 0, from: null }, TEN)
    expect(twice).toEqual({ at: 2, from: 4 })
    expect(chosenBars(twice ?? { at: 0, from: null })).toEqual([2, 4])
    expect(afterKey(press('ArrowRight'), { at: 2, from: 4 }, TEN)).toEqual({ at: 3, from: null })
    expect(chosenBars({ at: 6, from: null })).toEqual([6, 6])
  })

  test('of another kind, or where there are no bars, leads nowhere', () => {
    expect(afterKey(press('Enter'), { at: 4, from: null }, TEN)).toBeNull()
    expect(afterKey(press('a', true), { at: 4, from: null }, TEN)).toBeNull()
    expect(afterKey(press('End'), { at: 0, from: null }, { bars: 0, backwards: false })).toBeNull()
  })
})

describe('the bars of a part of a period', () => {
  test.each([
    ['an hour', NOON, NOON + HOUR, 60],
    ['two hours', NOON, NOON + 2 * HOUR, 24],
    ['a day', NOON, NOON + 24 * HOUR, 24],
    ['three days', NOON, NOON + 72 * HOUR, 24],
  ])('fill it without gaps (%s)', (_, since, until, bars) => {
    const edges = edgesOfSpan({ since, until })
    expect(edges).toHaveLength(bars + 1)
    expect([edges[0], edges.at(-1)]).toEqual([since, until])
    expect(new Set(edges.slice(1).map((edge, at) => edge - (edges[at] ?? 0))).size).toBe(1)
  })

  test('of many days are days of the calendar, those with other than 24 hours among them', () => {
    // Both changes of the clocks in most places that have any.
    for (const now of ['2026-04-10T12:00:00Z', '2026-11-10T12:00:00Z'].map((day) => Date.parse(day))) {
      const days = edgesOf('month', now)
      const [since = 0, until = 0] = [days[0], days.at(-1)]
      expect(edgesOfSpan({ since, until })).toEqual(days)
    }
  })

  test('are as many as the host counts at a time, whatever is asked for', () => {
    for (const [since, until] of [
      [NOON, NOON + 1],
      [NOON, NOON + 59_999],
      [NOON, NOON + 400 * 24 * HOUR],
      [NOON, NOON],
    ] as const) {
      const edges = edgesOfSpan({ since, until })
      expect(edges.length).toBeGreaterThan(1)
      expect(edges.length - 1).toBeLessThanOrEqual(MAX_AUDIT_BARS)
      expect([edges[0], edges.at(-1)]).toEqual([since, until])
    }
  })
})

describe('the words', () => {
  test('name a bar by the time of day in a day, and by the day in a month, whose last moment is its own', () => {
    const hours = new TimelineWords([NOON, NOON + HOUR, NOON + 2 * HOUR])
    expect(hours.short(1)).toMatch(/^\d\d:\d\d/)
    expect(hours.between(0, 1)).toMatch(/\d+:00.*\d+:00/)
    const days = new TimelineWords([0, 1, 2].map((day) => new Date(2026, 5, 15 + day).getTime()))
    expect(days.short(0)).toBe('Jun 15')
    expect(days.full(0)).toBe('Mon, Jun 15')
    expect(days.between(0, 1)).toMatch(/Jun 15.*Jun 16/)
  })

  test('tell of refused and failed calls only where there are any', () => {
    expect(figuresText({ calls: 1, refused: 0, failed: 0 })).toBe('1 call')
    expect(figuresText({ calls: 1200, refused: 3, failed: 20 })).toBe('1,200 calls · 3 refused · 20 failed')
  })

  test('sum up what a host counted, and one that does not count failures', () => {
    const bars = [
      { calls: 3, refused: 1, failed: 2 },
      { calls: 4, refused: 0 },
    ]
    expect(sumOfAll(bars)).toEqual({ calls: 7, refused: 1, failed: 2 })
  })
})
