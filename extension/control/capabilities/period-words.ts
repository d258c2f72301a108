import type { CapabilityLimits } from '../../../shared/model/capability.ts'
import { type MessageName, t } from '../../ui/strings.ts'

/** How far back tokens and money may be counted, the shortest first. */
export const PERIODS = ['day', 'week', 'month', 'total'] as const

const WORDS = {
  day: 'usedDay',
  week: 'usedWeek',
  month: 'usedMonth',
  total: 'usedTotal',
} as const satisfies Record<CapabilityLimits['period'], MessageName>

/** A period as it follows what was used: `in the last 24 hours`. */
export function periodText(period: CapabilityLimits['period']): string {
  return t(WORDS[period])
}
