import type { Prices } from './capability.ts'

/**
 * The prices of one call.
 *
 * @param model as the call names it. Null: nobody knows, so on each side the dearest counts, lest a call that hides its model
 *   be a cheap one.
 */
export function pricesFor(prices: Prices, model: string | null): Prices {
  const { models = [], ...others } = prices
  if (models.length === 0) return others
  if (model === null) {
    const dearest = (side: 'input' | 'output' | 'request') =>
      Math.max(others[side], ...models.map((each) => each[side]))
    return { ...others, input: dearest('input'), output: dearest('output'), request: dearest('request') }
  }
  // Services take a name in whatever case.
  const own = models.find((each) => each.model.toLowerCase() === model.toLowerCase())
  if (own === undefined) return others
  const { input, output, request } = own
  return { ...others, input, output, request }
}
