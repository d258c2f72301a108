import { textLanguage } from './strings.ts'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** A number of bytes in the user's language, in steps of a thousand: `512 bytes`, `1.2 kB`. */
export function bytesText(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const unit = UNITS[step] ?? 'byte'
  const unitDisplay = step === 0 ? 'long' : 'short'
  const format = { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat(textLanguage(), format).format(bytes / 1000 ** step)
}
