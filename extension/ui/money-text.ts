import { textLanguage } from './strings.ts'

/**
 * An amount of money in the user's language.
 *
 * @param millionths of one unit. @param currency as the owner named it; an ISO 4217 code is written the usual way.
 */
export function moneyText(millionths: number, currency: string): string {
  const amount = millionths / 1_000_000
  // Prices of tokens are small: what is less than a hundredth is shown to the millionth.
  const places = { minimumFractionDigits: 2, maximumFractionDigits: amount !== 0 && amount < 0.01 ? 6 : 2 }
  const language = textLanguage()
  if (/^[A-Z]{3}$/.test(currency))
    return new Intl.NumberFormat(language, { style: 'currency', currency, ...places }).format(amount)
  return `${new Intl.NumberFormat(language, places).format(amount)} ${currency}`
}

/**
 * The same with plain spaces, for what is shown as text of others is: there the space before the sign of a currency, which does not
 * break, would be written out as something unseen.
 */
export function plainSpaces(text: string): string {
  return text.replace(/[\u00A0\u202F]/g, ' ')
}
