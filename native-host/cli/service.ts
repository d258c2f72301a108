import { type Command, Option } from 'commander'
import type { Preset } from '../../shared/model/preset.ts'
import type { PathAuth } from '../../shared/model/service.ts'
import { PRESETS, presetById } from '../../shared/presets/catalogue.ts'
import { givenSecretNames, isSignedInTo } from '../../shared/presets/secret-names.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { enterReferences } from '../owner/enter-references.ts'
import { requireService } from '../owner/require.ts'
import * as services from '../owner/services.ts'
import { summariseService } from '../owner/summarise-service.ts'
import { testAndWarn } from '../owner/test-and-warn.ts'
import { pinnedCertificates } from '../policy/certificates.ts'
import { fromHere } from '../references/fetch-here.ts'
import { fetcher } from '../references/fetcher.ts'
import { References } from '../references/references.ts'
import { Refusal } from '../refusal.ts'
import { createUpstream } from '../upstream/send.ts'
import { EXIT } from './exit-code.ts'
import { REFERENCE_HELP } from './gather-references.ts'
import { gatherSecrets, type SecretOptions } from './gather-secrets.ts'
import { lookAtKeys } from './look-at-keys.ts'
import { offersText } from './offers-text.ts'
import { collect } from './parse-figures.ts'
import { pathSchemes } from './path-schemes.ts'
import { saving } from './save-secrets.ts'
import { schemeHelp } from './scheme-help.ts'
import { registerAuthorize } from './service-authorize.ts'
import { baseUrlsOf, localOf, type ServiceOptions, serviceByHand } from './service-by-hand.ts'
import { registerDismiss } from './service-dismiss.ts'
import { type PinOptions, pinnedBy, registerPin } from './service-pin.ts'
import { registerUpdate } from './service-update.ts'
import { settings } from './settings.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { withOwner } from './with-owner.ts'

interface AddOptions extends ServiceOptions, SecretOptions, Pick<PinOptions, 'caFile'> {
  preset?: string
  auth?: string[]
  set?: string[]
}

/** `service add | list | show | test | rotate | update | dismiss | pin | remove | presets`. */
export function registerService(program: Command, terminal: Terminal): void {
  const service = program.command('service').description('upstream APIs and their keys')
  registerAdd(service, terminal)
  service
    .command('list')
    .description('every service')
    .action(() => list(terminal))
  service
    .command('show <id>')
    .description('one service in full; of its secrets the names, and of which kind a reference is')
    .action((id: string) => show(id, terminal))
  service
    .command('test <id>')
    .description('make one harmless call with the stored key and say what it showed')
    .action((id: string) => test(id, terminal))
  service
    .command('rotate <id>')
    .description('replace the key; the next call uses the new one')
    .option('--secret-stdin', 'the new main secret, read from stdin')
    .option('--secret-file <name=path>', 'a new secret from a file', collect)
    .option('--secret-ref <name=reference>', REFERENCE_HELP, collect)
    .option('--no-try', 'save a reference without fetching its secret once')
    .action((id: string, options: SecretOptions) => rotate(id, options, terminal))
  registerUpdate(service, terminal)
  registerDismiss(service, terminal)
  registerPin(service, terminal)
  registerAuthorize(service, terminal)
  service
    .command('remove <id>')
    .description('remove a service with its key, its capabilities, their grants and sessions')
    .action((id: string) =>
      withOwner((context, home) => {
        services.remove(context, id)
        enterReferences(context, home, new Map())
        terminal.answer({ removed: id }, `Removed service ${id}, with its key, capabilities and grants.`)
      }),
    )
  service
    .command('presets')
    .description('the services of the catalogue')
    .action(() => {
      const rows = PRESETS.map((each) => [
        each.id,
        each.label,
        each.capabilities.map(({ id }) => id).join(' '),
      ])
      terminal.answer(PRESETS, table(rows))
    })
}

