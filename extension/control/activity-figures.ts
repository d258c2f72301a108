import { t, textLanguage } from '../ui/strings.ts'

/** A length of time, to the millisecond below a second and to a tenth of one above. */
export function millisecondsText(milliseconds: number): string {
  const isShort = milliseconds < 1000
  const unit = isShort ? 'millisecond' : 'second'
  const format = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat(textLanguage(), format).format(isShort ? milliseconds : milliseconds / 1000)
}

/** What was counted for a call, from millionths. `currency` null: the capability has no prices any more. */
export function costText(millionths: number, currency: string | null): string {
  const figure = new Intl.NumberFormat(textLanguage(), { maximumFractionDigits: 6 }).format(millionths / 1e6)
  return currency === null ? figure : t('costOf', figure, currency)
}
