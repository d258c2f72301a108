import { decideCall } from '../policy/decide-call.ts'
import type { Decision } from '../policy/decision.ts'
import type { Candidate } from './admit.ts'
import { type HeldBody, readable } from './hold-body.ts'

/** A candidate with what its capability says, and the body that is decided and sent. */
export interface Verdict extends Candidate {
  readonly decision: Decision
  readonly body: HeldBody
}

/**
 * Ask every candidate's capability and take the most generous answer: each capability is a grant of its own, and a
 * deny in one takes nothing from another.
 */
export function verdictOver(candidates: readonly [Candidate, ...Candidate[]], body: HeldBody): Verdict {
  const verdicts = candidates.map((candidate) => verdictOf(candidate, body))
  const best =
    verdicts.find(({ decision }) => decision.effect === 'allow') ??
    verdicts.find(({ decision }) => decision.effect === 'ask') ??
    verdicts[0]
  return best as Verdict
}

function verdictOf(candidate: Candidate, body: HeldBody): Verdict {
  const { request, capability, service, askWrites } = candidate
  const decided = decideCall(request, readable(body), capability, service, askWrites)
  return { ...candidate, decision: decided.decision, body: decided.body ?? body }
}
