import { randomUUID } from 'node:crypto'
import type { Effect } from '../../shared/model/capability.ts'
import type { ProblemCode } from '../../shared/model/problem.ts'
import { type CallRecord, recordRefusal } from '../audit/write-audit.ts'
import { written } from '../audit/written.ts'
import type { Reason } from '../policy/reason.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import { Problem } from '../problem.ts'
import type { Call } from './call.ts'
import type { BrokerContext } from './context.ts'
import { describeCall, describeDocument } from './describe-call.ts'
import type { HeldBody } from './hold-body.ts'
import { RefusalLog } from './refusal-log.ts'

/** What is known of a refused call when it is refused. */
export interface Refused {
  /** Id of the record; absent: a new one. */
  readonly id?: string
  readonly reason: Reason
  readonly code: ProblemCode
  readonly decision?: Effect
  readonly rule?: string | null
  readonly session?: string | null
  readonly capability?: string | null
  readonly service?: string | null
  /** Absent where the request never became canonical. */
  readonly request?: CanonicalRequest | null
  /** The body where it was held; absent where it was not looked at. */
  readonly body?: HeldBody
}

/** A problem with the id of the audit record that holds the owner's truth about it. */
export class RecordedProblem extends Problem {
  readonly instance: string

  constructor(code: ProblemCode, reason: string, instance: string) {
    super(code, reason)
    this.instance = instance
  }
}

const logs = new WeakMap<BrokerContext, RefusalLog>()

function logOf(context: BrokerContext): RefusalLog {
  const known = logs.get(context)
  if (known !== undefined) return known
  const write = (record: CallRecord) => recordRefusal(context.store, context.keys, record)
  const fresh = new RefusalLog(write, context.now)
  logs.set(context, fresh)
  return fresh
}

/** Write down the refusals that were only counted so far: before the vault is closed. */
export function closeRefusals(context: BrokerContext): void {
  logs.get(context)?.close()
}

/**
 * Write the refusal down and give back what the page learns of it: the same, without `instance`, where it was counted
 * together with others.
 */
export function refuse(call: Call, refused: Refused, context: BrokerContext): Problem {
  const id = refused.id ?? randomUUID()
  const record: CallRecord = {
    kind: 'refusal',
    id,
    at: context.now(),
    ...describeDocument(call.witnessed),
    ...describeCall(context.keys, refused.request ?? null, refused.body ?? null, call.claimed),
    session: refused.session ?? null,
    capability: refused.capability ?? null,
    service: refused.service ?? null,
    decision: refused.decision ?? 'deny',
    reason: refused.reason,
    rule: refused.rule ?? null,
    approvedBy: null,
    count: 1,
    ...(call.insteadOf === undefined ? {} : { insteadOf: call.insteadOf }),
  }
  const hasRecord = written(() => {
    if (refused.id === undefined) return logOf(context).take(record)
    // Somebody was told this id already.
    recordRefusal(context.store, context.keys, record)
    return true
  })
  context.live.activity()
  return hasRecord
    ? new RecordedProblem(refused.code, refused.reason, id)
    : new Problem(refused.code, refused.reason)
}

/** What the page learns of a reason: one `denied` for every "you may not", so that rules cannot be probed apart. */
export function codeFor(reason: Reason): ProblemCode {
  switch (reason) {
    case 'url-malformed':
    case 'url-unsafe':
    case 'header-malformed':
    case 'method-unknown':
    case 'too-many-headers':
    case 'body-malformed':
    case 'body-not-allowed':
    case 'body-relabels':
      return 'malformed'
    case 'body-too-large':
      return 'too-large'
    case 'approval-denied':
    case 'approval-timeout':
    case 'approval-muted':
    case 'approval-stale':
      return 'approval-denied'
    case 'concurrency-limited':
    case 'too-many-waiting':
      return 'rate-limited'
    case 'session-ended':
    case 'rate-limited':
    case 'budget-spent':
      return reason
    case 'vault-paused':
      return 'paused'
    case 'tokens-spent':
    case 'cost-spent':
    case 'too-many-tokens':
      return 'budget-spent'
    default:
      return 'denied'
  }
}
