import { durationText } from './duration-text.ts'
import { t, textLanguage } from './strings.ts'

/** Up to this age, in milliseconds, a moment is said to be now. */
const JUST_NOW_MS = 5000

/** How long ago a moment was: `just now`, `3 min ago`; its date when it was more than a day ago. Milliseconds since the epoch. */
export function momentText(at: number, now: number): string {
  const age = now - at
  if (age < JUST_NOW_MS) return t('justNow')
  if (age >= 86_400_000) return dateText(at)
  const seconds = Math.floor(age / 1000)
  const whole =
    seconds >= 3600 ? seconds - (seconds % 3600) : seconds >= 60 ? seconds - (seconds % 60) : seconds
  return t('ago', durationText(whole))
}

/** Date and time of day in the user's own form. */
export function dateText(at: number): string {
  return new Intl.DateTimeFormat(textLanguage(), { dateStyle: 'medium', timeStyle: 'short' }).format(at)
}

/** The same to the second, for whoever compares it with another. */
export function momentInFull(at: number): string {
  return new Intl.DateTimeFormat(textLanguage(), { dateStyle: 'full', timeStyle: 'medium' }).format(at)
}
