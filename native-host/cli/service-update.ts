import type { Command } from 'commander'
import {
  isPlain,
  type NotCompared,
  type PresetChange,
  type PresetUpdate,
} from '../../shared/model/preset-change.ts'
import { adoptChanges } from '../owner/adopt-changes.ts'
import type { OwnerContext } from '../owner/context.ts'
import { previewUpdate } from '../owner/preset-update.ts'
import { requireService } from '../owner/require.ts'
import { summariseService } from '../owner/summarise-service.ts'
import { confirm } from './confirm.ts'
import { newText } from './offers-text.ts'
import { collect } from './parse-figures.ts'
import { changeText } from './preset-change-text.ts'
import { canPrompt } from './prompt.ts'
import type { Terminal } from './terminal.ts'
import { printable } from './terminal.ts'
import { withOwner } from './with-owner.ts'

interface UpdateOptions {
  dryRun?: boolean
  widen?: boolean
  adopt?: string[]
  keep?: string[]
}

/** `service update`: what its preset says otherwise by now. */
export function registerUpdate(service: Command, terminal: Terminal): void {
  service
    .command('update <id>')
    .description('take over what its preset says otherwise by now; what you changed yourself stays')
    .option('--dry-run', 'show the differences and change nothing')
    .option('--widen', 'also what allows more than before')
    .option('--adopt <change>', 'this change, whatever it does; may be repeated', collect)
    .option('--keep <change>', 'leave this as it is, as your own choice; may be repeated', collect)
    .action((id: string, options: UpdateOptions) => update(id, options, terminal))
}

async function update(id: string, options: UpdateOptions, terminal: Terminal): Promise<void> {
  await withOwner(async (context) => {
    const found = previewUpdate(context, id)
    const { offers, text } = newOf(context, id)
    if (options.dryRun === true) {
      const told = [updateText(found, 'Nothing was changed.'), ...text].join('\n')
      terminal.answer({ ...found, adopted: [], kept: [], offers }, told)
      return
    }
    const { adopt, keep } = await decide(found, options, terminal)
    // SECURITY: what opens something is among them only where it was named, asked about or asked for with `--widen`.
    const left = adoptChanges(context, id, { digest: found.digest, adopt, keep, widen: true })
    const said = `${adopt.length} taken over, ${keep.length} left as they are, ${left.changes.length} undecided.`
    const done = found.changes.filter((each) => adopt.includes(each.id)).map(changeText)
    const told = [...done, updateText(left, said), ...text].join('\n')
    terminal.answer({ ...left, adopted: adopt, kept: keep, offers }, told)
  })
}

/** What is new in the preset, by its ids and as text. */
function newOf(context: OwnerContext, id: string): { offers: string[]; text: string[] } {
  const service = requireService(context, id)
  const offers = summariseService(context, service).offers?.capabilities ?? []
  return { offers, text: newText(service, offers) }
}

/** What is adopted and what is kept: by the options, and else by the person at the terminal. */
async function decide(
  { changes }: PresetUpdate,
  { adopt = [], keep = [], widen = false }: UpdateOptions,
  terminal: Terminal,
): Promise<{ adopt: string[]; keep: string[] }> {
  const decided = { adopt: [...adopt], keep: [...keep] }
  for (const change of changes) {
    if (adopt.includes(change.id) || keep.includes(change.id)) continue
    if (isPlain(change) || (widen && change.standing === 'preset')) decided.adopt.push(change.id)
    else if (canPrompt() && !terminal.json) {
      const isYes = await confirm(printable(`${changeText(change)}\n${whyAsked(change)} Take it over?`))
      decided[isYes ? 'adopt' : 'keep'].push(change.id)
    }
  }
  return decided
}

function whyAsked({ standing, opens }: PresetChange): string {
  const why = {
    preset: '',
    yours: 'You changed this yourself.',
    unknown: 'Whether this is your own doing is not known.',
  }[standing]
  return [why, opens ? 'It allows more than now.' : ''].join(' ').trim()
}

const GROUPS: readonly [title: string, belongs: (change: PresetChange) => boolean][] = [
  ['Narrower, or of no effect on what is allowed:', isPlain],
  ['Allows more:', ({ standing, opens }) => standing === 'preset' && opens],
  ['You changed these yourself, and the preset did too:', ({ standing }) => standing === 'yours'],
  [
    'What the preset said before is not known, so these may be your own doing:',
    ({ standing }) => standing === 'unknown',
  ],
]

const NOT_COMPARED: Readonly<Record<NotCompared, string>> = {
  unknown: 'which of the preset’s capabilities it is is not known',
  gone: 'the preset does not offer it any more',
  value: 'it needs a value that was not kept: add it anew to have what the preset says now',
}

function updateText({ service, changes, left }: PresetUpdate, said: string): string {
  const groups = GROUPS.flatMap(([title, belongs]) => {
    const these = changes.filter(belongs)
    return these.length === 0 ? [] : [title, ...these.map(changeText)]
  })
  return [
    ...(changes.length === 0 ? [`${service} is as its preset says, but for what is your own.`] : groups),
    ...left.map(
      ({ capability, why }) => `Not compared: ${capability ?? 'the service itself'}: ${NOT_COMPARED[why]}.`,
    ),
    said,
  ].join('\n')
}
