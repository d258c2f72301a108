import type { Prices } from '../../../shared/model/capability.ts'
import { moneyText } from '../../ui/money-text.ts'
import { t } from '../../ui/strings.ts'

/** What use costs, as its owner said it; what is free is left out. */
export function pricesText({ currency, input, output, request }: Prices): string {
  const parts = [
    ...(input === 0 ? [] : [t('priceInput', moneyText(input, currency))]),
    ...(output === 0 ? [] : [t('priceOutput', moneyText(output, currency))]),
    ...(request === 0 ? [] : [t('priceRequest', moneyText(request, currency))]),
  ]
  return parts.length === 0 ? t('pricesFree') : parts.join(' · ')
}
