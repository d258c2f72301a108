import type { ModelPrice, Prices } from '../../shared/model/capability.ts'
import { UsageError } from './usage-error.ts'

/** Millionths in one unit of money. */
const MICRO = 1_000_000

/** `5`, `2.50` or `0.000001` as whole millionths. @throws UsageError for anything else, zero included. */
export function parseMoney(text: string): number {
  const amount = microsOf(text)
  if (amount === null || amount === 0)
    throw new UsageError(`\`${text}\` is not an amount of money such as \`5\` or \`2.50\``)
  return amount
}

/**
 * `input=2.50,output=10` and, where the owner wants, `request=0.01` and `currency=EUR`: prices of a million tokens and
 * of a call. What is not named is free.
 *
 * @throws UsageError.
 */
export function parsePrices(text: string): Prices {
  const prices = { currency: 'USD', input: 0, output: 0, request: 0 }
  const seen = new Set<string>()
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split('=', 2)
    if (seen.has(name)) throw new UsageError(`\`${name}\` stands twice in \`${text}\``)
    seen.add(name)
    if (name === 'currency' && /^[A-Za-z]{1,8}$/.test(value)) prices.currency = value
    else if (name === 'input' || name === 'output' || name === 'request')
      prices[name] = microsOf(value) ?? failed(part)
    else failed(part)
  }
  return prices
}

/** Never a float on the way: `0.1` is 100 000, exactly. At most six digits on each side, so that sums stay exact. */
function microsOf(text: string): number | null {
  const match = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(text)
  return match === null ? null : Number(match[1]) * MICRO + Number((match[2] ?? '').padEnd(6, '0'))
}

function failed(part: string): never {
  throw new UsageError(`\`${part}\` is not a price such as \`input=2.50\`, nor \`currency=EUR\``)
}

/** Millionths as a person reads them: at least two digits after the point. */
export function moneyText(micros: number, currency: string): string {
  const fraction = String(micros % MICRO)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '')
  return `${Math.floor(micros / MICRO)}.${fraction} ${currency}`
}

/**
 * `NAME:input=5,output=20`: what one model costs in place of the others' price. Collects them in the order they were typed.
 *
 * @throws UsageError.
 */
export function collectModelPrice(text: string, before: readonly ModelPrice[] = []): ModelPrice[] {
  const at = text.lastIndexOf(':')
  const model = text.slice(0, at)
  if (at < 1 || /(?:^|,)currency=/.test(text.slice(at + 1)))
    throw new UsageError(`\`${text}\` is not \`MODEL:input=2.50,output=10\``)
  const { input, output, request } = parsePrices(text.slice(at + 1))
  return [...before, { model, input, output, request }]
}

/** Prices as the owner types them. */
export function pricesText({ currency, models = [], ...base }: Prices): string {
  const amounts = ({ input, output, request }: Omit<Prices, 'currency' | 'models'>) =>
    [
      ['input', input],
      ['output', output],
      ['request', request],
    ]
      .map(([name, micros]) => `${name}=${moneyText(Number(micros), '').trim()}`)
      .join(',')
  return [
    `${amounts(base)},currency=${currency}`,
    ...models.map((each) => `${each.model}:${amounts(each)}`),
  ].join(' ')
}
