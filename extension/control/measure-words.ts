import type { Measure } from '../../shared/protocol/commands.ts'
import { t } from '../ui/strings.ts'

/** A limit as it is drawn and said. */
export interface MeasureWords {
  /** `1,200 of 5,000 tokens used, 300 held, 3,500 left`. */
  text: string
  /** Parts of the whole, 0 to 1, that was used and that calls in flight hold; null where there is no limit to draw. */
  bar: { spent: number; reserved: number } | null
  state: 'room' | 'scarce' | 'spent'
}

/** From this share of a limit on it is said to run short. */
const SCARCE = 0.8

/** Say a limit and its use. @param amount writes a figure with its unit. */
export function measureWords(
  { limit, spent, reserved, left }: Measure,
  amount: (figure: number) => string,
): MeasureWords {
  const held = reserved === 0 ? [] : [t('measureHeld', amount(reserved))]
  if (limit === null || left === null)
    return { text: [t('measureUsed', amount(spent)), ...held].join(' · '), bar: null, state: 'room' }
  const text = [t('measureOf', amount(spent), amount(limit)), ...held, t('measureLeft', amount(left))]
  const used = Math.min(1, spent / limit)
  const bar = { spent: used, reserved: Math.min(1 - used, reserved / limit) }
  const state = left === 0 ? 'spent' : used + bar.reserved >= SCARCE ? 'scarce' : 'room'
  return { text: text.join(' · '), bar, state }
}
