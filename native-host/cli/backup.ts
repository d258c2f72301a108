import type { Command } from 'commander'
import { schemesReady } from '../auth/schemes.ts'
import { makeBackup } from '../owner/backup.ts'
import { openForRestore, restore, tryRestore } from '../owner/restore.ts'
import type { Intake, TakenIn } from '../owner/take-in.ts'
import { Refusal } from '../refusal.ts'
import { isBackup, MAX_BACKUP } from '../vault/backup-file.ts'
import { textFromStdin } from './opener.ts'
import { readBoundedFile, writeOwnerFile } from './owner-files.ts'
import { promptNewPassphrase, promptSecret } from './prompt.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { withOwner } from './with-owner.ts'

interface BackupOptions {
  passphraseStdin?: boolean
  replace?: boolean
}

/** What `restore` and `import` of a backup take. */
export interface RestoreOptions extends BackupOptions {
  dryRun?: boolean
}

/** `backup`, `restore`: the whole vault in a file of its own passphrase. */
export function registerBackup(program: Command, terminal: Terminal): void {
  program
    .command('backup <file>')
    .description('services with their keys, capabilities and grants in one encrypted file')
    .option('--passphrase-stdin', 'the passphrase of the backup, read from stdin; not that of the vault')
    .option('--replace', 'write over a file that is there')
    .action((file: string, options: BackupOptions) => backup(file, options, terminal))
  program
    .command('restore <file>')
    .description('put back what a backup holds; no site may use it before you say so again')
    .option('--passphrase-stdin', 'the passphrase of the backup, read from stdin')
    .option('--replace', 'put services and capabilities of the backup in the place of those that exist')
    .option('--dry-run', 'say what would be put back, and change nothing')
    .action((file: string, options: RestoreOptions) => restoreFile(file, options, terminal))
}

async function backup(file: string, options: BackupOptions, terminal: Terminal): Promise<void> {
  if (file === '-') throw new UsageError('a backup goes into a file')
  await withOwner(async (context) => {
    const passphrase = options.passphraseStdin ? await textFromStdin() : await promptNewPassphrase()
    const made = await makeBackup(context, passphrase)
    writeOwnerFile(file, made.file, options.replace === true)
    const { services, capabilities, grants } = made
    terminal.answer(
      { file, bytes: made.file.length, services, capabilities, grants },
      `Wrote ${file}: services ${services}, capabilities ${capabilities}, grants ${grants}. Only its passphrase opens it.`,
    )
  })
}

async function restoreFile(file: string, options: RestoreOptions, terminal: Terminal): Promise<void> {
  const bytes = await readBoundedFile(file, MAX_BACKUP)
  if (!isBackup(bytes))
    throw new Refusal('invalid', 'this is not a backup: `valetkey import` reads other files')
  await restoreBytes(bytes, options, terminal)
}

/** Restore the bytes of a backup. @throws Refusal, UsageError. */
export async function restoreBytes(
  bytes: Uint8Array,
  options: RestoreOptions,
  terminal: Terminal,
): Promise<void> {
  await withOwner(async (context) => {
    const passphrase = options.passphraseStdin
      ? await textFromStdin()
      : await promptSecret('Passphrase of the backup')
    const intake = await openForRestore(context, bytes, passphrase)
    await schemesReady(intake.services.flatMap(({ service }) => service.auth))
    if (options.dryRun) return showPlan(intake, tryRestore(context, intake), terminal)
    const taken = restore(context, intake, options.replace === true)
    terminal.answer({ format: 'backup', ...taken }, restoredText(taken))
  })
}

function showPlan(intake: Intake, existing: string[], terminal: Terminal): void {
  const plan = {
    format: 'backup',
    dryRun: true,
    services: intake.services.map(({ service }) => service.id),
    capabilities: intake.capabilities.map(({ id }) => id),
    grants: intake.grants.map(({ id, origin, topOrigin, capability }) => ({
      id,
      origin,
      topOrigin,
      capability,
    })),
    existing,
  }
  const lines = [
    `services: ${plan.services.join(', ') || 'none'}`,
    `capabilities: ${plan.capabilities.join(', ') || 'none'}`,
    ...plan.grants.map(({ origin, capability }) => `grant: ${capability} to ${origin}`),
    ...(existing.length === 0
      ? []
      : [`there already, replaced only with \`--replace\`: ${existing.join(', ')}`]),
  ]
  terminal.answer(plan, lines.join('\n'))
}

function restoredText({ services, capabilities, grants, replaced, keptGrants }: TakenIn): string {
  const lines = [
    `Restored services ${services.length}, capabilities ${capabilities.length}, grants ${grants.length}.`,
  ]
  if (replaced.length > 0) lines.push(`Replaced, their sessions are over: ${replaced.join(', ')}`)
  if (keptGrants > 0) lines.push(`Grants that were there already and stayed as they are: ${keptGrants}`)
  if (grants.length > 0)
    lines.push('No site may use them yet: you are asked when it calls, or connect it again.')
  return lines.join('\n')
}
