import type { AuditRecord } from '../../shared/model/audit-record.ts'
import type { SessionSummary } from '../../shared/protocol/session-commands.ts'
import type { CallRecord } from '../audit/write-audit.ts'
import { findService } from '../store/services.ts'
import type { OwnerContext } from './context.ts'

/** The last call of a session, as the popup shows it. */
export type LastCall = NonNullable<SessionSummary['lastCall']>
type WentElsewhere = NonNullable<LastCall['failover']>

/**
 * The last call of each session that has one in these records.
 *
 * @param audit newest first, so that an outcome is met before the intent it closes.
 */
export function lastCalls(context: OwnerContext, audit: readonly AuditRecord[]): Map<string, LastCall> {
  const calls = new Map<string, LastCall>()
  const status = new Map<string, number | null>()
  const asked = audit.filter((each): each is CallRecord => each.kind === 'intent' || each.kind === 'refusal')
  for (const each of audit) if (each.kind === 'outcome') status.set(each.intent, each.status)
  for (const each of asked) {
    if (each.session === null || calls.has(each.session)) continue
    const { at, method, url, decision } = each
    const path = url === null ? '' : (URL.parse(url)?.pathname ?? '')
    const failover = wentElsewhere(context, each, asked)
    const last = { at, method, path, status: status.get(each.id) ?? null, decision }
    calls.set(each.session, failover === null ? last : { ...last, failover })
  }
  return calls
}

/** Where a call went on to, or came from; null where it stayed with its own service. */
function wentElsewhere(
  { store, keys }: OwnerContext,
  { id, insteadOf }: CallRecord,
  asked: readonly CallRecord[],
): WentElsewhere | null {
  const labelOf = (service: string | null | undefined) =>
    service ? (findService(store, keys, service)?.label ?? service) : ''
  const next = asked.find((each) => each.kind === 'intent' && each.insteadOf?.intent === id)
  if (next?.insteadOf !== undefined)
    return { way: 'to', serviceLabel: labelOf(next.service), on: next.insteadOf.on }
  if (insteadOf === undefined) return null
  const first = asked.find((each) => each.id === insteadOf.intent)
  return { way: 'from', serviceLabel: labelOf(first?.service), on: insteadOf.on }
}
