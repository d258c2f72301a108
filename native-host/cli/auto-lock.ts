import { type Command, InvalidArgumentError } from 'commander'
import type { AutoLockMinutes } from '../../shared/protocol/auto-lock-commands.ts'
import { AutoLockMinutesSchema } from '../../shared/protocol/auto-lock-commands.ts'
import { chooseAutoLock } from '../owner/auto-lock.ts'
import { autoLockMinutes } from '../sessions/auto-lock.ts'
import { parseDuration } from './parse-figures.ts'
import type { Terminal } from './terminal.ts'
import { withOwner } from './with-owner.ts'

/** `auto-lock`: after how long without use the vault locks itself. */
export function registerAutoLock(program: Command, terminal: Terminal): void {
  program
    .command('auto-lock')
    .description(
      'after how long without a call or an act of yours the vault locks itself; tells it or changes it',
    )
    .argument('[time]', 'whole minutes such as `15m` or `8h`, a week at most, or `never`', parseMinutes)
    .action((time: { minutes: AutoLockMinutes } | undefined) =>
      withOwner((context) => {
        const minutes =
          time === undefined
            ? autoLockMinutes(context.store, context.keys)
            : chooseAutoLock(context, time.minutes)
        terminal.answer({ minutes }, sentence(minutes))
      }),
    )
}

function sentence(minutes: AutoLockMinutes): string {
  if (minutes === null) return 'The vault stays open until it is locked.'
  return `The vault locks itself after ${minutes} minutes without use.`
}

/** @throws InvalidArgumentError. */
function parseMinutes(text: string): { minutes: AutoLockMinutes } {
  if (text === 'never') return { minutes: null }
  const parsed = AutoLockMinutesSchema.safeParse(parseDuration(text) / 60)
  if (!parsed.success) throw new InvalidArgumentError('not whole minutes of a week at most')
  return { minutes: parsed.data }
}
