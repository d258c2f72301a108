import type { Prices } from '../../shared/model/capability.ts'

const MILLION = 1_000_000n

/**
 * What tokens cost, in millionths of the currency, rounded up: many small calls cost no less than they should.
 *
 * @param tokens null: unknown on that side. @returns null where the price of what is unknown is not zero.
 */
export function priceOf(
  prices: Prices,
  tokens: { readonly input: number | null; readonly output: number | null },
): number | null {
  const input = sidePrice(prices.input, tokens.input)
  const output = sidePrice(prices.output, tokens.output)
  if (input === null || output === null) return null
  return Number((input + output + MILLION - 1n) / MILLION)
}

/** Not yet divided by a million, so that rounding happens once. */
function sidePrice(perMillion: number, tokens: number | null): bigint | null {
  if (perMillion === 0) return 0n
  return tokens === null ? null : BigInt(perMillion) * BigInt(tokens)
}
