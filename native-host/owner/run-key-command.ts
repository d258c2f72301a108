import type { Command, CommandResults } from '../../shared/protocol/commands.ts'
import type { OwnerContext } from './context.ts'
import { keyMarks, moveKey } from './move-key.ts'

/** The orders about keys that pages hold themselves. */
type KeyCommand = Extract<Command, { name: 'key-marks' | 'key-move' }>

/** True for one of them. */
export function isKeyCommand(command: { name: Command['name'] }): command is KeyCommand {
  return command.name === 'key-marks' || command.name === 'key-move'
}

/** Carry out one of them. @throws Refusal as `moveKey` does. */
export function runKeyCommand(
  command: KeyCommand,
  context: OwnerContext,
): CommandResults[KeyCommand['name']] {
  if (command.name === 'key-marks') return keyMarks()
  const { origin, preset, replace } = command
  const key = new TextEncoder().encode(command.key)
  return moveKey(context, { origin, preset, key, ...(replace === undefined ? {} : { replace }) })
}
