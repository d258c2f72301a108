import type { Command } from 'commander'
import { type Replay, type Replayed, replay } from '../owner/replay.ts'
import { proposeTighter, type Tightening, tighten } from '../owner/tighten.ts'
import { parseSince } from './parse-since.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { withOwner } from './with-owner.ts'

interface TightenOptions {
  session?: string
  since?: number
  apply?: boolean
}

interface ReplayOptions {
  since?: number
  session?: string
  from?: string
}

/** `capability tighten`: only what was used. */
export function registerTighten(capability: Command, terminal: Terminal): void {
  capability
    .command('tighten <id>')
    .description('propose the smallest capability that would have let through what was used, as a difference')
    .option('--session <id>', 'by the calls of one session')
    .option('--since <time>', 'by the calls since a moment (ISO 8601) or so long ago (`7d`)', parseSince)
    .option('--apply', 'save it; live sessions are bound by it from their next call')
    .action((id: string, options: TightenOptions) => tightenOne(id, options, terminal))
}

/** `replay`: recorded calls, decided again. */
export function registerReplay(program: Command, terminal: Terminal): void {
  program
    .command('replay <capability>')
    .description('decide the recorded calls to its service again by this capability; sends nothing')
    .option('--since <time>', 'calls since a moment (ISO 8601) or so long ago (`7d`)', parseSince)
    .option('--session <id>', 'calls of one session')
    .option('--from <capability>', 'only calls that were made under this one')
    .action((id: string, options: ReplayOptions) => replayOne(id, options, terminal))
}

async function tightenOne(id: string, options: TightenOptions, terminal: Terminal): Promise<void> {
  const { session, since, apply = false } = options
  if (session !== undefined && since !== undefined) throw new UsageError('name a session or a time, not both')
  const where = { ...(session === undefined ? {} : { session }), ...(since === undefined ? {} : { since }) }
  await withOwner((context) => {
    const found = apply ? tighten(context, id, where) : proposeTighter(context, id, where)
    terminal.answer({ ...found, applied: apply }, tighteningText(found, apply))
  })
}

async function replayOne(id: string, options: ReplayOptions, terminal: Terminal): Promise<void> {
  const { session, since, from } = options
  await withOwner((context) => {
    const found = replay(context, id, {
      ...(session === undefined ? {} : { session }),
      ...(since === undefined ? {} : { since }),
      ...(from === undefined ? {} : { capability: from }),
    })
    terminal.answer(found, replayText(found))
  })
}

function tighteningText(found: Tightening, applied: boolean): string {
  const { calls, sessions, removed, added, limits, kept } = found
  const asText = (value: number | null) => (value === null ? 'none' : String(value))
  const lines = [
    `By ${calls} calls of ${sessions} sessions:`,
    ...removed.map((rule) => `- ${rule}`),
    ...added.map((rule) => `+ ${rule}`),
    ...limits.flatMap(({ name, before, after }) => [
      `- ${name} ${asText(before)}`,
      `+ ${name} ${asText(after)}`,
    ]),
    ...(removed.length + added.length + limits.length === 0 ? ['nothing to take away'] : []),
    ...kept.map((text) => `Not judged: ${text}`),
    applied ? 'Saved.' : 'Nothing was changed: `--apply` saves it.',
  ]
  return lines.join('\n')
}

function replayText({ calls, same, changed, uncertain, otherwiseRefused }: Replay): string {
  const lines = [
    `${calls} calls: ${same} as they were, ${changed.length} kinds of call would change.`,
    ...changed.map((each) => `${each.was} -> ${each.now} (${each.nowReason})  ${callText(each)}`),
    ...uncertain.map(
      (each) => `${each.now}, if its ${each.unjudged.join(' and its ')} fits  ${callText(each)}`,
    ),
  ]
  if (otherwiseRefused > 0)
    lines.push(`Not judged: ${otherwiseRefused} calls that were refused for something other than a rule.`)
  return lines.join('\n')
}

function callText({ method, url, query, count }: Replayed): string {
  const address = query.length === 0 ? url : `${url}?${query.join('&')}`
  return `${method} ${address}${count === 1 ? '' : `, ${count} times`}`
}
