import { InvalidArgumentError } from 'commander'
import { parseDuration } from './parse-figures.ts'

/** A moment (ISO 8601) or how long ago (`2h`), as milliseconds since the epoch. @throws InvalidArgumentError. */
export function parseSince(text: string): number {
  if (/^\d{1,9}[smhd]$/.test(text)) return Date.now() - parseDuration(text) * 1000
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new InvalidArgumentError('not a moment such as `2026-11-21T09:00:00Z` or `2h`')
  return at
}
