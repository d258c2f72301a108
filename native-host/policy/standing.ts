import type { Standing } from '../../shared/model/preset-change.ts'

/**
 * Whose doing it is that a value is stored otherwise than its preset says; null where it is not, or where the preset says
 * what it said: then the difference is the owner's own, and stays.
 *
 * @param was what the preset said before, null for nothing; undefined: that was not kept. `stored` and `now` likewise. JSON.
 */
export function standingOf(was: unknown, stored: unknown, now: unknown): Standing | null {
  if (isSame(now, stored)) return null
  if (was === undefined) return 'unknown'
  if (isSame(now, was)) return null
  return isSame(stored, was) ? 'preset' : 'yours'
}

/** Members in whatever order. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(ordered(one)) === JSON.stringify(ordered(other))
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, each]) => [name, ordered(each)]),
  )
}
