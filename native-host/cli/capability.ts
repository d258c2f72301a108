import { type Command, Option } from 'commander'
import {
  type BodyRule,
  BUDGET_PERIODS,
  type Capability,
  type CapabilityLimits,
  type Effect,
  type ModelPrice,
  type Prices,
  type Rule,
} from '../../shared/model/capability.ts'
import { DEFAULT_LIMITS } from '../../shared/presets/preset-to-service.ts'
import * as capabilities from '../owner/capabilities.ts'
import type { OwnerContext } from '../owner/context.ts'
import { requireCapability } from '../owner/require.ts'
import { registerEdit } from './capability-edit.ts'
import { parseBodyRule } from './parse-body-rule.ts'
import { collectModelName, type FailoverOptions, failoverOf, parseTriggers } from './parse-failover.ts'
import {
  collect,
  type OrNone,
  orNone,
  parseBytes,
  parseCount,
  parseDuration,
  parseRate,
  typed,
} from './parse-figures.ts'
import { collectModelPrice, parseMoney, parsePrices } from './parse-money.ts'
import { settings } from './settings.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'
import { registerTighten } from './tighten.ts'
import { UsageError } from './usage-error.ts'
import { withOwner } from './with-owner.ts'

/** A capability written by hand has the limits its owner names; only its sessions always end. */
const BY_HAND: CapabilityLimits = { ...DEFAULT_LIMITS, ratePerMinute: null, concurrent: null }

interface AddOptions extends FailoverOptions {
  service: string
  fromPreset?: string
  set?: string[]
  label?: string
  /** Rules of all three effects in the order they were typed. */
  allow?: string[]
  ask?: string[]
  deny?: string[]
  body?: BodyRule[]
  model?: string[]
  ttl?: number
  idle?: OrNone<number>
  rate?: OrNone<number>
  maxRequests?: OrNone<number>
  concurrent?: OrNone<number>
  concurrentInAll?: OrNone<number>
  maxBytes?: OrNone<number>
  maxBytesUp?: OrNone<number>
  maxTokens?: OrNone<number>
  maxTokensPerCall?: OrNone<number>
  maxCost?: OrNone<number>
  price?: OrNone<Prices>
  modelPrice?: ModelPrice[]
  budgetPeriod?: CapabilityLimits['period']
}

/** `capability add | edit | list | show | remove`: what a site could be allowed to do. */
export function registerCapability(program: Command, terminal: Terminal): void {
  const capability = program.command('capability').description('what a site may do with a service')
  registerAdd(capability, terminal)
  registerEdit(capability, terminal)
  registerTighten(capability, terminal)
  capability
    .command('list')
    .description('every capability')
    .action(() => list(terminal))
  capability
    .command('show <id>')
    .description('one capability in full')
    .action((id: string) =>
      withOwner((context) => {
        const found = requireCapability(context, id)
        terminal.answer(found, JSON.stringify(found, null, 2))
      }),
    )
  capability
    .command('remove <id>')
    .description('remove a capability with its grants; their sessions end')
    .action((id: string) =>
      withOwner((context) => {
        capabilities.remove(context, id)
        terminal.answer({ removed: id }, `Removed capability ${id}; its sessions are over.`)
      }),
    )
}

function registerAdd(capability: Command, terminal: Terminal): void {
  const added = capability
    .command('add <id>')
    .description('without a rule it allows nothing; deny beats ask beats allow')
    .requiredOption('--service <id>', 'the service it is for')
    .option('--from-preset <name>', 'start from what the service’s preset offers under that name')
    .option('--set <name=value>', 'a value the preset’s capability asks for; may be repeated', collect)
    .option('--label <text>', 'how the popup calls it')
    .option('--allow <rule>', '`METHODS PATH` that goes through; may be repeated', collect)
    .option('--ask <rule>', '`METHODS PATH` that needs your word each time', collect)
    .option('--deny <rule>', '`METHODS PATH` that never goes through', collect)
    .option(
      '--body <condition>',
      'a condition on the body, JSON or a form, such as `/n <= 2`; all must hold',
      collectBodyRule,
    )
    .option('--model <name>', 'a model the body may name; may be repeated', collect)
    .option('--ttl <duration>', 'longest life of a session (default 8h)', parseDuration)
    .option(
      '--idle <duration>',
      'end a session after so long without a call, or `none`',
      orNone(parseDuration),
    )
    .option('--rate <rate>', 'calls per minute, as in `60/min`, or `none`', orNone(parseRate))
    .option('--max-requests <number>', 'calls in one session, or `none`', orNone(parseCount))
    .option('--concurrent <number>', 'calls in flight at once in one session, or `none`', orNone(parseCount))
    .option(
      '--concurrent-in-all <number>',
      'calls in flight at once over all sessions, or `none`',
      orNone(parseCount),
    )
    .option('--max-bytes <size>', 'response bytes in one session, or `none`', orNone(parseBytes))
    .option('--max-bytes-up <size>', 'request bytes in one session, or `none`', orNone(parseBytes))
    .option('--max-tokens <number>', 'tokens in and out over all sessions, or `none`', orNone(parseCount))
    .option(
      '--max-tokens-per-call <number>',
      'what a call counts for, in and out each, that does not say its most; none may name more',
      orNone(parseCount),
    )
    .option(
      '--max-cost <amount>',
      'money over all sessions, as in `5` or `2.50`; needs --price',
      orNone(parseMoney),
    )
    .option(
      '--price <prices>',
      'for a million tokens and for a call, as in `input=2.50,output=10,request=0,currency=USD`',
      orNone(parsePrices),
    )
    .option(
      '--model-price <model:prices>',
      'of one model in place of that, as in `gpt-5:input=1.25,output=10`; may be repeated',
      collectModelPrice,
    )
    .addOption(
      new Option('--budget-period <period>', 'how far back tokens and money count (default day)').choices(
        Object.keys(BUDGET_PERIODS),
      ),
    )
    .action((id: string, options: AddOptions) => add(id, options, terminal))
  addFailoverOptions(added)
}

