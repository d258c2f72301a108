import { textLanguage } from './strings.ts'

/** A whole number in the user's language. */
export function numberText(figure: number): string {
  return new Intl.NumberFormat(textLanguage()).format(figure)
}
