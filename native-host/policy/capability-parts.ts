import type { BodyRule, Capability, CapabilityOrigin, Effect, Rule } from '../../shared/model/capability.ts'
import { EDITABLE_LIMITS } from '../../shared/model/capability-bounds.ts'

/** What a preset says of a capability. */
export type CapabilityMade = CapabilityOrigin['made']

/**
 * One thing of that. A rule goes by its pattern and a condition by the field it speaks of, so that what the owner made of
 * one is told from what the preset did.
 */
export interface CapabilityPart {
  readonly part: 'label' | 'rule' | 'condition' | 'limit'
  readonly name: string
  /** JSON. */
  readonly value: unknown
}

/** Strictest first: of one pattern with several effects the strictest decides. */
const STRICT: readonly Effect[] = ['deny', 'ask', 'allow']

/** All that is said in a capability, one by one. */
export function capabilityParts({ label, rules, body, limits }: CapabilityMade): CapabilityPart[] {
  const patterns = [...new Set(rules.map(({ pattern }) => pattern))]
  const fields = Map.groupBy(body, fieldOf)
  return [
    { part: 'label', name: '', value: label },
    ...patterns.map((name) => ({ part: 'rule' as const, name, value: effectOf(rules, name) })),
    ...[...fields].map(([name, value]) => ({ part: 'condition' as const, name, value })),
    ...EDITABLE_LIMITS.map((name) => ({ part: 'limit' as const, name, value: limits[name] })),
  ]
}

/** The same with one part otherwise; null: without it (of a limit: no limit). */
export function withCapabilityPart(
  made: CapabilityMade,
  { part, name, value }: CapabilityPart,
): CapabilityMade {
  switch (part) {
    case 'label':
      return { ...made, label: String(value) }
    case 'rule': {
      const others = made.rules.filter(({ pattern }) => pattern !== name)
      return {
        ...made,
        rules: value === null ? others : [...others, { effect: value as Effect, pattern: name }],
      }
    }
    case 'condition': {
      const others = made.body.filter((rule) => fieldOf(rule) !== name)
      return { ...made, body: [...others, ...((value ?? []) as BodyRule[])] }
    }
    case 'limit':
      return { ...made, limits: { ...made.limits, [name]: value } }
  }
}

/** A capability as its preset would have said it. */
export function capabilityView({ label, rules, body, limits }: Capability): CapabilityMade {
  return { label, rules, body, limits }
}

function effectOf(rules: readonly Rule[], pattern: string): Effect | null {
  return (
    STRICT.find((effect) => rules.some((one) => one.effect === effect && one.pattern === pattern)) ?? null
  )
}

/** The conditions of GraphQL are alternatives to each other: they are one. */
function fieldOf(rule: BodyRule): string {
  return 'pointer' in rule ? rule.pointer : rule.op
}
