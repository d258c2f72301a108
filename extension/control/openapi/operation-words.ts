import type { OperationMark, ReadingReason } from '../../../shared/model/described-operation.ts'
import { type MessageName, t } from '../../ui/strings.ts'

/** What an operation does, as a chip says it, and how grave that is. */
export const MARKS = {
  mints: { text: 'markMints', tone: 'danger' },
  deletes: { text: 'markDeletes', tone: 'danger' },
  spends: { text: 'markSpends', tone: 'warn' },
  writes: { text: 'markWrites', tone: 'warn' },
} as const satisfies Record<OperationMark, { text: MessageName; tone: 'warn' | 'danger' }>

const REASONS = {
  'method-reads': 'whyMethodReads',
  'name-reads': 'whyNameReads',
  'address-reads': 'whyAddressReads',
  mints: 'whyMints',
  'method-changes': 'whyMethodChanges',
  'address-acts': 'whyAddressActs',
  'name-acts': 'whyNameActs',
  'answers-made': 'whyAnswersMade',
  'nothing-reads': 'whyNothingReads',
} as const satisfies Record<ReadingReason['code'], MessageName>

/** Why an operation is suggested, or is not. */
export function reasonText({ code, method, word }: ReadingReason): string {
  // A newer host may know more of them.
  const name: MessageName | undefined = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined
  return name === undefined ? '' : t(name, method, word ?? '')
}
