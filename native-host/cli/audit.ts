import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { AuditRecord } from '../../shared/model/audit-record.ts'
import { signedExport } from '../audit/export-audit.ts'
import { exportAudit, listAudit } from '../audit/read-audit.ts'
import type { CallRecord, OutcomeRecord } from '../audit/write-audit.ts'
import type { OwnerContext } from '../owner/context.ts'
import { databaseExists } from '../store/database-file.ts'
import { fetchKeys } from '../vault/keyholder.ts'
import { registerAuditVerify } from './audit-verify.ts'
import { parseCount } from './parse-figures.ts'
import { parseSince } from './parse-since.ts'
import { moment } from './table.ts'
import type { Terminal } from './terminal.ts'
import { withOwner } from './with-owner.ts'

/** How many records are listed where the owner names no number. */
const DEFAULT_LIMIT = 50
/** How often `follow` looks for commits of other processes, ms. */
const FOLLOW_MS = 100
/** How often `follow` looks whether the vault is still unlocked, ms. */
const LOCK_LOOK_MS = 2000

interface ListOptions {
  since?: number
  origin?: string
  decision?: 'allow' | 'ask' | 'deny'
  limit: number
}

/** `audit list | follow | export | verify`: what happened. */
export function registerAudit(program: Command, terminal: Terminal): void {
  const audit = program.command('audit').description('what happened: calls, refusals and acts of the owner')
  audit
    .command('list')
    .description('newest first')
    .option('--since <time>', 'a moment (ISO 8601) or how long ago (`2h`)', parseSince)
    .option('--origin <origin>', 'of one site')
    .option('--decision <decision>', '`allow`, `ask` or `deny`', parseDecision)
    .option('--limit <number>', 'at most so many', parseCount, DEFAULT_LIMIT)
    .action((options: ListOptions) => list(options, terminal))
  audit
    .command('follow')
    .description('each new record as it happens, as NDJSON, until the vault is locked')
    .action(() => withOwner((context, home) => follow(context, home, terminal)))
  audit
    .command('export')
    .description(
      'every record, oldest first, as signed NDJSON (the records alone, as one array, with --json)',
    )
    .action(() => withOwner((context) => exportAll(context, terminal)))
  registerAuditVerify(audit, terminal)
}

async function list(options: ListOptions, terminal: Terminal): Promise<void> {
  const { since, origin, decision, limit } = options
  await withOwner((context) => {
    const records = listAudit(context.store, context.keys, {
      limit,
      ...(since === undefined ? {} : { since }),
      ...(origin === undefined ? {} : { origin }),
      ...(decision === undefined ? {} : { decision }),
    })
    terminal.answer(records, records.map(lineOf).join('\n'))
  })
}

async function exportAll(context: OwnerContext, terminal: Terminal): Promise<void> {
  if (!terminal.json) {
    for (const line of signedExport(context.store, context.keys)) await terminal.write(`${line}\n`)
    return
  }
  let separator = '['
  for (const record of exportAudit(context.store, context.keys)) {
    await terminal.write(`${separator}${JSON.stringify(record)}`)
    separator = ','
  }
  await terminal.write(separator === '[' ? '[]\n' : ']\n')
}

async function follow(context: OwnerContext, home: string, terminal: Terminal): Promise<void> {
  const { store } = context
  let seen = idsOf(newest(context, DEFAULT_LIMIT))
  let version = store.version()
  let looked = Date.now()
  while (databaseExists(home)) {
    await new Promise((resolve) => setTimeout(resolve, FOLLOW_MS))
    if (Date.now() - looked > LOCK_LOOK_MS) {
      if ((await fetchKeys(home)) === null) return
      looked = Date.now()
    }
    if (store.version() === version) continue
    version = store.version()
    const { fresh, known } = since(context, seen)
    seen = known
    for (const record of fresh) await terminal.write(`${JSON.stringify(record)}\n`)
  }
}

function newest(context: OwnerContext, limit: number): AuditRecord[] {
  return listAudit(context.store, context.keys, { limit })
}

function idsOf(records: readonly AuditRecord[]): Set<string> {
  return new Set(records.map((record) => record.id))
}

/** Records not seen before, oldest first. Reads further back only while everything it reads is new. */
function since(
  context: OwnerContext,
  seen: ReadonlySet<string>,
): { fresh: AuditRecord[]; known: Set<string> } {
  for (let limit = DEFAULT_LIMIT; ; limit *= 4) {
    const records = newest(context, limit)
    const fresh = records.filter((record) => !seen.has(record.id))
    if (fresh.length < records.length || records.length < limit) {
      return { fresh: fresh.reverse(), known: idsOf(records.slice(0, DEFAULT_LIMIT)) }
    }
  }
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
