import type { ModelPrice, Prices } from '../../../shared/model/capability.ts'
import { moneyText, plainSpaces } from '../../ui/money-text.ts'
import { t } from '../../ui/strings.ts'

/** What use costs, as its owner said it: of any model, then of those with a price of their own; what is free is left out. */
export function pricesText({ currency, models = [], ...others }: Prices): string {
  const own = models.map((each) => t('priceOfModel', each.model, amountsText(each, currency)))
  return plainSpaces([amountsText(others, currency), ...own].join('; '))
}

function amountsText({ input, output, request }: Omit<ModelPrice, 'model'>, currency: string): string {
  const parts = [
    ...(input === 0 ? [] : [t('priceInput', moneyText(input, currency))]),
    ...(output === 0 ? [] : [t('priceOutput', moneyText(output, currency))]),
    ...(request === 0 ? [] : [t('priceRequest', moneyText(request, currency))]),
  ]
  return parts.length === 0 ? t('pricesFree') : parts.join(' · ')
}
