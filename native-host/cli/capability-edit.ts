import { type Command, Option } from 'commander'
import { BUDGET_PERIODS } from '../../shared/model/capability.ts'
import type { CapabilityPreview } from '../../shared/model/capability-edit.ts'
import type { OwnerContext } from '../owner/context.ts'
import { preview, update } from '../owner/edit-capability.ts'
import { requireCapability } from '../owner/require.ts'
import { Refusal } from '../refusal.ts'
import { type EditOptions, editOf } from './capability-edit-of.ts'
import { confirm } from './confirm.ts'
import { collectModelName, parseTriggers } from './parse-failover.ts'
import { NONE, type OrNone, orNone, parseDuration } from './parse-figures.ts'
import { collectModelPrice, parseMoney, parsePrices } from './parse-money.ts'
import { capabilityLines } from './preset-change-text.ts'
import { canPrompt } from './prompt.ts'
import type { Terminal } from './terminal.ts'
import { withOwner } from './with-owner.ts'

interface Options extends EditOptions {
  dryRun?: boolean
  widen?: boolean
}

/** `capability edit`: where calls go on to, and what they cost. */
export function registerEdit(capability: Command, terminal: Terminal): void {
  capability
    .command('edit <id>')
    .description('change where its calls go on to and what they cost; what is not named stays as it is')
    .option(
      '--failover <capability>',
      'where a call goes that its own service does not answer, or `none`',
      orNone(String),
    )
    .option('--failover-on <reasons>', '`unreachable`, `timeout`, `429`, `5xx`', parseTriggers)
    .option(
      '--failover-model <from=to>',
      'what the other service calls a model, `*=to` for any other; may be repeated, replaces all; `none`: the same names',
      orNoneOf(collectModelName),
    )
    .option(
      '--failover-timeout <duration>',
      'how long to wait for the beginning of an answer, or `none`: as for any call',
      orNone(parseDuration),
    )
    .option(
      '--price <prices>',
      'for a million tokens and for a call, as in `input=2.50,output=10,currency=USD`, or `none`',
      orNone(parsePrices),
    )
    .option(
      '--model-price <model:prices>',
      'of one model in place of that, as in `gpt-5:input=1.25,output=10`; may be repeated, replaces all; `none`: they cost the same',
      orNoneOf(collectModelPrice),
    )
    .option(
      '--max-cost <amount>',
      'money over all sessions, as in `5` or `2.50`, or `none`',
      orNone(parseMoney),
    )
    .addOption(
      new Option('--budget-period <period>', 'how far back tokens and money count').choices(
        Object.keys(BUDGET_PERIODS),
      ),
    )
    .option('--dry-run', 'show the difference and change nothing')
    .option('--widen', 'save it although it allows more than before')
    .action((id: string, options: Options) => editOne(id, options, terminal))
}

async function editOne(id: string, options: Options, terminal: Terminal): Promise<void> {
  await withOwner(async (context) => {
    const edit = editOf(requireCapability(context, id), options)
    const found = preview(context, id, edit)
    if (options.dryRun === true) {
      terminal.answer(told(found, false), editText(found, 'Nothing was changed.'))
      return
    }
    const widen = options.widen === true || (found.widens && (await isAgreed(found, terminal)))
    save(context, id, found, widen)
    const isSame = found.differences.length === 0
    terminal.answer(told(found, !isSame), editText(found, isSame ? 'It is so already.' : 'Saved.'))
  })
}

async function isAgreed(found: CapabilityPreview, terminal: Terminal): Promise<boolean> {
  if (terminal.json || !canPrompt()) return false
  terminal.note(editText(found, ''))
  return confirm('It allows more than before. Save it?')
}

function save(
  context: OwnerContext,
  id: string,
  { edit, digest, widens }: CapabilityPreview,
  widen: boolean,
): void {
  if (widens && !widen)
    throw new Refusal(
      'invalid',
      'this change allows more than before: `--dry-run` shows it, `--widen` saves it',
    )
  update(context, id, edit, { digest, widen })
}

function told({ before, after, differences, widens, replay }: CapabilityPreview, saved: boolean) {
  return { before, after, differences, widens, replay, saved }
}

function editText({ before, differences }: CapabilityPreview, said: string): string {
  const lines = differences.flatMap((each) =>
    capabilityLines(each).map((line) => (each.opens ? `${line}   (allows more)` : line)),
  )
  return [`${before.id}:`, ...(lines.length === 0 ? ['nothing is otherwise'] : lines), said]
    .join('\n')
    .trimEnd()
}

/** For options that may be repeated: `none` for an empty list. */
function orNoneOf<T>(
  collect: (text: string, before?: T[]) => T[],
): (text: string, before?: OrNone<T[]>) => OrNone<T[]> {
  return (text, before = []) => (text === NONE ? NONE : collect(text, before === NONE ? [] : before))
}
