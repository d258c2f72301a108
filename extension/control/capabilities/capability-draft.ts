import type { BodyRule, Capability, CapabilityLimits, Rule } from '../../../shared/model/capability.ts'
import { EDITABLE_LIMITS, type EditableLimit } from '../../../shared/model/capability-bounds.ts'
import type { CapabilityEdit } from '../../../shared/model/capability-edit.ts'
import { namedModels } from '../service-name.ts'
import { type ConditionDraft, conditionDraft, readCondition } from './condition-draft.ts'
import { type FailoverDraft, failoverDraft, readFailover } from './failover-draft.ts'
import { limitField, readLimit } from './limit-words.ts'
import { type PriceDraft, priceDraft, readPrices } from './price-draft.ts'

/** A capability as its owner is changing it: everything as it stands in a field. */
export interface CapabilityDraft {
  rules: Rule[]
  /** One a line. Null: the capability says nothing about models. */
  models: string | null
  body: ConditionDraft[]
  limits: Record<EditableLimit, string>
  period: CapabilityLimits['period']
  /** Null: money is not counted. */
  prices: PriceDraft | null
  /** Null: calls go on nowhere. */
  failover: FailoverDraft | null
}

/** What a capability is before anything was changed. */
export function draftOf({ rules, models, body, limits, failover }: Capability): CapabilityDraft {
  const fields = EDITABLE_LIMITS.map((name) => [name, limitField(name, limits[name])])
  return {
    rules: [...rules],
    models: models === null ? null : models.join('\n'),
    body: body.map(conditionDraft),
    limits: Object.fromEntries(fields) as CapabilityDraft['limits'],
    period: limits.period,
    prices: priceDraft(limits.prices),
    failover: failoverDraft(failover),
  }
}

/** Limits whose fields hold something that is none. */
export function draftFaults({ limits }: Pick<CapabilityDraft, 'limits'>): EditableLimit[] {
  return EDITABLE_LIMITS.filter((name) => readLimit(name, limits[name]) === undefined)
}

/** True where all of a draft can be read, so that what is saved is what stands in its fields. */
export function isWhole(draft: CapabilityDraft): boolean {
  const { body, failover, prices } = draft
  const isGoingOn = failover === null || readFailover(failover) !== null
  const isPriced = prices === null || readPrices(prices) !== null
  return (
    draftFaults(draft).length === 0 &&
    isGoingOn &&
    isPriced &&
    body.every((each) => readCondition(each) !== null)
  )
}

/** What the draft changes of a capability, and nothing else; a part that cannot be read stays as it is. */
export function editOf(draft: CapabilityDraft, before: Capability): CapabilityEdit {
  const was = draftOf(before)
  const rules = draft.rules.map(({ effect, pattern }) => ({ effect, pattern: pattern.trim() }))
  const limits = EDITABLE_LIMITS.flatMap((name) => {
    const value = readLimit(name, draft.limits[name])
    return value === undefined || draft.limits[name] === was.limits[name] ? [] : [[name, value] as const]
  })
  const period = draft.period === was.period ? [] : [['period', draft.period] as const]
  const figures = [...limits, ...period, ...priceEdit(draft, was)]
  return {
    ...(isSame(rules, before.rules) ? {} : { rules }),
    ...(draft.models === was.models
      ? {}
      : { models: draft.models === null ? null : namedModels(draft.models) }),
    ...(isSame(draft.body, was.body) ? {} : bodyEdit(draft.body)),
    ...(isSame(draft.failover, was.failover) ? {} : failoverEdit(draft.failover)),
    ...(figures.length === 0 ? {} : { limits: Object.fromEntries(figures) }),
  }
}

function priceEdit({ prices }: CapabilityDraft, was: CapabilityDraft) {
  if (isSame(prices, was.prices)) return []
  // Without prices nothing is left to limit.
  if (prices === null) return [['prices', null] as const, ['maxCost', null] as const]
  const read = readPrices(prices)
  return read === null ? [] : [['prices', read] as const]
}

function bodyEdit(drafts: readonly ConditionDraft[]): Pick<CapabilityEdit, 'body'> {
  const body: BodyRule[] = drafts.flatMap((each) => readCondition(each) ?? [])
  return body.length < drafts.length ? {} : { body }
}

function failoverEdit(draft: FailoverDraft | null): Pick<CapabilityEdit, 'failover'> {
  if (draft === null) return { failover: null }
  const failover = readFailover(draft)
  return failover === null ? {} : { failover }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
