import type { ModelPrice, Prices } from '../../../shared/model/capability.ts'

/** Figures of one price as they stand in their fields, in whole units of the currency; empty: nothing. */
export interface AmountsDraft {
  input: string
  output: string
  request: string
}

/** What use costs, as its owner is changing it. */
export interface PriceDraft extends AmountsDraft {
  currency: string
  models: readonly (AmountsDraft & { model: string })[]
}

/** A part that cannot be read. */
export type PriceFault = 'currency' | 'amount' | 'models'

/** What is named first. */
export const NEW_PRICES: PriceDraft = { currency: 'USD', input: '', output: '', request: '', models: [] }

const MILLIONTHS = 1_000_000

/** Prices as they stand in their fields; null for none. */
export function priceDraft(prices: Prices | null): PriceDraft | null {
  if (prices === null) return null
  const { currency, models = [] } = prices
  const own = models.map((each) => ({ model: each.model, ...amountsDraft(each) }))
  return { currency, ...amountsDraft(prices), models: own }
}

function amountsDraft({ input, output, request }: Omit<ModelPrice, 'model'>): AmountsDraft {
  const text = (micros: number) => (micros === 0 ? '' : String(micros / MILLIONTHS))
  return { input: text(input), output: text(output), request: text(request) }
}

/** What cannot be read in a draft. */
export function priceFaults({ currency, models, ...amounts }: PriceDraft): PriceFault[] {
  const names = models.map(({ model }) => model.trim().toLowerCase())
  const isNamed = names.every((name) => name !== '') && new Set(names).size === names.length
  const isRead = [amounts, ...models].every((each) => readAmounts(each) !== null)
  return [
    ...(/^[A-Za-z]{1,8}$/.test(currency.trim()) ? [] : ['currency' as const]),
    ...(isRead ? [] : ['amount' as const]),
    ...(isNamed ? [] : ['models' as const]),
  ]
}

/** What the draft says; null while something in it cannot be read. */
export function readPrices(draft: PriceDraft): Prices | null {
  const amounts = readAmounts(draft)
  if (amounts === null || priceFaults(draft).length > 0) return null
  const models = draft.models.flatMap((each) => {
    const own = readAmounts(each)
    return own === null ? [] : [{ model: each.model.trim(), ...own }]
  })
  return { currency: draft.currency.trim(), ...amounts, ...(models.length === 0 ? {} : { models }) }
}

function readAmounts(draft: AmountsDraft): Omit<ModelPrice, 'model'> | null {
  const [input, output, request] = [draft.input, draft.output, draft.request].map(readAmount)
  if (input == null || output == null || request == null) return null
  return { input, output, request }
}

/** An amount in whole millionths, 0 for an empty field; null for what is none. */
export function readAmount(text: string): number | null {
  const match = /^(\d{1,6})(?:[.,](\d{1,6}))?$/.exec(text.trim() === '' ? '0' : text.trim())
  // Never a float on the way, so that sums are exact.
  return match === null ? null : Number(match[1]) * MILLIONTHS + Number((match[2] ?? '').padEnd(6, '0'))
}
