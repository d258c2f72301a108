import type { MessageName } from '../ui/strings.ts'

/** What would let a refused call pass. */
export interface RefusalMend {
  text: MessageName
  /** The room of the control room where the owner changes it, and the words to go there; null: nothing is changed there. */
  go: { room: 'capabilities' | 'budgets' | 'services' | 'activity'; text: MessageName } | null
}

const RULES: RefusalMend = { text: 'mendRules', go: { room: 'capabilities', text: 'mendRulesDo' } }
const LIMITS: RefusalMend = { text: 'mendLimits', go: { room: 'capabilities', text: 'mendLimitsDo' } }
const BUDGET: RefusalMend = { text: 'mendBudget', go: { room: 'budgets', text: 'mendBudgetDo' } }
const CONNECT: RefusalMend = { text: 'mendConnect', go: null }
const ANSWER: RefusalMend = { text: 'mendAnswer', go: null }
const RESUME: RefusalMend = { text: 'mendPaused', go: null }
const NEVER: RefusalMend = { text: 'mendNever', go: null }

const MEND_UNKNOWN: RefusalMend = {
  text: 'mendActivity',
  go: { room: 'activity', text: 'mendActivityDo' },
}

const MENDS: Record<string, RefusalMend> = {
  'no-rule': RULES,
  'rule-deny': RULES,
  'rule-malformed': RULES,
  'query-not-listed': RULES,
  'body-required': RULES,
  'body-rule': RULES,
  'field-in-address': RULES,
  'graphql-address': RULES,
  'credential-minting': RULES,
  'model-not-listed': { text: 'mendModels', go: { room: 'capabilities', text: 'mendRulesDo' } },
  'rate-limited': LIMITS,
  'concurrency-limited': LIMITS,
  'too-many-tokens': LIMITS,
  'budget-spent': BUDGET,
  'tokens-spent': BUDGET,
  'cost-spent': BUDGET,
  'no-session': CONNECT,
  'session-ended': CONNECT,
  'vault-paused': RESUME,
  'approval-denied': ANSWER,
  'approval-timeout': ANSWER,
  'approval-muted': ANSWER,
  'approval-stale': ANSWER,
  'too-many-waiting': ANSWER,
  'secret-missing': { text: 'mendKey', go: { room: 'services', text: 'mendKeyDo' } },
  'always-denied': NEVER,
}

/** Where in the control room the change is made: at the capability itself, where the refused call was one of a capability's. */
export function mendPlace(room: NonNullable<RefusalMend['go']>['room'], capability: string | null): string {
  return room === 'capabilities' && capability !== null ? `${room}/${capability}` : room
}

/** The one change that would let calls like it pass. Where there is none to name, the activity has the whole record. */
export function refusalMend(reason: string): RefusalMend {
  const mend = Object.hasOwn(MENDS, reason) ? MENDS[reason] : undefined
  return mend ?? MEND_UNKNOWN
}
