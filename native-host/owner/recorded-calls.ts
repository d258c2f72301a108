import { exportAudit } from '../audit/read-audit.ts'
import type { CallRecord, OutcomeRecord } from '../audit/write-audit.ts'
import type { OwnerContext } from './context.ts'

/** Which calls of the log. `since`: milliseconds since the epoch, included. */
export interface CallChoice {
  readonly session?: string
  readonly since?: number
  readonly capability?: string
  readonly service?: string
}

/** A call in the log with how it ended; null where that is not there. */
export interface LoggedCall {
  readonly call: CallRecord
  readonly outcome: OutcomeRecord | null
}

/** The calls chosen, oldest first, of one state of the log. @throws Refusal `store-damaged`. */
export function loggedCalls({ store, keys }: OwnerContext, where: CallChoice): LoggedCall[] {
  return store.snapshot(() => {
    const calls = new Map<string, CallRecord>()
    const outcomes = new Map<string, OutcomeRecord>()
    for (const record of exportAudit(store, keys)) {
      if (record.kind === 'outcome' && calls.has(record.intent)) outcomes.set(record.intent, record)
      if ((record.kind === 'intent' || record.kind === 'refusal') && isChosen(record, where))
        calls.set(record.id, record)
    }
    return [...calls.values()].map((call) => ({ call, outcome: outcomes.get(call.id) ?? null }))
  })
}

function isChosen(record: CallRecord, { session, since, capability, service }: CallChoice): boolean {
  return (
    (session === undefined || record.session === session) &&
    (since === undefined || record.at >= since) &&
    (capability === undefined || record.capability === capability) &&
    (service === undefined || record.service === service)
  )
}
