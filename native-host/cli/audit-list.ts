import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { AuditRecord } from '../../shared/model/audit-record.ts'
import type { AuditFilter } from '../../shared/protocol/audit-reading.ts'
import { listCalls } from '../audit/list-calls.ts'
import { listAudit } from '../audit/read-audit.ts'
import type { CallRecord, OutcomeRecord } from '../audit/write-audit.ts'
import { parseCount } from './parse-figures.ts'
import { parseSince } from './parse-since.ts'
import { moment } from './table.ts'
import type { Terminal } from './terminal.ts'
import { withOwner } from './with-owner.ts'

/** How many records are listed where the owner names no number. */
const DEFAULT_LIMIT = 50

/** Absent: any. */
type ListOptions = Pick<AuditFilter, 'since' | 'origin' | 'decision' | 'reason' | 'problem'> & {
  limit: number
}

/** `audit list`: what happened, newest first. */
export function registerAuditList(audit: Command, terminal: Terminal): void {
  audit
    .command('list')
    .description('newest first; chosen by site, decision, reason or problem: calls alone')
    .option('--since <time>', 'a moment (ISO 8601) or how long ago (`2h`)', parseSince)
    .option('--origin <origin>', 'of one site')
    .option('--decision <decision>', '`allow`, `ask` or `deny`', parseDecision)
    .option('--reason <code>', 'decided so for this reason, such as `no-rule`', parseCode)
    .option(
      '--problem <code>',
      'failed or cut with this, such as `headers-timeout`; each with its outcome',
      parseCode,
    )
    .option('--limit <number>', 'at most so many', parseCount, DEFAULT_LIMIT)
    .action((options: ListOptions) => list(options, terminal))
}

async function list({ limit, ...where }: ListOptions, terminal: Terminal): Promise<void> {
  const { since, ...ofCalls } = where
  const isOfCalls = Object.values(ofCalls).some((each) => each !== undefined)
  await withOwner(async ({ store, keys }) => {
    const records = isOfCalls
      ? await listCalls(store, keys, where, limit)
      : listAudit(store, keys, { limit, ...(since === undefined ? {} : { since }) })
    terminal.answer(records, records.map(lineOf).join('\n'))
  })
}

function lineOf(record: AuditRecord): string {
  const at = moment(record.at)
  switch (record.kind) {
    case 'act':
      return `${at}  ${record.act} ${record.subject} (by ${record.by})`
    case 'outcome':
      return `${at}  ${outcomeText(record)}`
    default:
      return `${at}  ${record.decision} ${record.method} ${addressOf(record)} from ${record.origin} (${whyOf(record)})`
  }
}

function outcomeText(record: OutcomeRecord): string {
  const { result, status, problem, requestBytes, responseBytes, milliseconds, redactions } = record
  const sizes = `${requestBytes} bytes up, ${responseBytes} down in ${milliseconds} ms`
  const redacted = redactions === 0 ? '' : `, ${redactions} redacted`
  return `${result} ${status ?? problem ?? ''}, ${sizes}${redacted}`
}

/** The reason, with who said yes where somebody was asked, and how many calls the record stands for. */
function whyOf({ reason, approvedBy, count, insteadOf }: CallRecord): string {
  const approved = approvedBy === null ? '' : `, approved in the ${approvedBy.by}: ${approvedBy.answer}`
  const instead = insteadOf === undefined ? '' : `, instead of ${insteadOf.intent}, which met ${insteadOf.on}`
  return `${reason}${approved}${instead}${count === 1 ? '' : `, ${count} times`}`
}

/** The address with the names of its query: their values are not recorded. */
function addressOf({ url, query }: CallRecord): string {
  if (url === null) return '(no canonical URL)'
  return query.length === 0 ? url : `${url}?${query.join('&')}`
}

function parseDecision(text: string): string {
  if (!['allow', 'ask', 'deny'].includes(text))
    throw new InvalidArgumentError('it is `allow`, `ask` or `deny`')
  return text
}

/** A later host may know others than we do. */
function parseCode(text: string): string {
  if (!/^[a-z][a-z0-9-]{0,63}$/i.test(text))
    throw new InvalidArgumentError('a code has letters, digits and hyphens, such as `no-rule`')
  return text
}
