import {
  BUDGET_PERIODS,
  type Capability,
  type CapabilityLimits,
  type Effect,
  type Rule,
} from '../../shared/model/capability.ts'
import { EDITABLE_LIMITS } from '../../shared/model/capability-bounds.ts'
import type { CapabilityDifference } from '../../shared/model/capability-edit.ts'
import type { Service } from '../../shared/model/service.ts'
import { conditionDifferences } from './condition-differences.ts'
import { failoverDifferences } from './failover-differences.ts'
import { patternCovers } from './pattern-covers.ts'
import { patternsMeet } from './patterns-meet.ts'
import { priceDifferences } from './price-differences.ts'

const STRICT: readonly Effect[] = ['deny', 'ask', 'allow']

/**
 * What is otherwise in a capability, and whether each difference lets something through that was not. Errs towards yes: what
 * cannot be shown to be narrower counts as wider.
 */
export function capabilityDifferences(
  before: Capability,
  after: Capability,
  service: Service,
): CapabilityDifference[] {
  return [
    ...ruleDifferences(before.rules, after.rules, service),
    ...modelDifferences(before.models, after.models),
    ...conditionDifferences(before.body, after.body, service),
    ...limitDifferences(before, after),
    ...priceDifferences(before.limits, after.limits),
    ...periodDifferences(before.limits, after.limits),
    ...failoverDifferences(before.failover ?? null, after.failover ?? null),
  ]
}

function ruleDifferences(
  before: readonly Rule[],
  after: readonly Rule[],
  service: Service,
): CapabilityDifference[] {
  const patterns = new Set([...before, ...after].map(({ pattern }) => pattern))
  return [...patterns].flatMap((pattern) => {
    const [was, now] = [effectOf(before, pattern), effectOf(after, pattern)]
    if (was === now) return []
    const opens = ruleOpens({ pattern, was, now }, { before, after }, service)
    return [{ kind: 'rule' as const, pattern, was, now, opens }]
  })
}

/** Of one text with several effects the strictest decides. */
function effectOf(rules: readonly Rule[], pattern: string): Effect | null {
  return (
    STRICT.find((effect) => rules.some((one) => one.effect === effect && one.pattern === pattern)) ?? null
  )
}

function ruleOpens(
  { pattern, was, now }: { pattern: string; was: Effect | null; now: Effect | null },
  { before, after }: { before: readonly Rule[]; after: readonly Rule[] },
  service: Service,
): boolean {
  const lets = (rules: readonly Rule[], effects: readonly Effect[]) =>
    rules.filter(({ effect }) => effects.includes(effect))
  if (now === 'deny') return false
  // What stood in the way of other rules is gone.
  const uncovers = (...effects: readonly Effect[]) =>
    lets(after, effects).some((rule) => patternsMeet(rule.pattern, pattern))
  if (was === 'deny') return now !== null || uncovers('allow', 'ask')
  if (was === 'ask') return now === 'allow' || uncovers('allow')
  if (was === 'allow') return false
  // SECURITY: a rule of this very text opens what the service denies all others.
  if (service.credentialMinting.includes(pattern)) return true
  const wider = lets(before, now === 'ask' ? ['allow', 'ask'] : ['allow'])
  return !wider.some((rule) => patternCovers(rule.pattern, pattern))
}

function modelDifferences(before: string[] | null, after: string[] | null): CapabilityDifference[] {
  const named = (name: string, now: boolean, opens: boolean) => ({ kind: 'model' as const, name, now, opens })
  const list = (now: boolean) => ({ kind: 'model-list' as const, now, opens: !now })
  if (before === null && after === null) return []
  const [old, fresh] = [new Set(before), new Set(after)]
  const added = [...fresh].filter((name) => !old.has(name)).map((name) => named(name, true, before !== null))
  const gone = [...old].filter((name) => !fresh.has(name)).map((name) => named(name, false, false))
  if (before === null) return [list(true), ...added]
  return after === null ? [list(false)] : [...added, ...gone]
}

function limitDifferences(
  { limits: before }: Capability,
  { limits: after }: Capability,
): CapabilityDifference[] {
  return EDITABLE_LIMITS.flatMap((name) => {
    const [was, now] = [before[name], after[name]]
    if (was === now) return []
    // An estimate: a lower one lets more calls run beside each other, a higher one larger calls.
    const opens = name === 'maxTokensPerCall' || now === null || (was !== null && now > was)
    return [{ kind: 'limit' as const, name, was, now, opens }]
  })
}

/** The longer the period, the more of what was used counts. Without a limit on tokens or money it binds nothing. */
function periodDifferences(before: CapabilityLimits, after: CapabilityLimits): CapabilityDifference[] {
  const [was, now] = [before.period, after.period]
  if (was === now) return []
  const length = (period: CapabilityLimits['period']) => BUDGET_PERIODS[period] ?? Number.POSITIVE_INFINITY
  const binds = before.maxTokens !== null || before.maxCost !== null
  return [{ kind: 'period', was, now, opens: binds && length(now) < length(was) }]
}
