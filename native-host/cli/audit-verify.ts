import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { AuditFinding } from '../../shared/protocol/audit-reading.ts'
import { unfinishedCalls } from '../audit/read-audit.ts'
import { acceptRollback, foundRollback, isRolledBack } from '../audit/rollback.ts'
import { verifyAudit } from '../audit/verify-audit.ts'
import { verifyExport } from '../audit/verify-export.ts'
import { fitsWitness, witnessOf } from '../audit/witness.ts'
import type { OwnerContext } from '../owner/context.ts'
import { findingOf } from '../owner/verify-log.ts'
import { Refusal } from '../refusal.ts'
import { EXIT } from './exit-code.ts'
import { readOwnerFile } from './owner-files.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { withOwner } from './with-owner.ts'

interface VerifyOptions {
  expect?: { sequence: number; mac: string }
  file?: string
  publicKey?: string
}

/** `audit verify | head | key | accept-rollback`: whether the log can be believed. */
export function registerAuditVerify(audit: Command, terminal: Terminal): void {
  audit
    .command('verify')
    .description('whether anything was changed, removed, reordered or put back; exit code 1 if so')
    .option('--expect <head>', 'what `audit head` said once: the log must go on from there', parseHead)
    .option('--file <export>', 'check an exported log instead; needs no vault')
    .option('--public-key <hex>', 'with --file: the key of `audit key` it must be signed with', parseKey)
    .action((options: VerifyOptions) => verify(options, terminal))
  audit
    .command('head')
    .description('length and seal of the log as it is: keep it elsewhere for `audit verify --expect`')
    .action(() => withOwner((context) => head(context, terminal)))
  audit
    .command('key')
    .description('the public key that exports of this vault are signed with')
    .action(() =>
      withOwner(({ keys }) => {
        const publicKey = Buffer.from(keys.publicKey()).toString('hex')
        terminal.answer({ publicKey }, publicKey)
      }),
    )
  audit
    .command('accept-rollback')
    .description('say that the log going back was your own doing, as after putting back a backup')
    .action(() => withOwner((context) => accept(context, terminal)))
}

async function verify(options: VerifyOptions, terminal: Terminal): Promise<void> {
  const { file, publicKey, expect } = options
  if (file === undefined) {
    if (publicKey !== undefined) throw new UsageError('`--public-key` goes with `--file`')
    return withOwner((context) => verifyLog(context, expect, terminal))
  }
  if (expect !== undefined) throw new UsageError('`--expect` is about the log itself, not about an export')
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await readOwnerFile(file))
  const verdict = verifyExport(text, publicKey)
  if (!verdict.ok) {
    terminal.exitCode = EXIT.failed
    terminal.answer(verdict, `The export is not whole: line ${verdict.firstBad} (${verdict.reason}).`)
    return
  }
  const whose = publicKey === undefined ? `: compare it with \`audit key\`` : ''
  terminal.answer(verdict, `${verdict.records} records, as signed with key ${verdict.publicKey}${whose}.`)
}

function verifyLog(context: OwnerContext, expect: VerifyOptions['expect'], terminal: Terminal): void {
  const result = checked(context, expect)
  if (!result.ok) {
    terminal.exitCode = EXIT.failed
    terminal.answer(result, faultText(result))
    return
  }
  const unfinished = unfinishedCalls(context.store, context.keys)
  terminal.answer(
    { ...result, unfinished },
    `${result.records} records, none changed, removed or reordered.${unfinishedText(unfinished)}`,
  )
}

function checked({ store, keys }: OwnerContext, expect: VerifyOptions['expect']): AuditFinding {
  const verdict = verifyAudit(store, keys)
  // An acceptance of the owner's is no answer to a head that they kept themselves and ask about.
  const fits = () =>
    expect === undefined || fitsWitness(store, keys, { ...expect, at: Number.MAX_SAFE_INTEGER })
  return findingOf(store, verdict, !verdict.ok || fits())
}

function faultText(fault: Extract<AuditFinding, { ok: false }>): string {
  return fault.reason === 'rolled-back'
    ? `The log was put back to an older state: its ${fault.records} records do not go on from what was seen of it.\nIf you put back a backup: \`valetkey audit accept-rollback\`.`
    : `The log was tampered with at record ${fault.firstBad} (${fault.reason}).`
}

function unfinishedText(count: number): string {
  if (count === 0) return ''
  const calls = count === 1 ? '1 call has' : `${count} calls have`
  return `\n${calls} no outcome: still running, or ended with the process that ran it.`
}

function head({ store, keys, now }: OwnerContext, terminal: Terminal): void {
  const witness = witnessOf(store, keys, now())
  if (witness === null)
    throw new Refusal('store-damaged', 'the audit log was changed from outside: run `audit verify`')
  const { sequence, mac } = witness
  terminal.answer({ head: `${sequence}:${mac}`, sequence }, `${sequence}:${mac}`)
}

function accept({ store, keys, now, by }: OwnerContext, terminal: Terminal): void {
  if (!isRolledBack(store))
    throw new Refusal('unknown', 'the log did not go back: there is nothing to accept')
  const verdict = verifyAudit(store, keys)
  // What is left must be whole: a log that was cut or changed is not made good by a word.
  if (!verdict.ok)
    throw new Refusal('store-damaged', 'the audit log was changed from outside: run `audit verify`')
  const found = foundRollback(store, keys)
  acceptRollback(store, keys, by, now())
  const lost =
    found === null ? '' : ` It had ${found.witnessed} records once and had ${found.found} when that was seen.`
  terminal.answer({ accepted: found }, `Accepted, and written into the log.${lost}`)
}

function parseHead(text: string): { sequence: number; mac: string } {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim())
  if (match === null) throw new InvalidArgumentError('not what `audit head` prints')
  return { sequence: Number(match[1]), mac: match[2] ?? '' }
}

function parseKey(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError('a public key is 64 hexadecimal digits')
  return text.toLowerCase()
}