function registerAdd(service: Command, terminal: Terminal): void {
  service
    .command('add <id>')
    .description('add a service from the catalogue or by hand; its key comes from stdin, a file or a prompt')
    .option('--preset <preset>', 'one of `service presets`')
    .option('--base-url <url>', 'where it lives; may be repeated', collect)
    .option('--auth <kind>', 'how it takes its key; once for each scheme', collect)
    .option(
      '--set <name=value>',
      'a setting of the scheme, or a value the preset asks for; `path=` begins a scheme for some paths',
      collect,
    )
    .option('--secret-stdin', 'the main secret, read from stdin')
    .option('--secret-file <name=path>', 'a secret from a file; may be repeated', collect)
    .option('--secret-ref <name=reference>', REFERENCE_HELP, collect)
    .option('--no-try', 'save a reference without fetching its secret once')
    .option('--local', 'it lives on this machine or a private network')
    .option('--address <ip>', 'the one address a local service with a host name is reached at')
    .option(
      '--ca-file <path>',
      'PEM certificates its server must prove itself with, in place of the public ones',
    )
    .option('--allow-header <name>', 'a further request header pages may send; may be repeated', collect)
    .option('--expose-header <name>', 'a further response header pages may read; may be repeated', collect)
    .option('--placeholder <text>', 'what pages get in place of the key')
    .addOption(new Option('--failover <capability>').hideHelp())
    .addHelpText('after', schemeHelp())
    .action((id: string, options: AddOptions & { failover?: string }) => add(id, options, terminal))
}

async function add(
  id: string,
  options: AddOptions & { failover?: string },
  terminal: Terminal,
): Promise<void> {
  if (options.failover !== undefined) throw new UsageError('`--failover` goes with `capability add`')
  const auth = options.auth === undefined ? undefined : pathSchemes(options.auth, options.set ?? [])
  if (auth === undefined && options.preset === undefined && options.set !== undefined) {
    throw new UsageError('`--set` goes with `--auth` or with `--preset`')
  }
  // The locked vault is reported before anyone is asked to type a key.
  await withOwner(async (context, home) => {
    const made =
      options.preset === undefined
        ? await addByHand(context, home, id, auth, options)
        : await addFromPreset(context, home, id, options.preset, auth, options, terminal)
    terminal.answer(made, [summaryText(made), ...hazardsOf(options.preset)].join('\n'))
  })
}

type Context = Parameters<typeof services.addByHand>[0]

async function addByHand(
  context: Context,
  home: string,
  id: string,
  auth: PathAuth[] | undefined,
  options: AddOptions,
) {
  const service = serviceByHand(id, auth ?? pathSchemes([], []), options)
  const ca = await pinnedBy(options)
  const secrets = await gatherSecrets(
    service.auth,
    options,
    service.auth.some(({ auth }) => isSignedInTo(auth)),
  )
  return saving(context, home, service.auth, secrets, options, () =>
    services.addByHand(context, { ...service, ca }, secrets),
  )
}

async function addFromPreset(
  context: Context,
  home: string,
  id: string,
  name: string,
  auth: PathAuth[] | undefined,
  options: AddOptions,
  terminal: Terminal,
) {
  const preset = presetById(name)
  if (preset === null)
    throw new Refusal('unknown', `there is no preset \`${name}\`: see \`valetkey service presets\``)
  if ([options.allowHeader, options.exposeHeader, options.placeholder].some((each) => each !== undefined)) {
    throw new UsageError(
      '`--allow-header`, `--expose-header` and `--placeholder` are for services without a preset',
    )
  }
  const values = auth === undefined ? valuesFor(preset, options.set ?? []) : {}
  const baseUrls = baseUrlsOf(options)
  const local = localOf(options)
  const ca = await pinnedBy(options)
  const schemes = auth ?? preset.auth
  const main =
    auth === undefined && preset.auth.some((one) => isSignedInTo(one.auth))
      ? givenSecretNames(schemes)
      : undefined
  const given = await gatherSecrets(schemes, options, preset.keyOptional, main)
  const secrets = auth === undefined ? lookAtKeys(given, preset, (remark) => terminal.note(remark)) : given
  return saving(context, home, schemes, secrets, options, () =>
    services.addFromPreset(context, {
      id,
      preset: name,
      secrets,
      capabilities: [],
      ...(baseUrls.length === 0 ? {} : { baseUrls }),
      ...(local === undefined || local === null ? {} : { local }),
      ...(auth === undefined ? {} : { auth }),
      ...(ca === null ? {} : { ca }),
      values,
    }),
  )
}

