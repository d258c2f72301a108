import type { BodyRule } from '../../shared/model/capability.ts'
import type { CapabilityDifference } from '../../shared/model/capability-edit.ts'
import type { Service } from '../../shared/model/service.ts'
import { openedBy } from './denied-fields.ts'

/**
 * Conditions that are new or gone, and whether that lets something through. All must hold, so a new one opens only what it
 * names of the fields that the service denies, and one that is gone opens unless another says as much. Those of GraphQL are
 * alternatives: there a new one opens beside others, and one that is gone does only as the last.
 */
export function conditionDifferences(
  before: readonly BodyRule[],
  after: readonly BodyRule[],
  service: Service,
): CapabilityDifference[] {
  const added = missingIn(before, after).map((rule) => {
    const frees = openedBy(rule, before, service)
    if (frees.length > 0) return { kind: 'condition' as const, rule, now: true, opens: true, frees }
    const opens = rule.op === 'graphql' && before.some(({ op }) => op === 'graphql')
    return { kind: 'condition' as const, rule, now: true, opens }
  })
  const gone = missingIn(after, before).map((rule) => {
    const opens =
      rule.op === 'graphql'
        ? !after.some(({ op }) => op === 'graphql')
        : !after.some((other) => saysAsMuch(other, rule))
    return { kind: 'condition' as const, rule, now: false, opens }
  })
  return [...added, ...gone]
}

/** Those of the second list that the first does not have, each once. */
function missingIn(rules: readonly BodyRule[], others: readonly BodyRule[]): BodyRule[] {
  const known = new Set(rules.map((rule) => JSON.stringify(rule)))
  const fresh = others.map((rule) => [JSON.stringify(rule), rule] as const)
  return [...new Map(fresh.filter(([text]) => !known.has(text))).values()]
}

/** True where every body that meets the first meets the second. Errs towards no. */
function saysAsMuch(one: BodyRule, other: BodyRule): boolean {
  if (one.op === 'fields' && other.op === 'fields') return one.only.every((name) => other.only.includes(name))
  if (!('pointer' in one && 'pointer' in other) || one.pointer !== other.pointer) return false
  if (one.op === 'in' && other.op === 'in') return one.values.every((value) => other.values.includes(value))
  if (one.op === '<=' && other.op === '<=')
    return one.limit <= other.limit && (one.orAbsent !== true || other.orAbsent === true)
  return false
}
