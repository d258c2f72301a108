/** How long a grant may be for, at most, in seconds. */
export const LONGEST = 30 * 86_400

/** The lengths offered by name, in seconds. */
const OFFERED = [3600, 8 * 3600, 86_400, 7 * 86_400, LONGEST]

/**
 * The lengths to offer for a capability, shortest first: those it allows, and its own limit where that is another.
 *
 * @param ttl longest life of a session of the capability, in seconds.
 */
export function offeredDurations(ttl: number): number[] {
  const cap = Math.min(ttl, LONGEST)
  const offered = OFFERED.filter((seconds) => seconds < cap).slice(-3)
  return [...offered, cap]
}

/**
 * Seconds from now until a moment the user typed, at least a minute and never beyond what the capability allows.
 *
 * @param text value of a `datetime-local` field: local time without a zone. @returns null where it is not a moment to come.
 */
export function secondsUntil(text: string, now: number, ttl: number): number | null {
  const at = new Date(text).getTime()
  if (Number.isNaN(at) || at - now < 60_000) return null
  return Math.min(Math.floor((at - now) / 1000), ttl, LONGEST)
}

/** A moment as a `datetime-local` field holds it: local time to the minute. */
export function localMoment(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}
