import type { Effect } from '../../shared/model/capability.ts'
import type { Reason } from './reason.ts'

/** The answer to one call. */
export interface Decision {
  readonly effect: Effect
  readonly reason: Reason
  /** The rule or condition that decided, in the owner's words; null where none did. */
  readonly rule: string | null
}
