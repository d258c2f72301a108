import type { AuditLine } from '../../shared/protocol/audit-reading.ts'
import { type ActLine, type CallLine, callEnd } from './activity-line.ts'

const COLUMNS = [
  'sequence',
  'time',
  'kind',
  'site',
  'top_site',
  'service',
  'capability',
  'method',
  'url',
  'query_names',
  'decision',
  'reason',
  'rule',
  'approved',
  'end',
  'status',
  'problem',
  'bytes_sent',
  'bytes_received',
  'milliseconds',
  'tokens_in',
  'tokens_out',
  'cost_millionths',
  'redactions',
  'calls',
  'session',
  'id',
  'act',
  'subject',
  'by',
] as const
type Cells = Partial<Record<(typeof COLUMNS)[number], string | number | null>>

/** The first line: the names of the columns, which are the same in every language. */
export const CSV_HEAD = `${COLUMNS.join(',')}\r\n`

/** A line of the log as a line of CSV (RFC 4180), its end included. */
export function csvLine(line: AuditLine): string {
  const cells = 'act' in line ? ofAct(line) : ofCall(line)
  return `${COLUMNS.map((column) => cellOf(cells[column])).join(',')}\r\n`
}

function ofAct({ sequence, act }: ActLine): Cells {
  const { id, subject, by } = act
  return { sequence, time: new Date(act.at).toISOString(), kind: 'act', id, act: act.act, subject, by }
}

function ofCall(line: CallLine): Cells {
  const { sequence, call, outcome } = line
  return {
    sequence,
    time: new Date(call.at).toISOString(),
    kind: 'call',
    site: call.origin,
    top_site: call.topOrigin,
    service: call.service,
    capability: call.capability,
    method: call.method,
    url: call.url,
    query_names: call.query.join(' '),
    decision: call.decision,
    reason: call.reason,
    rule: call.rule,
    approved: call.approvedBy?.answer ?? null,
    end: callEnd(line),
    calls: call.count,
    session: call.session,
    id: call.id,
    ...(outcome === null ? {} : ofOutcome(outcome)),
  }
}

function ofOutcome(outcome: NonNullable<CallLine['outcome']>): Cells {
  const { status, problem, requestBytes, responseBytes, milliseconds, tokens, cost, redactions } = outcome
  return {
    status,
    problem,
    bytes_sent: requestBytes,
    bytes_received: responseBytes,
    milliseconds,
    tokens_in: tokens?.input ?? null,
    tokens_out: tokens?.output ?? null,
    cost_millionths: cost,
    redactions,
  }
}

/**
 * SECURITY: a page chooses much of this text, and a spreadsheet takes a cell that begins with one of these for a formula,
 * which can call out. An apostrophe before it makes it text.
 */
const FORMULA = /^[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20]/

function cellOf(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
