import type { Command } from 'commander'
import type { AuditRecord } from '../../shared/model/audit-record.ts'
import { signedExport } from '../audit/export-audit.ts'
import { exportAudit, listAudit } from '../audit/read-audit.ts'
import type { OwnerContext } from '../owner/context.ts'
import { databaseExists } from '../store/database-file.ts'
import { fetchKeys } from '../vault/keyholder.ts'
import { registerAuditList } from './audit-list.ts'
import { registerAuditVerify } from './audit-verify.ts'
import type { Terminal } from './terminal.ts'
import { withOwner } from './with-owner.ts'

/** How many records `follow` reads to begin with. */
const FIRST_LOOK = 50
/** How often `follow` looks for commits of other processes, ms. */
const FOLLOW_MS = 100
/** How often `follow` looks whether the vault is still unlocked, ms. */
const LOCK_LOOK_MS = 2000

/** `audit list | follow | export | verify`: what happened. */
export function registerAudit(program: Command, terminal: Terminal): void {
  const audit = program.command('audit').description('what happened: calls, refusals and acts of the owner')
  registerAuditList(audit, terminal)
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
  let seen = idsOf(newest(context, FIRST_LOOK))
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
  for (let limit = FIRST_LOOK; ; limit *= 4) {
    const records = newest(context, limit)
    const fresh = records.filter((record) => !seen.has(record.id))
    if (fresh.length < records.length || records.length < limit) {
      return { fresh: fresh.reverse(), known: idsOf(records.slice(0, FIRST_LOOK)) }
    }
  }
}
