import type { Command } from 'commander'
import type { PathAuth } from '../../shared/model/service.ts'
import { secretNames } from '../../shared/presets/secret-names.ts'
import { baseUrlFor, checkLivesAt } from '../import/described-place.ts'
import type { Choice, Tick } from '../import/import-openapi.ts'
import type { ImportedService, ImportPlan } from '../import/import-plan.ts'
import { asName } from '../import/names.ts'
import type { ApiDescription } from '../import/openapi-document.ts'
import type { OwnerContext } from '../owner/context.ts'
import { importPlan, tryImport } from '../owner/import.ts'
import { findService } from '../store/services.ts'
import { gatherSecrets, type SecretOptions } from './gather-secrets.ts'
import { planText, planValue } from './import-text.ts'
import { collect } from './parse-figures.ts'
import { pathSchemes } from './path-schemes.ts'
import { type ServiceOptions, serviceByHand } from './service-by-hand.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { withOwner } from './with-owner.ts'

/** What the owner says about an OpenAPI document. */
export interface OpenApiOptions extends SecretOptions, Pick<ServiceOptions, 'baseUrl' | 'local' | 'address'> {
  tag?: string[]
  operation?: string[]
  readOnly?: boolean
  service?: string
  capability?: string
  auth?: string[]
  set?: string[]
  dryRun?: boolean
  replace?: boolean
}

/** Offer the options of an OpenAPI document. */
export function openApiOptions(command: Command): Command {
  return command
    .option('--tag <tag>', 'OpenAPI: allow the operations of this tag; may be repeated', collect)
    .option(
      '--operation <id>',
      'OpenAPI: allow this one, by `operationId` or as `METHOD /path`; may be repeated',
      collect,
    )
    .option('--read-only', 'OpenAPI: only what is suggested as reading, of the tags or of everything')
    .option('--service <id>', 'OpenAPI: the service it is for; made where there is none of that id')
    .option('--capability <id>', 'OpenAPI: id of the capability')
    .option('--base-url <url>', 'OpenAPI: where the API lives, if the document does not say', collect)
    .option('--local', 'OpenAPI: it lives on this machine or a private network')
    .option('--address <ip>', 'OpenAPI: the one address a local host name is reached at')
    .option('--auth <kind>', 'OpenAPI: how it takes its key, if the document does not say', collect)
    .option('--set <name=value>', 'OpenAPI: a setting of `--auth`; may be repeated', collect)
    .option('--secret-stdin', 'OpenAPI: the key of a new service, read from stdin')
    .option('--secret-file <name=path>', 'OpenAPI: a secret of a new service from a file', collect)
}

/** The readers are large and loaded for this command alone. */
async function readers() {
  const [document, ticks, service] = await Promise.all([
    import('../import/openapi-document.ts'),
    import('../import/import-openapi.ts'),
    import('../import/openapi-service.ts'),
  ])
  return { ...document, ...ticks, ...service }
}
type Readers = Awaited<ReturnType<typeof readers>>

/**
 * Show the operations of an OpenAPI document; with a choice, make a capability of the chosen ones, and the service where
 * there is none.
 *
 * @throws UsageError, Refusal `invalid`, `unknown`, `exists`, `secret-missing`.
 */
export async function importOpenApi(
  text: string,
  options: OpenApiOptions,
  terminal: Terminal,
): Promise<void> {
  const read = await readers()
  const api = read.readOpenApi(text)
  const choice: Choice = {
    tags: options.tag ?? [],
    operations: options.operation ?? [],
    readOnly: options.readOnly === true,
  }
  await withOwner(async (context) => {
    const id = options.service ?? asName(api.title)
    const there = findService(context.store, context.keys, id)
    const described = options.baseUrl?.[0] ?? read.baseUrlOf(api)
    if (there !== null && options.service === undefined) checkLivesAt(there, described)
    const baseUrl = there === null ? described : baseUrlFor(there, read.baseUrlOf(api))
    const base = baseUrl === null ? '' : (URL.parse(baseUrl)?.pathname ?? '').replace(/\/+$/, '')
    const ticks = read.tickList(api, base, choice)
    if (!read.isChosen(choice)) return showTicks(api, ticks, baseUrl, read, terminal)
    const capability = read.capabilityOf(ticks, {
      id: options.capability ?? `${id.slice(0, 50)}-${choice.readOnly ? 'read' : 'chosen'}`,
      service: id,
      label: `${api.title}${choice.readOnly ? ', reading only' : ''}`,
    })
    const made = there === null ? [await newService(id, baseUrl, base, api, options, read)] : []
    const plan: ImportPlan = {
      format: 'openapi',
      services: made,
      capabilities: [capability],
      leftOut: [],
      remarks: read.remarksOn(api, ticks),
    }
    finish(context, plan, ticks, options, terminal)
  })
}

