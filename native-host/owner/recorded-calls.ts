import type { AuditRecord } from '../../shared/model/audit-record.ts'
import { exportAudit, listAudit } from '../audit/read-audit.ts'
import type { CallRecord, OutcomeRecord } from '../audit/write-audit.ts'
import type { OwnerContext } from './context.ts'

/**
 * Which calls of the log. `since`: milliseconds since the epoch, included. `records`: look at that many of the newest records
 * and no others; absent: at all. `calls`: at most so many, the newest.
 */
export interface CallChoice {
  readonly session?: string
  readonly since?: number
  readonly capability?: string
  readonly service?: string
  readonly records?: number
  readonly calls?: number
}

/** A call in the log with how it ended; null where that is not there. */
export interface LoggedCall {
  readonly call: CallRecord
  readonly outcome: OutcomeRecord | null
}

/** The calls chosen, oldest first, of one state of the log. @throws Refusal `store-damaged`. */
export function loggedCalls(context: OwnerContext, where: CallChoice): LoggedCall[] {
  return context.store.snapshot(() => {
    const calls = new Map<string, CallRecord>()
    const outcomes = new Map<string, OutcomeRecord>()
    for (const record of recordsOf(context, where)) {
      if (record.kind === 'outcome' && calls.has(record.intent)) outcomes.set(record.intent, record)
      if ((record.kind === 'intent' || record.kind === 'refusal') && isChosen(record, where))
        calls.set(record.id, record)
    }
    const chosen = [...calls.values()].slice(where.calls === undefined ? 0 : -where.calls)
    return chosen.map((call) => ({ call, outcome: outcomes.get(call.id) ?? null }))
  })
}

/** Oldest first. */
function recordsOf({ store, keys }: OwnerContext, { records }: CallChoice): Iterable<AuditRecord> {
  return records === undefined
    ? exportAudit(store, keys)
    : listAudit(store, keys, { limit: records }).toReversed()
}

function isChosen(record: CallRecord, { session, since, capability, service }: CallChoice): boolean {
  return (
    (session === undefined || record.session === session) &&
    (since === undefined || record.at >= since) &&
    (capability === undefined || record.capability === capability) &&
    (service === undefined || record.service === service)
  )
}
