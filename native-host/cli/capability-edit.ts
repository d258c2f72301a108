import { type Command, Option } from 'commander'
import {
  BUDGET_PERIODS,
  type Capability,
  type CapabilityLimits,
  type ModelPrice,
  type Prices,
} from '../../shared/model/capability.ts'
import type { CapabilityEdit, CapabilityPreview } from '../../shared/model/capability-edit.ts'
import type { Failover, FailoverTrigger } from '../../shared/model/failover.ts'
import type { OwnerContext } from '../owner/context.ts'
import { preview, update } from '../owner/edit-capability.ts'
import { requireCapability } from '../owner/require.ts'
import { Refusal } from '../refusal.ts'
import { confirm } from './confirm.ts'
import { collectModelName, DEFAULT_ON, parseTriggers } from './parse-failover.ts'
import { orNone, parseDuration } from './parse-figures.ts'
import { collectModelPrice, parseMoney, parsePrices } from './parse-money.ts'
import { capabilityLines } from './preset-change-text.ts'
import { canPrompt } from './prompt.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { withOwner } from './with-owner.ts'

interface EditOptions {
  /** Null: none any more. Absent, like every other: as it is. */
  failover?: string | null
  failoverOn?: FailoverTrigger[]
  /** Null: the same names. */
  failoverModel?: Failover['models'] | null
  failoverTimeout?: number | null
  price?: Prices | null
  modelPrice?: ModelPrice[] | null
  maxCost?: number | null
  budgetPeriod?: CapabilityLimits['period']
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
    .action((id: string, options: EditOptions) => editOne(id, options, terminal))
}

async function editOne(id: string, options: EditOptions, terminal: Terminal): Promise<void> {
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

/** @throws UsageError where nothing is to be changed, or something of a failover or of prices that there are none of. */
function editOf(before: Capability, options: EditOptions): CapabilityEdit {
  const failover = failoverEdit(before.failover, options)
  const prices = priceEdit(before.limits.prices, options)
  const { maxCost, budgetPeriod: period } = options
  const limits = {
    ...(prices === undefined ? {} : { prices }),
    ...(maxCost === undefined ? {} : { maxCost }),
    ...(period === undefined ? {} : { period }),
  }
  if (failover === undefined && Object.keys(limits).length === 0)
    throw new UsageError('say what is to be otherwise: see `valetkey capability edit --help`')
  return {
    ...(failover === undefined ? {} : { failover }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  }
}

function failoverEdit(before: Failover | undefined, options: EditOptions): Failover | null | undefined {
  const { failover, failoverOn, failoverModel, failoverTimeout } = options
  const settings = [failoverOn, failoverModel, failoverTimeout]
  if (failover === undefined && settings.every((each) => each === undefined)) return undefined
  if (failover === null) {
    if (settings.some((each) => each !== undefined))
      throw new UsageError('`--failover none` goes with no other setting of a failover')
    return null
  }
  const capability = failover ?? before?.capability
  if (capability === undefined)
    throw new UsageError('its calls go on nowhere yet: say where with `--failover`')
  const on = failoverOn ?? before?.on ?? DEFAULT_ON
  // How long to wait means nothing where a wait is no reason to go on.
  const kept = on.includes('timeout') ? (before?.wait ?? null) : null
  return {
    capability,
    on,
    models: failoverModel === undefined ? (before?.models ?? []) : (failoverModel ?? []),
    wait: failoverTimeout === undefined ? kept : failoverTimeout,
  }
}

function priceEdit(before: Prices | null, { price, modelPrice }: EditOptions): Prices | null | undefined {
  if (price === undefined && modelPrice === undefined) return undefined
  const base = price === undefined ? before : price
  if (base === null) {
    if (modelPrice != null) throw new UsageError('say with `--price` what the other models cost')
    return null
  }
  const { models: kept = [], ...others } = base
  const models =
    modelPrice === undefined ? (price === undefined ? kept : (before?.models ?? [])) : (modelPrice ?? [])
  return models.length === 0 ? others : { ...others, models }
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
): (text: string, before?: T[] | null) => T[] | null {
  return (text, before) => (text === 'none' ? null : collect(text, before ?? []))
}
