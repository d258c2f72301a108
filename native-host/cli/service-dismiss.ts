import type { Command } from 'commander'
import { decideOffers } from '../owner/decide-offers.ts'
import type { Terminal } from './terminal.ts'
import { withOwner } from './with-owner.ts'

/** `service dismiss`: of what is new in its preset, what its owner does not want to be told of again. */
export function registerDismiss(service: Command, terminal: Terminal): void {
  service
    .command('dismiss <id> <capabilities...>')
    .description('tell of these new capabilities of its preset no more; `capability add` still makes them')
    .action((id: string, names: string[]) =>
      withOwner((context) => {
        const left = decideOffers(context, id, { add: [], dismiss: names }).offers?.capabilities ?? []
        const text = `${names.length} dismissed, ${left.length} still new.`
        terminal.answer({ service: id, dismissed: names, offers: left }, text)
      }),
    )
}
