import type { Command } from 'commander'
import type { OwnerContext } from '../owner/context.ts'
import { leavePlayground, openPlayground } from '../owner/playground.ts'
import { fetchKeys } from '../vault/keyholder.ts'
import type { Terminal } from './terminal.ts'
import { withOwner } from './with-owner.ts'

/** How often it is looked whether the vault is still unlocked, ms. */
const LOCK_LOOK_MS = 2000
const ENDS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** `playground`: a page on this machine to try a first call on, with a model that needs no key of the owner's. */
export function registerPlayground(program: Command, terminal: Terminal): void {
  program
    .command('playground')
    .description('a page on this machine to try a first call on; open until Ctrl-C or the vault is locked')
    .action(() => withOwner((context, home) => keepOpen(context, home, terminal)))
}

async function keepOpen(context: OwnerContext, home: string, terminal: Terminal): Promise<void> {
  const ended = Promise.withResolvers<void>()
  for (const signal of ENDS) process.once(signal, () => ended.resolve())
  const place = await openPlayground(context)
  const look = setInterval(() => void isLocked(home).then((is) => is && ended.resolve()), LOCK_LOOK_MS)
  try {
    terminal.answer(place, `Open this address in your browser, and connect it there:\n${place.url}`)
    terminal.note('Ctrl-C closes it and takes back what was given to its page.')
    await ended.promise
  } finally {
    clearInterval(look)
    leavePlayground(context)
  }
}

function isLocked(home: string): Promise<boolean> {
  return fetchKeys(home).then(
    (keys) => keys === null,
    () => true,
  )
}
