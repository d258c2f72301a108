import type { Effect } from '../../../shared/model/capability.ts'
import { type MessageName, t } from '../../ui/strings.ts'

const WORDS = {
  allow: 'effectAllow',
  ask: 'effectAsk',
  deny: 'effectDeny',
} as const satisfies Record<Effect, MessageName>

/** Tone of a chip that says it, as `ui/chip.tsx` has them. */
export const EFFECT_TONES = { allow: 'good', ask: 'warn', deny: 'danger' } as const satisfies Record<
  Effect,
  string
>

/** What a rule or a decision says of a call: `allowed`. */
export function effectText(effect: Effect): string {
  return t(WORDS[effect])
}
