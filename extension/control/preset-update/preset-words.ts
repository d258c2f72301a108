import type { PresetDifference, ServicePart } from '../../../shared/model/preset-change.ts'
import { type MessageName, t } from '../../ui/strings.ts'
import { differenceText } from '../capabilities/difference-words.ts'

const PARTS: Record<ServicePart, MessageName> = {
  denied: 'partDenied',
  minting: 'partMinting',
  'denied-field': 'partDeniedField',
  'denied-field-below': 'partDeniedFieldBelow',
  'stripped-header': 'partStrippedHeader',
  'stripped-query': 'partStrippedQuery',
  'stripped-json': 'partStrippedJson',
  'stripped-form': 'partStrippedForm',
  'allowed-header': 'partAllowedHeader',
  'sent-header': 'partSentHeader',
  'base-url': 'partBaseUrl',
  auth: 'partAuth',
  queue: 'partQueue',
  'model-lists': 'partModelLists',
  placeholder: 'partPlaceholder',
  label: 'partLabel',
  hazard: 'partHazard',
}

/** What a preset says otherwise, as a sentence. @param currency of the prices of the capability it is in. */
export function presetDifferenceText(difference: PresetDifference, currency: string): string {
  if (difference.kind === 'label') return t('presetLabel', difference.now, difference.was)
  if (difference.kind !== 'service') return differenceText(difference, currency)
  const { part, name, was, now } = difference
  const about = t(PARTS[part], name)
  if (was === null) return t('presetNew', about, now ?? '')
  return now === null ? t('presetGone', about, was) : t('presetOther', about, now, was)
}
