import type { Measure } from '../../shared/protocol/budget-commands.ts'
import { t } from '../ui/strings.ts'

/** A limit as it is drawn and said. */
export interface MeasureWords {
  /** `1,200 of 5,000 tokens used · 300 held by calls under way · 3,500 left`. */
  text: string
  /** Parts of the whole, 0 to 1, that was used and that calls in flight hold; null where there is no limit to draw. */
  bar: { spent: number; reserved: number } | null
  state: 'room' | 'scarce' | 'spent'
}

/** From this share of a limit on it is said to run short. */
const SCARCE = 0.8

/** Writes figures of a measure. */
export interface Amounts {
  /** With its unit: `500,000 tokens`. */
  whole: (figure: number) => string
  /** Where the unit follows by itself: `301,200`. Absent: as `whole`. */
  part?: (figure: number) => string
}

/** Say a limit and its use. */
export function measureWords({ limit, spent, reserved, left }: Measure, amounts: Amounts): MeasureWords {
  const { whole, part = whole } = amounts
  const held = reserved === 0 ? [] : [t('measureHeld', part(reserved))]
  if (limit === null || left === null)
    return { text: [t('measureUsed', whole(spent)), ...held].join(' · '), bar: null, state: 'room' }
  const text = [t('measureOf', part(spent), whole(limit)), ...held, t('measureLeft', part(left))]
  const used = Math.min(1, spent / limit)
  const bar = { spent: used, reserved: Math.min(1 - used, reserved / limit) }
  const state = left === 0 ? 'spent' : used + bar.reserved >= SCARCE ? 'scarce' : 'room'
  return { text: text.join(' · '), bar, state }
}
