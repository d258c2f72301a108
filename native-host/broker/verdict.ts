import { decide } from '../policy/decide.ts'
import type { Decision } from '../policy/decision.ts'
import type { Problem } from '../problem.ts'
import type { Candidate } from './admit.ts'

/** A candidate with what its capability says. */
export interface Verdict extends Candidate {
  readonly decision: Decision
}

/**
 * Ask every candidate's capability and take the most generous answer: each capability is a grant of its own, and a
 * deny in one takes nothing from another.
 */
export function verdictOver(
  candidates: readonly [Candidate, ...Candidate[]],
  body: Uint8Array | null,
): Verdict {
  const verdicts = candidates.map((candidate) => ({
    ...candidate,
    decision: decide(candidate.request, body, candidate.capability, candidate.service),
  }))
  const best =
    verdicts.find(({ decision }) => decision.effect === 'allow') ??
    verdicts.find(({ decision }) => decision.effect === 'ask') ??
    verdicts[0]
  return best as Verdict
}

/** The page's code for a refused transaction: what a problem may say of why there was no permit. */
export type PermitRefusal = Extract<Problem['code'], 'session-ended' | 'rate-limited' | 'budget-spent'>
