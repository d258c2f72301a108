import type { Command } from 'commander'
import * as services from '../owner/services.ts'
import { certificatesOf, pinnedCertificates } from '../policy/certificates.ts'
import { readOwnerFile } from './owner-files.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { withOwner } from './with-owner.ts'

/** Whose certificates a service is to believe. */
export interface PinOptions {
  caFile?: string
  public?: boolean
}

/** `service pin`: for a service that exists; `service add --ca-file` does the same for a new one. */
export function registerPin(service: Command, terminal: Terminal): void {
  service
    .command('pin <id>')
    .description('change whose certificates a service believes; the next call asks for them')
    .option('--ca-file <path>', 'PEM certificates its server must prove itself with')
    .option('--public', 'the public authorities again')
    .action((id: string, options: PinOptions) => pin(id, options, terminal))
}

/**
 * The certificates of `--ca-file`; null where it was not given.
 *
 * @throws UsageError where the file cannot be read; Refusal `invalid` where it holds anything but certificates.
 */
export async function pinnedBy(options: Pick<PinOptions, 'caFile'>): Promise<string | null> {
  if (options.caFile === undefined) return null
  return certificatesOf(new TextDecoder().decode(await readOwnerFile(options.caFile)))
}

async function pin(id: string, options: PinOptions, terminal: Terminal): Promise<void> {
  if ((options.caFile === undefined) === (options.public === undefined))
    throw new UsageError('one of `--ca-file` and `--public` is needed')
  const ca = await pinnedBy(options)
  await withOwner((context) => {
    services.pin(context, id, ca)
    const shown = ca === null ? null : pinnedCertificates(ca)
    const whose = shown?.map(({ subject }) => subject).join('; ') ?? 'the public authorities'
    terminal.answer({ id, ca: shown }, `${id} now believes ${whose}.`)
  })
}
