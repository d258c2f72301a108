import type { Command } from 'commander'
import * as grants from '../owner/grants.ts'
import { parseDuration } from './parse-figures.ts'
import { moment, table } from './table.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { withOwner } from './with-owner.ts'

/** What counts as a change is said here, where its owner chooses: see `policy/ask-writes.ts`. */
const ASK_WRITES =
  'ask before each call that may change something: all but GET, HEAD, OPTIONS and GraphQL queries that the capability’s conditions name'

interface AddOptions {
  topOrigin?: string
  ttl?: number
  askWrites?: boolean
}

/** `grant add | list | edit | remove`: which site may use which capability. */
export function registerGrant(program: Command, terminal: Terminal): void {
  const grant = program.command('grant').description('which site may use which capability')
  grant
    .command('add <origin> <capability>')
    .description(
      'give a site a capability and start a session; the browser asks for its own permission at connect',
    )
    .option('--top-origin <origin>', 'for frames: the site shown in the tab (default: the origin itself)')
    .option('--ttl <duration>', 'how long the session lives; the capability’s limit caps it', parseDuration)
    .option('--ask-writes', ASK_WRITES)
    .option('--no-ask-writes', 'do not (a new grant does not; one that is there stays as it is)')
    .action((origin: string, capability: string, options: AddOptions) =>
      add(origin, capability, options, terminal),
    )
  grant
    .command('list')
    .description('every grant')
    .action(() =>
      withOwner((context) => {
        const all = grants.list(context)
        const rows = all.map((each) => [
          each.id,
          each.origin === each.topOrigin ? each.origin : `${each.origin} in ${each.topOrigin}`,
          each.capability,
          moment(each.createdAt),
          each.askWrites ? 'asks before writes' : '',
        ])
        terminal.answer(all, table(rows))
      }),
    )
  grant
    .command('edit <id>')
    .description('change a grant at once; its sessions go on')
    .option('--ask-writes', ASK_WRITES)
    .option('--no-ask-writes', 'do not any more')
    .action((id: string, options: { askWrites?: boolean }) => edit(id, options.askWrites, terminal))
  grant
    .command('remove <id>')
    .description('take a grant back and end its sessions')
    .action((id: string) =>
      withOwner((context) => {
        grants.remove(context, id)
        terminal.answer({ removed: id }, `Removed grant ${id}; its sessions are over.`)
      }),
    )
}

async function add(
  origin: string,
  capability: string,
  options: AddOptions,
  terminal: Terminal,
): Promise<void> {
  const own = originOf(origin)
  const topOrigin = options.topOrigin === undefined ? own : originOf(options.topOrigin)
  const { ttl, askWrites } = options
  await withOwner((context) => {
    const made = grants.add(context, {
      origin: own,
      topOrigin,
      capability,
      ...(ttl === undefined ? {} : { ttl }),
      ...(askWrites === undefined ? {} : { askWrites }),
    })
    terminal.answer(
      { ...made.grant, session: made.session },
      `Granted ${capability} to ${own} (${made.grant.id}); session ${made.session.id} until ${moment(made.session.expiresAt)}.${made.grant.askWrites ? ' Asks before writes.' : ''}`,
    )
  })
}

async function edit(id: string, askWrites: boolean | undefined, terminal: Terminal): Promise<void> {
  if (askWrites === undefined) throw new UsageError('say `--ask-writes` or `--no-ask-writes`')
  await withOwner((context) => {
    const grant = grants.askBeforeWrites(context, id, askWrites)
    const said = askWrites ? 'asks before each write from now on' : 'does not ask before writes any more'
    terminal.answer(grant, `Grant ${id} of ${grant.origin} ${said}.`)
  })
}

// A trailing slash is what people copy; anything more than an origin would be a promise the grant does not keep.
function originOf(text: string): string {
  const url = URL.parse(text)
  const origin = url === null ? 'null' : url.origin
  if (origin === 'null' || (text !== origin && text !== `${origin}/`)) {
    throw new UsageError(`\`${text}\` is not an origin such as \`https://example.com\``)
  }
  return origin
}