/** What `--set` says of the values a preset asks for. @throws UsageError for a name it does not ask for. */
function valuesFor(preset: Preset, sets: readonly string[]): Record<string, string> {
  const values = settings(sets)
  const known = (preset.values ?? []).map(({ id }) => id)
  const odd = Object.keys(values).find((name) => !known.includes(name))
  if (odd === undefined) return values
  const names = known.length === 0 ? 'none' : `\`${known.join('`, `')}\``
  throw new UsageError(`preset \`${preset.id}\` asks for ${names}: \`--set ${odd}\` goes with \`--auth\``)
}

async function list(terminal: Terminal): Promise<void> {
  await withOwner((context) => {
    const all = services.listSummaries(context)
    const rows = all.map(({ id, label, baseUrls, offers }) => [
      ...[id, label, baseUrls.join(' ')],
      ...(offers === undefined ? [] : [offersText(offers)]),
    ])
    terminal.answer(all, table(rows))
  })
}

async function show(id: string, terminal: Terminal): Promise<void> {
  await withOwner((context) => {
    const service = requireService(context, id)
    const { secrets, references = {}, capabilities, offers } = summariseService(context, service)
    const ca = service.ca === null ? null : pinnedCertificates(service.ca)
    const { from: _, ...own } = service
    const told = offers === undefined ? {} : { offers: offers.capabilities }
    const whole = { ...own, ca, secrets, references, capabilities, ...told }
    terminal.answer(whole, JSON.stringify(whole, null, 2))
  })
}

async function test(id: string, terminal: Terminal): Promise<void> {
  await withOwner(async (context, home) => {
    const upstream = createUpstream({})
    const references = new References(fetcher(fromHere(home), upstream))
    try {
      const result = await testAndWarn(context, id, upstream, references)
      const good = result.outcome === 'accepted' || result.outcome === 'no-key-needed'
      if (!good) terminal.exitCode = EXIT.failed
      const warnings = (result.warnings ?? []).map(({ message }) => `warning: ${message}`)
      const { said: _, ...told } = result
      terminal.answer(told, [`${result.outcome}: ${result.message}`, ...warnings].join('\n'))
    } finally {
      references.close()
      await upstream.close()
    }
  })
}

async function rotate(id: string, options: SecretOptions, terminal: Terminal): Promise<void> {
  await withOwner(async (context, home) => {
    const service = requireService(context, id)
    const secrets = await gatherSecrets(service.auth, options, false)
    const rotated = await saving(context, home, service.auth, secrets, options, () =>
      services.rotate(context, id, secrets),
    )
    terminal.answer(rotated, `Replaced ${[...secrets.keys()].join(', ')} of ${id}.`)
  })
}

/** What can go wrong with a service of the catalogue, said when its key is stored. */
function hazardsOf(preset: string | undefined): string[] {
  const { hazards = [] } = presetById(preset ?? '') ?? {}
  return hazards.length === 0 ? [] : ['Good to know:', ...hazards.map((hazard) => `  ${hazard}`)]
}

function summaryText(summary: ServiceSummary): string {
  const lines = [`Added service ${summary.id} (${summary.baseUrls.join(', ')}).`]
  lines.push(summary.secrets.length === 0 ? 'It has no key.' : `It holds: ${summary.secrets.join(', ')}.`)
  lines.push(`What pages get in place of the key: ${summary.placeholder}`)
  if (summary.signIn) lines.push(`Sign in to it: \`valetkey service authorize ${summary.id}\`.`)
  lines.push('No site may use it yet: `valetkey capability add`.')
  return lines.join('\n')
}
