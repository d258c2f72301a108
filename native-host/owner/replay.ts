import type { Capability, Effect } from '../../shared/model/capability.ts'
import { judgeRecorded } from '../policy/judge-recorded.ts'
import type { OwnerContext } from './context.ts'
import { type CallChoice, type LoggedCall, loggedCalls } from './recorded-calls.ts'
import { requireCapability, requireService } from './require.ts'
import { recordedOf } from './tighten.ts'

/** Why a call was let through or not by rules: what the same rules say again. Other refusals have other causes. */
const BY_RULES = [
  'rule-allow',
  'rule-ask',
  'write-ask',
  'rule-deny',
  'no-rule',
  'query-not-listed',
  'always-denied',
  'credential-minting',
  'no-auth',
]

/** Calls of the log that are alike, decided again. */
export interface Replayed {
  readonly method: string
  readonly url: string
  readonly query: readonly string[]
  readonly count: number
  readonly was: Effect
  readonly wasReason: string
  readonly now: Effect
  readonly nowReason: string
  readonly rule: string | null
  /** What nobody can tell any more: `body`, `query`. */
  readonly unjudged: readonly string[]
}

/** What would have become of recorded calls under a capability. */
export interface Replay {
  readonly capability: string
  /** Calls looked at, with how many would be decided as they were. */
  readonly calls: number
  readonly same: number
  readonly changed: readonly Replayed[]
  /** Calls let through as far as can be told, whose body or query the capability has conditions on. */
  readonly uncertain: readonly Replayed[]
  /** Calls that were refused for something that is not a rule: a limit, an ended session, a body, the owner's no. */
  readonly otherwiseRefused: number
}

/**
 * Decide again, by a capability, what the log holds of calls to its service: sends nothing, writes nothing.
 *
 * @param where `capability` there: only calls that were made under that one. @throws Refusal `unknown`.
 */
export function replay(context: OwnerContext, id: string, where: CallChoice): Replay {
  return replayUnder(context, requireCapability(context, id), where)
}

/** As {@link replay}, by a capability that need not be saved. @throws Refusal `unknown` for its service. */
export function replayUnder(context: OwnerContext, capability: Capability, where: CallChoice): Replay {
  const service = requireService(context, capability.service)
  const all = loggedCalls(context, { ...where, service: service.id }).map(({ call }) => call)
  const judged = all.filter(({ reason, url }) => BY_RULES.includes(reason) && url !== null)
  const groups = Map.groupBy(judged, ({ method, url, query, decision, reason, body }) =>
    JSON.stringify([method, url, query, decision, reason, body !== null]),
  )
  const replayed = [...groups.values()].flatMap((group) => {
    const [first] = group
    const [recorded] = first === undefined ? [] : recordedOf(first)
    if (first === undefined || recorded === undefined) return []
    const { decision, unjudged } = judgeRecorded(recorded, capability, service)
    return [
      {
        method: recorded.method,
        url: recorded.url,
        query: recorded.query,
        count: counted(group),
        ...wasByRules(first),
        now: decision.effect,
        nowReason: decision.reason,
        rule: decision.rule,
        unjudged,
      },
    ]
  })
  const changed = replayed.filter(({ was, now }) => was !== now)
  return {
    capability: capability.id,
    calls: counted(all),
    same: counted(replayed.filter(({ was, now }) => was === now)),
    changed,
    uncertain: replayed.filter(({ was, now, unjudged }) => was === now && unjudged.length > 0),
    otherwiseRefused: counted(all) - counted(judged),
  }
}

/** What the rules had said: that a site's owner wanted to be asked before changes was no rule's doing. */
function wasByRules({ decision, reason }: LoggedCall['call']): Pick<Replayed, 'was' | 'wasReason'> {
  if (reason === 'write-ask') return { was: 'allow', wasReason: 'rule-allow' }
  return { was: decision, wasReason: reason }
}

function counted(calls: readonly { readonly count: number }[]): number {
  return calls.reduce((sum, { count }) => sum + count, 0)
}
