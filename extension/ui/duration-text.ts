import { textLanguage } from './strings.ts'

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/**
 * A length of time in the user's language, two units at most: `7 h 59 min`, `45 s`, `30 days`.
 *
 * @param seconds whole, 0 or more.
 */
export function durationText(seconds: number, display: 'short' | 'long' = 'short'): string {
  const first = UNITS.findIndex(([, size]) => seconds >= size)
  if (first === -1) return unitText(0, 'second', display)
  const parts: string[] = []
  let rest = seconds
  for (const [unit, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(unitText(count, unit, display))
  }
  return parts.join(' ')
}

function unitText(count: number, unit: string, unitDisplay: 'short' | 'long'): string {
  return new Intl.NumberFormat(textLanguage(), { style: 'unit', unit, unitDisplay }).format(count)
}