function addFailoverOptions(added: Command): void {
  added
    .option(
      '--failover <capability>',
      'where a call goes, once, that its own service does not answer, if it has no body or one of JSON; a site needs live sessions of both',
    )
    .option(
      '--failover-on <reasons>',
      '`unreachable`, `timeout`, `429`, `5xx` (default unreachable,timeout); but for the first, what was asked may be done and paid twice',
      parseTriggers,
    )
    .option(
      '--failover-model <from=to>',
      'what the other service calls a model, `*=to` for any other; may be repeated; none: the same names',
      collectModelName,
    )
    .option(
      '--failover-timeout <duration>',
      'how long to wait for the beginning of an answer before going on',
      parseDuration,
    )
}

async function add(id: string, options: AddOptions, terminal: Terminal): Promise<void> {
  const failover = failoverOf(options)
  await withOwner((context) => {
    const draft = capabilityOf(context, id, options)
    const made = capabilities.add(context, failover === null ? draft : { ...draft, failover })
    terminal.answer(made, addedText(made))
    const opens = made.rules.some((rule) => rule.effect !== 'deny')
    if (!opens) terminal.note(`Capability ${id} allows nothing: it has no --allow and no --ask rule.`)
    else if (made.models?.length === 0)
      terminal.note(
        `Capability ${id} names no model, and refuses every call: name them in the control room, or remove it and add it with --model.`,
      )
  })
}

function capabilityOf(context: OwnerContext, id: string, options: AddOptions): Capability {
  const { service, fromPreset, model, set } = options
  if (set !== undefined && fromPreset === undefined) throw new UsageError('`--set` goes with `--from-preset`')
  const values = settings(set ?? [])
  const models = model === undefined ? {} : { models: model }
  const base: Capability =
    fromPreset === undefined
      ? { id, service, label: id, rules: [], body: [], models: null, limits: { ...BY_HAND } }
      : capabilities.fromPreset(context, { id, service, name: fromPreset, values, ...models })
  return {
    ...base,
    ...models,
    label: options.label ?? base.label,
    rules: [...base.rules, ...rulesOf(options)],
    body: [...base.body, ...(options.body ?? [])],
    limits: limitsOf(base.limits, options),
  }
}

function rulesOf(options: AddOptions): Rule[] {
  const as = (effect: Effect, patterns: readonly string[] = []): Rule[] =>
    patterns.map((pattern) => ({ effect, pattern }))
  return [...as('deny', options.deny), ...as('ask', options.ask), ...as('allow', options.allow)]
}

function limitsOf(base: CapabilityLimits, options: AddOptions): CapabilityLimits {
  const chosen = <T>(value: OrNone<T> | undefined, otherwise: T | null): T | null =>
    value === undefined ? otherwise : typed(value)
  return {
    ttl: options.ttl ?? base.ttl,
    idle: chosen(options.idle, base.idle),
    ratePerMinute: chosen(options.rate, base.ratePerMinute),
    maxRequests: chosen(options.maxRequests, base.maxRequests),
    concurrent: chosen(options.concurrent, base.concurrent),
    concurrentInAll: chosen(options.concurrentInAll, base.concurrentInAll),
    maxBytes: chosen(options.maxBytes, base.maxBytes),
    maxBytesUp: chosen(options.maxBytesUp, base.maxBytesUp),
    maxTokens: chosen(options.maxTokens, base.maxTokens),
    maxTokensPerCall: chosen(options.maxTokensPerCall, base.maxTokensPerCall),
    maxCost: chosen(options.maxCost, base.maxCost),
    prices: pricesOf(options, base.prices),
    period: options.budgetPeriod ?? base.period,
  }
}

function pricesOf({ price, modelPrice: models }: AddOptions, base: Prices | null): Prices | null {
  const prices = price === undefined ? base : typed(price)
  if (models === undefined) return prices
  if (prices === null) throw new UsageError('`--model-price` needs `--price`: what the other models cost')
  return { ...prices, models }
}

async function list(terminal: Terminal): Promise<void> {
  await withOwner((context) => {
    const all = capabilities.list(context)
    terminal.answer(all, table(all.map((each) => [each.id, each.service, each.label])))
  })
}

function addedText(capability: Capability): string {
  const rules = capability.rules.map(({ effect, pattern }) => `  ${effect} ${pattern}`)
  return [
    `Added capability ${capability.id} for ${capability.service}.`,
    ...rules,
    ...failoverText(capability),
  ].join('\n')
}

function failoverText({ failover }: Capability): string[] {
  if (failover === undefined) return []
  const goesOn = `  on ${failover.on.join(', ')} a call goes on to ${failover.capability}`
  if (failover.on.every((trigger) => trigger === 'unreachable')) return [goesOn]
  return [goesOn, '  The first service may then have done what was asked as well: you may pay twice.']
}

function collectBodyRule(value: string, before: BodyRule[] = []): BodyRule[] {
  return [...before, parseBodyRule(value)]
}
