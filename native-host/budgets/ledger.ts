import * as z from 'zod/mini'
import { BUDGET_PERIODS, type CapabilityLimits } from '../../shared/model/capability.ts'
import { NameSchema, TimestampSchema } from '../../shared/model/names.ts'
import { Refusal } from '../refusal.ts'
import { bytesOf, integerOf } from '../store/columns.ts'
import { openJson, sealJson } from '../store/sealed-json.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { sum } from './amounts.ts'
import { capabilityIndex } from './reservation-rows.ts'

/** Spans a period is kept in: what was used comes back at most a 24th of the period after the period is over, never before. */
const SPANS = 24

const SpentSchema = z.object({
  calls: z.int(),
  /** Calls that could have spent tokens and did not say how many: counted as all that was reserved. */
  unknown: z.int(),
  tokens: z.int(),
  cost: z.int(),
})
/** What was used up. */
export type Spent = z.infer<typeof SpentSchema>

const SpanSchema = z.extend(SpentSchema, { from: TimestampSchema, to: TimestampSchema })
/** A ledger as it is stored and backed up. */
export const LedgerSchema = z.object({
  capability: NameSchema,
  /** When counting began: the first call, or the last reset. */
  since: TimestampSchema,
  spans: z.array(SpanSchema),
})
/** What a capability used, over the longest period. */
export type Ledger = z.infer<typeof LedgerSchema>

const NOTHING: Spent = { calls: 0, unknown: 0, tokens: 0, cost: 0 }

function placeOf(index: Uint8Array, version: number): string {
  return `budgets:${Buffer.from(index).toString('hex')}:${version}`
}

function read(store: Store, keys: VaultKeys, capability: string): { ledger: Ledger; version: number } | null {
  const index = capabilityIndex(keys, capability)
  const row = store.get('SELECT version, sealed FROM budgets WHERE capability_index = ?', index)
  if (row === null) return null
  const version = integerOf(row, 'version')
  const ledger = openJson(keys, placeOf(index, version), LedgerSchema, bytesOf(row, 'sealed'))
  if (ledger.capability !== capability)
    throw new Refusal('store-damaged', 'the vault is damaged: a budget answers to the wrong name')
  return { ledger, version }
}

function write(store: Store, keys: VaultKeys, ledger: Ledger, version: number): void {
  const index = capabilityIndex(keys, ledger.capability)
  const sealed = sealJson(keys, placeOf(index, version), LedgerSchema, ledger)
  store.run(
    'INSERT INTO budgets (capability_index, version, sealed) VALUES (?, ?, ?) ON CONFLICT (capability_index) DO UPDATE SET version = excluded.version, sealed = excluded.sealed',
    index,
    version,
    sealed,
  )
}

/** Milliseconds of a period; null for one without end. */
function lengthOf(period: CapabilityLimits['period']): number | null {
  const seconds = BUDGET_PERIODS[period]
  return seconds === null ? null : seconds * 1000
}

/** A span counts until the period after its last moment is over. */
function counting(ledger: Ledger, period: CapabilityLimits['period'], time: number): Ledger['spans'] {
  const length = lengthOf(period)
  return length === null ? ledger.spans : ledger.spans.filter(({ to }) => to + length > time)
}

/**
 * What a capability has used within its period, calls that still run left out.
 *
 * @param time the vault's time, milliseconds. @returns with it when counting began and when some of it comes back first;
 *   null where that is never, or nothing was used. @throws Refusal `store-damaged`.
 */
export function spentIn(
  store: Store,
  keys: VaultKeys,
  capability: string,
  period: CapabilityLimits['period'],
  time: number,
): Spent & { since: number | null; freesAt: number | null } {
  const found = read(store, keys, capability)
  if (found === null) return { ...NOTHING, since: null, freesAt: null }
  const spans = counting(found.ledger, period, time)
  const length = lengthOf(period)
  const first = spans[0]
  const freesAt = first === undefined || length === null ? null : first.to + length
  return { ...spans.reduce(added, NOTHING), since: found.ledger.since, freesAt }
}

function added(one: Spent, other: Spent): Spent {
  return {
    calls: sum(one.calls, other.calls),
    unknown: sum(one.unknown, other.unknown),
    tokens: sum(one.tokens, other.tokens),
    cost: sum(one.cost, other.cost),
  }
}

/**
 * Count what a call used. Within the transaction of its outcome.
 *
 * @param time the vault's time, milliseconds.
 */
export function spend(store: Store, keys: VaultKeys, capability: string, used: Spent, time: number): void {
  const found = read(store, keys, capability)
  const ledger = found?.ledger ?? { capability, since: time, spans: [] }
  write(store, keys, { ...ledger, spans: withSpan(ledger.spans, used, time) }, (found?.version ?? 0) + 1)
}

/** An hour at a time for the last day, then the days before: the longest period is exact to the span, and the row stays small. */
function withSpan(spans: Ledger['spans'], used: Spent, time: number): Ledger['spans'] {
  const hour = (BUDGET_PERIODS.day * 1000) / SPANS
  const last = spans.at(-1)
  // The vault's time never goes back, so the last span is the newest.
  if (last !== undefined && time < last.to) return [...spans.slice(0, -1), { ...last, ...added(last, used) }]
  const from = last === undefined ? time : Math.max(time, last.to)
  return merged([...spans, { ...used, from, to: from + hour }], time)
}

/** Join spans older than a day while both lie within a 24th of the week, and older than a month into one. */
function merged(spans: Ledger['spans'], time: number): Ledger['spans'] {
  const joined: Ledger['spans'] = []
  for (const span of spans) {
    const before = joined.at(-1)
    if (before !== undefined && span.to - before.from <= widthAt(time - span.to)) {
      joined[joined.length - 1] = { ...added(before, span), from: before.from, to: span.to }
    } else joined.push(span)
  }
  return joined
}

function widthAt(age: number): number {
  const { day, week, month } = BUDGET_PERIODS
  if (age <= day * 1000) return 0
  if (age <= week * 1000) return (week * 1000) / SPANS
  return age <= month * 1000 ? (month * 1000) / SPANS : Number.POSITIVE_INFINITY
}

/** Begin to count anew. What runs stays reserved, and counts when it is over. Within the transaction of the act. */
export function resetLedger(store: Store, keys: VaultKeys, capability: string, time: number): void {
  const version = (read(store, keys, capability)?.version ?? 0) + 1
  write(store, keys, { capability, since: time, spans: [] }, version)
}

/** Everything that was counted for a capability; null where nothing was. @throws Refusal `store-damaged`. */
export function wholeLedger(store: Store, keys: VaultKeys, capability: string): Ledger | null {
  return read(store, keys, capability)?.ledger ?? null
}

/**
 * Put back what was counted for a capability that has no ledger. Within the transaction of the act.
 *
 * SECURITY: where there is one it stays: what was used must not become less by an older state of it.
 *
 * @returns false where there is one.
 */
export function putBackLedger(store: Store, keys: VaultKeys, ledger: Ledger): boolean {
  if (read(store, keys, ledger.capability) !== null) return false
  write(store, keys, ledger, 1)
  return true
}
