import type { Failover, FailoverTrigger } from '../../shared/model/failover.ts'
import type { Reason } from '../policy/reason.ts'
import { Problem } from '../problem.ts'
import type { Exchanged } from './exchange.ts'

/** How a request to the first service ended: with an answer or a redirect, or failed. */
export type FirstTry = { readonly exchanged: Exchanged } | { readonly problem: unknown }

/**
 * Why a call goes on elsewhere, or null where it does not.
 *
 * @param hasLeft false where no byte of the request can have left.
 */
export function triggerOf(first: FirstTry, hasLeft: boolean, { on }: Failover): FailoverTrigger | null {
  const trigger = 'problem' in first ? ofProblem(first.problem, hasLeft) : ofAnswer(first.exchanged)
  return trigger !== null && on.includes(trigger) ? trigger : null
}

/** A token server that is down, with the service most likely. What it said no to stays a no: only the owner can mend that. */
const NO_TOKEN_SERVER: ReadonlySet<string> = new Set<Reason>(['token-unreachable', 'token-timeout'])

// SECURITY: a connection that breaks once the request has left is no `unreachable`: the service may have done it.
function ofProblem(problem: unknown, hasLeft: boolean): FailoverTrigger | null {
  if (!(problem instanceof Problem)) return null
  if (problem.code === 'credential-unavailable')
    return !hasLeft && NO_TOKEN_SERVER.has(problem.reason) ? 'unreachable' : null
  if (problem.code !== 'upstream-unreachable' && problem.code !== 'upstream-timeout') return null
  return hasLeft ? 'timeout' : 'unreachable'
}

function ofAnswer(exchanged: Exchanged): FailoverTrigger | null {
  if (!('reply' in exchanged)) return null
  const { status } = exchanged.reply
  if (status === 429) return '429'
  return status >= 500 ? '5xx' : null
}
