import type { Command, CommandResults } from '../../shared/protocol/commands.ts'
import type { OwnerContext } from './context.ts'
import * as slots from './slots.ts'
import { removeSlot } from './vault.ts'

/** The commands on what opens the vault. */
export type SlotCommand = Extract<
  Command,
  { name: 'slot-list' | 'slot-remove' | 'slot-passphrase' | 'recovery-new' | 'recovery-keep' }
>

/** Carry out an order on what opens the vault. @throws Refusal, see each. */
export async function runSlotCommand(
  command: SlotCommand,
  context: OwnerContext,
): Promise<CommandResults[SlotCommand['name']]> {
  switch (command.name) {
    case 'slot-list':
      return slots.list(context)
    case 'slot-remove':
      return { keychain: await removeSlot(context, command.id) }
    case 'slot-passphrase':
      await slots.changePassphrase(context, command)
      return null
    case 'recovery-new':
      return slots.newRecovery(context, command.current)
    case 'recovery-keep':
      slots.keep(context, command.id)
      return null
  }
}
