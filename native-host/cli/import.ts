import type { Command } from 'commander'
import type { ImportFormat, ImportPlan } from '../import/import-plan.ts'
import { MAX_IMPORT, recognise, textOf } from '../import/recognise.ts'
import { importPlan, serviceFault, tryImport } from '../owner/import.ts'
import { isBackup } from '../vault/backup-file.ts'
import { type RestoreOptions, restoreBytes } from './backup.ts'
import { importOpenApi } from './import-openapi.ts'
import { planText, planValue } from './import-text.ts'
import { type OpenApiOptions, openApiOptions } from './openapi-options.ts'
import { fileBeside, readBoundedFile } from './owner-files.ts'
import { pathSchemes } from './path-schemes.ts'
import { serviceByHand } from './service-by-hand.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { withOwner } from './with-owner.ts'

interface ImportOptions extends RestoreOptions, OpenApiOptions {
  credentials?: string
}

/** Largest credentials file of Janee that is read, bytes. */
const MAX_CREDENTIALS = 4 * 1024 * 1024

/** `import`: what other files hold, by what stands in them. */
export function registerImport(program: Command, terminal: Terminal): void {
  const command = program
    .command('import <file>')
    .description(
      'take in a `.env` file, a Janee configuration, an OpenAPI document or a backup; no site is given anything',
    )
    .option('--dry-run', 'say what would be made, and change nothing')
    .option('--replace', 'put what is imported in the place of what exists under the same ids')
    .option('--passphrase-stdin', 'for a backup: its passphrase, read from stdin')
    .option('--credentials <path>', 'for a Janee configuration: its `credentials.json` (default: beside it)')
  openApiOptions(command).action((file: string, options: ImportOptions) =>
    importFile(file, options, terminal),
  )
}

async function importFile(file: string, options: ImportOptions, terminal: Terminal): Promise<void> {
  const bytes = await readBoundedFile(file, MAX_IMPORT)
  if (isBackup(bytes)) return restoreBytes(bytes, options, terminal)
  if (options.passphraseStdin)
    throw new UsageError('`--passphrase-stdin` goes with a backup, and this file is none')
  const text = textOf(bytes)
  const format = recognise(text)
  checkOptions(format, options)
  if (format === 'openapi') return importOpenApi(text, options, terminal)
  const plan = await planOf(file, text, format, options)
  await withOwner((context) => {
    if (options.dryRun) {
      const existing = plan.services.length + plan.capabilities.length === 0 ? [] : tryImport(context, plan)
      return terminal.answer({ dryRun: true, ...planValue(plan), existing }, planText(plan, existing))
    }
    const { replaced } = importPlan(context, plan, options.replace === true)
    terminal.answer({ dryRun: false, ...planValue(plan), replaced }, planText(plan, []))
  })
}

/** What the file would become. The readers are loaded when they are needed: no other command pays for them. */
async function planOf(
  file: string,
  text: string,
  format: Exclude<ImportFormat, 'openapi'>,
  options: ImportOptions,
): Promise<ImportPlan> {
  switch (format) {
    case 'env': {
      const { importEnv } = await import('../import/import-env.ts')
      return importEnv(text)
    }
    case 'janee': {
      const { importJanee } = await import('../import/import-janee.ts')
      return importJanee(text, await credentialsFor(file, options), serviceByHand, schemesOf, serviceFault)
    }
  }
}

/** Options of another kind of file would be lost without a word. @throws UsageError. */
function checkOptions(format: ImportFormat, options: ImportOptions): void {
  if (options.credentials !== undefined && format !== 'janee')
    throw new UsageError('`--credentials` goes with a Janee configuration, and this file is none')
  const { tag, operation, readOnly, service, capability, baseUrl, auth, secretStdin, secretFile } = options
  const own = [tag, operation, readOnly, service, capability, baseUrl, auth, secretStdin, secretFile]
  if (format !== 'openapi' && own.some((each) => each !== undefined))
    throw new UsageError('one of the options goes with an OpenAPI document, and this file is none')
}

async function credentialsFor(file: string, { credentials }: ImportOptions): Promise<string | null> {
  const path = credentials ?? fileBeside(file, 'credentials.json')
  return path === null ? null : textOf(await readBoundedFile(path, MAX_CREDENTIALS))
}

function schemesOf(kinds: readonly string[], settings: readonly string[]) {
  return pathSchemes([...kinds], [...settings])
}