function finish(
  context: OwnerContext,
  plan: ImportPlan,
  ticks: readonly Tick[],
  options: OpenApiOptions,
  terminal: Terminal,
): void {
  const chosen = ticks.filter(({ ticked }) => ticked).map(({ operation }) => operation)
  if (options.dryRun) {
    const existing = tryImport(context, plan, false)
    const value = { dryRun: true, ...planValue(plan), chosen, existing }
    return terminal.answer(value, [planText(plan, existing), ...needsText(plan, options)].join('\n'))
  }
  const { replaced } = importPlan(context, plan, options.replace === true)
  terminal.answer({ dryRun: false, ...planValue(plan), chosen, replaced }, planText(plan, []))
}

/** A dry run asks for no key: which one the real run needs. */
function needsText({ services }: ImportPlan, { secretStdin, secretFile }: OpenApiOptions): string[] {
  if (secretStdin || secretFile !== undefined) return []
  return services.flatMap(({ service }) =>
    secretNames(service.auth).map(
      (name) => `service ${service.id} needs its secret \`${name}\`: \`--secret-stdin\` or \`--secret-file\``,
    ),
  )
}

async function newService(
  id: string,
  baseUrl: string | null,
  base: string,
  api: ApiDescription,
  options: OpenApiOptions,
  read: Readers,
): Promise<ImportedService> {
  if (baseUrl === null) throw new UsageError('the document does not say where the API lives: `--base-url`')
  const auth =
    options.auth === undefined
      ? describedAuth(api, options, read)
      : pathSchemes(options.auth, options.set ?? [])
  const service = serviceByHand(id, auth, { ...options, baseUrl: [baseUrl] })
  const given = options.dryRun ? new Map() : await gatherSecrets(auth, options, false)
  const secrets = new Map(
    [...given].filter((entry): entry is [string, Uint8Array] => entry[1] instanceof Uint8Array),
  )
  return {
    service: { ...service, label: api.title.slice(0, 200), credentialMinting: read.mintingRules(api, base) },
    secrets,
  }
}

function describedAuth(api: ApiDescription, { set }: OpenApiOptions, read: Readers): PathAuth[] {
  if (set !== undefined) throw new UsageError('`--set` goes with `--auth`')
  const auth = read.authOf(api)
  if (auth === null)
    throw new UsageError(
      'the document does not say how the API takes its key, or in a way that needs more: `--auth KIND`',
    )
  return [{ paths: ['* /**'], auth }]
}

function showTicks(
  api: ApiDescription,
  ticks: readonly Tick[],
  baseUrl: string | null,
  read: Readers,
  terminal: Terminal,
): void {
  const auth = read.authOf(api)?.kind ?? null
  const remarks = read.remarksOn(api, ticks)
  const rows = ticks.map(({ reads, method, path, operation, tags, why }) => [
    reads ? '[x]' : '[ ]',
    `${method} ${path}`,
    operation,
    tags.join(','),
    why,
  ])
  const text = [
    `${api.title} at ${baseUrl ?? '(the document does not say where)'}. Suggested as reading: [x]. Nothing was made.`,
    table(rows),
    'Choose with --tag, --operation and --read-only.',
  ]
  terminal.answer(
    {
      format: 'openapi',
      title: api.title,
      baseUrl,
      auth,
      operations: ticks.map(tickValue),
      remarks,
      made: false,
    },
    text.join('\n'),
  )
}

/** An operation as `--json` answers it. */
function tickValue({ operation, method, path, tags, summary, rule, reads, why, ticked }: Tick) {
  return { operation, method, path, tags, summary, rule, reads, why, ticked }
}
