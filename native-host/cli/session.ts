import type { Command } from 'commander'
import { extend } from '../owner/session-time.ts'
import * as sessions from '../owner/sessions.ts'
import { isLive } from '../sessions/session-life.ts'
import { moment, table } from './table.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { withOwner } from './with-owner.ts'

/** `session list | revoke | extend`: what is in use. */
export function registerSession(program: Command, terminal: Terminal): void {
  const session = program.command('session').description('what is in use right now')
  session
    .command('list')
    .description('live sessions, then those that ended within a day')
    .action(() => list(terminal))
  session
    .command('revoke [id]')
    .description('end a session everywhere at once, calls in flight included')
    .option('--all', 'every session there is')
    .action((id: string | undefined, options: { all?: true }) => revoke(id, options.all === true, terminal))
  session
    .command('extend <id>')
    .description('give a live session the time of its grant anew; its calls go on')
    .action((id: string) =>
      withOwner((context) => {
        const longer = extend(context, id)
        terminal.answer(longer, `Session ${id} lives until ${moment(longer.expiresAt)}.`)
      }),
    )
}

async function list(terminal: Terminal): Promise<void> {
  await withOwner((context) => {
    const all = sessions.summaries(context)
    const rows = all.map((each) => [
      each.id,
      isLive(each, context.now()) ? `until ${moment(each.expiresAt)}` : (each.endReason ?? 'expired'),
      each.origin,
      each.capability,
      `${each.requests} sent, ${each.blocked} refused`,
      each.askWrites ? 'asks before writes' : '',
    ])
    terminal.answer(all, table(rows))
  })
}

async function revoke(id: string | undefined, all: boolean, terminal: Terminal): Promise<void> {
  if ((id === undefined) === !all) throw new UsageError('name one session, or `--all`')
  await withOwner((context) => {
    const revoked = id === undefined ? sessions.revokeAll(context) : sessions.revokeOne(context, id)
    terminal.answer({ revoked }, revoked === 1 ? 'Ended 1 session.' : `Ended ${revoked} sessions.`)
  })
}
