import type { Command } from 'commander'
import { pause, resume } from '../owner/pause.ts'
import { moment } from './table.ts'
import type { Terminal } from './terminal.ts'
import { withOwner } from './with-owner.ts'

/** `pause`, `resume`: every call of every site, without ending a session. */
export function registerPause(program: Command, terminal: Terminal): void {
  program
    .command('pause')
    .description('send no call of any site until `resume`; cuts what is in flight and ends no session')
    .action(() =>
      withOwner((context) => {
        const since = pause(context)
        terminal.answer({ since }, `Paused since ${moment(since)}. \`valetkey resume\` puts all back.`)
      }),
    )
  program
    .command('resume')
    .description('end the pause: the sessions that are live still may be used again')
    .action(() =>
      withOwner((context) => {
        const resumed = resume(context)
        terminal.answer({ resumed }, resumed ? 'Resumed.' : 'Nothing was paused.')
      }),
    )
}
