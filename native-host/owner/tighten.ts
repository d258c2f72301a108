import type { Capability, CapabilityLimits } from '../../shared/model/capability.ts'
import { say } from '../../shared/model/said.ts'
import { bodyRuleText } from '../policy/body-rule-text.ts'
import type { RecordedCall } from '../policy/judge-recorded.ts'
import { tightenRules } from '../policy/tighten.ts'
import { checkCapability } from '../policy/validate.ts'
import { Refusal } from '../refusal.ts'
import { putCapability } from '../store/capabilities.ts'
import type { OwnerContext } from './context.ts'
import { record } from './record.ts'
import { type CallChoice, type LoggedCall, loggedCalls } from './recorded-calls.ts'
import { requireCapability, requireService } from './require.ts'

/** What a tighter capability would be, as a difference. */
export interface Tightening {
  readonly capability: string
  /** Calls and sessions it was made from. */
  readonly calls: number
  readonly sessions: number
  readonly before: Capability
  readonly after: Capability
  /** Rules as `allow GET /v1/models`. */
  readonly removed: readonly string[]
  readonly added: readonly string[]
  readonly limits: readonly {
    readonly name: string
    readonly before: number | null
    readonly after: number | null
  }[]
  /** What the log does not tell, so that it stays as it is. */
  readonly kept: readonly string[]
}

/** By which calls of the log: see `CallChoice`. */
export type TightenBy = Pick<CallChoice, 'session' | 'since' | 'records'>

/** How much more than what was used is left: people do a little more tomorrow. */
const ROOM = 2
/** The least that is proposed for a limit of bytes, bytes: nobody means that nothing may be sent by one that says a single byte. */
const LEAST_BYTES = 1000
const MINUTE = 60_000

/**
 * The smallest capability that would have let through what was used of it, by the log: rules, and limits on calls and bytes
 * with as much room again.
 *
 * @throws Refusal `unknown` for a capability there is not, `invalid` where the log holds no call of it.
 */
export function proposeTighter(context: OwnerContext, id: string, where: TightenBy): Tightening {
  const before = requireCapability(context, id)
  const service = requireService(context, before.service)
  const used = loggedCalls(context, { ...where, capability: id }).filter(({ call }) => call.kind === 'intent')
  const recorded = used.flatMap(({ call }) => recordedOf(call))
  if (recorded.length === 0)
    throw new Refusal('invalid', say`the log holds no call of \`${id}\` that was sent: nothing to go by`)
  const rules = tightenRules(recorded, before, service)
  const after = { ...before, rules, limits: { ...before.limits, ...tighterLimits(used, before.limits) } }
  checkCapability(after, service)
  const [old, fresh] = [textsOf(before), textsOf(after)]
  return {
    capability: id,
    calls: recorded.length,
    sessions: sessionsOf(used).size,
    before,
    after,
    removed: old.filter((text) => !fresh.includes(text)),
    added: fresh.filter((text) => !old.includes(text)),
    limits: changedLimits(before.limits, after.limits),
    kept: keptOf(before),
  }
}

/** Save what `proposeTighter` proposes; it binds live sessions from their next call. @throws Refusal as it does. */
export function tighten(context: OwnerContext, id: string, where: TightenBy): Tightening {
  return context.store.transaction(() => {
    const proposed = proposeTighter(context, id, where)
    putCapability(context.store, context.keys, proposed.after)
    record(context, 'capability.tighten', id)
    return proposed
  })
}

/** A call of the log as the policy judges it; none where its address is not known. */
export function recordedOf({ method, url, query, body }: LoggedCall['call']): RecordedCall[] {
  return url === null ? [] : [{ method, url, query, hasBody: body !== null }]
}

function textsOf({ rules }: Capability): string[] {
  return rules.map(({ effect, pattern }) => `${effect} ${pattern}`)
}

function sessionsOf(used: readonly LoggedCall[]): Map<string, LoggedCall[]> {
  return Map.groupBy(used, ({ call }) => call.session ?? 'none')
}

/** Limits of one session by what the busiest one used; never looser than they are. */
function tighterLimits(used: readonly LoggedCall[], now: CapabilityLimits): Partial<CapabilityLimits> {
  const sessions = [...sessionsOf(used).values()]
  const most = (of: (calls: readonly LoggedCall[]) => number) => Math.max(...sessions.map(of))
  const sum = (of: (call: LoggedCall) => number) => (calls: readonly LoggedCall[]) =>
    calls.reduce((total, call) => total + of(call), 0)
  const bytesUp = sum(({ call, outcome }) => Math.max(call.body?.bytes ?? 0, outcome?.requestBytes ?? 0))
  return {
    maxRequests: tighter(
      most((calls) => calls.length),
      now.maxRequests,
    ),
    maxBytesUp: tighter(most(bytesUp), now.maxBytesUp, LEAST_BYTES),
    maxBytes: tighter(most(sum(({ outcome }) => outcome?.responseBytes ?? 0)), now.maxBytes, LEAST_BYTES),
    ratePerMinute: tighter(busiestMinute(used), now.ratePerMinute),
  }
}

function tighter(used: number, limit: number | null, least = 1): number | null {
  const roomy = Math.max(least, rounded(used * ROOM))
  return limit === null ? roomy : Math.min(limit, roomy)
}

/** Up to two digits that count: 1234 becomes 1300. */
function rounded(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1)
  return Math.ceil(value / unit) * unit
}

function busiestMinute(used: readonly LoggedCall[]): number {
  const times = used.map(({ call }) => call.at).sort((one, other) => one - other)
  let most = 0
  let from = 0
  times.forEach((time, index) => {
    while (time - (times[from] ?? time) >= MINUTE) from += 1
    most = Math.max(most, index - from + 1)
  })
  return most
}

function changedLimits(before: CapabilityLimits, after: CapabilityLimits): Tightening['limits'] {
  const names = ['maxRequests', 'maxBytesUp', 'maxBytes', 'ratePerMinute'] as const
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => ({ name, before: before[name], after: after[name] }))
}

function keptOf({ body, models }: Capability): string[] {
  return [
    models === null
      ? 'which models were named: the log does not hold it, so no list is proposed'
      : `the list of ${models.length} models: the log does not hold which were named`,
    ...(body.length === 0
      ? []
      : [`the conditions on bodies (${body.map(bodyRuleText).join('; ')}): the log holds no bodies`]),
    'values of the query: the log holds names only',
  ]
}
