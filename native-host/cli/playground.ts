import type { Command } from 'commander'
import type { OwnerContext } from '../owner/context.ts'
import { leavePlayground, openPlayground, servesPlayground } from '../owner/playground.ts'
import { PlaygroundWatch } from '../owner/playground-watch.ts'
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
  const address = `Open this address in your browser, and connect it there:\n${place.url}`
  terminal.answer(place, address)
  if (!servesPlayground(context))
    return terminal.note(
      'It was open already; what has it open, a browser or another terminal, closes it too.',
    )
  const end = () => ended.resolve()
  const look = setInterval(() => void isLocked(home).then((is) => is && end()), LOCK_LOOK_MS)
  // Closed from a browser, or by itself when nobody came.
  const watch = new PlaygroundWatch(context, () => servesPlayground(context) || end())
  try {
    terminal.note('Ctrl-C closes it and takes back what was given to its page.')
    await ended.promise
  } finally {
    clearInterval(look)
    watch.close()
    leavePlayground(context)
  }
}

function isLocked(home: string): Promise<boolean> {
  return fetchKeys(home).then(
    (keys) => keys === null,
    () => true,
  )
}
