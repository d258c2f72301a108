import type { Command } from 'commander'
import * as vault from '../owner/vault.ts'
import { setOpenAtStart } from '../vault/open-at-start.ts'
import { listSlots } from '../vault/slots.ts'
import { vaultHome } from '../vault-home.ts'
import { newSlot, type OpenerOptions, slotOptions } from './opener.ts'
import { moment, table } from './table.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { withOwner, withVault } from './with-owner.ts'

/** `slot list | add | remove`: the ways the vault opens. */
export function registerSlot(program: Command, terminal: Terminal): void {
  const slot = program.command('slot').description('the ways the vault opens')
  slot
    .command('list')
    .description('every way, also while the vault is locked')
    .action(() =>
      withVault((store) => {
        const slots = listSlots(store)
        terminal.answer(slots, table(slots.map(({ id, kind, createdAt }) => [id, kind, moment(createdAt)])))
      }),
    )
  slotOptions(slot.command('add').description('one more way to open the vault')).action(
    (options: OpenerOptions) => add(options, terminal),
  )
  slot
    .command('remove <id>')
    .description('take a way away; the last one stays')
    .action((id: string) =>
      withOwner(async (context) => {
        const isGone = await vault.removeSlot(context, id)
        terminal.answer({ removed: id }, `Removed slot ${id}.`)
        if (!isGone)
          terminal.note('The keychain could not be asked: its entry is still there and opens nothing.')
      }),
    )
}

async function add(options: OpenerOptions, terminal: Terminal): Promise<void> {
  const { passphraseStdin, keychain, keyFile } = options
  if (!passphraseStdin && !keychain && keyFile === undefined) {
    throw new UsageError('say which kind: `--passphrase-stdin`, `--keychain` or `--key-file PATH`')
  }
  await withOwner(async (context) => {
    const slot = await newSlot(options)
    const id = await vault.addSlot(context, slot)
    if (vault.hasStoredSlot(context.store)) setOpenAtStart(vaultHome(), true)
    terminal.answer({ id, kind: slot.kind }, `Added slot ${id} (${slot.kind}).`)
  })
}
