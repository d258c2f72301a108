import type { Capability } from '../../shared/model/capability.ts'
import { secretNames } from '../../shared/presets/secret-names.ts'
import { baseUrlFor, checkLivesAt } from '../import/described-place.ts'
import type { Choice, Tick } from '../import/import-openapi.ts'
import type { ImportPlan } from '../import/import-plan.ts'
import { asName, freshName } from '../import/names.ts'
import type { ApiDescription } from '../import/openapi-document.ts'
import type { OwnerContext } from '../owner/context.ts'
import { capabilityDigest } from '../owner/draft-capability.ts'
import { importPlan, tryImport } from '../owner/import.ts'
import { listCapabilities } from '../store/capabilities.ts'
import { findService } from '../store/services.ts'
import { confirm } from './confirm.ts'
import { planText, planValue } from './import-text.ts'
import { type DescribedPlace, newService } from './openapi-new-service.ts'
import type { OpenApiOptions } from './openapi-options.ts'
import { table } from './table.ts'
import { printable, type Terminal } from './terminal.ts'
import { canTick, tickAtTerminal } from './tick-prompt.ts'
import { UsageError } from './usage-error.ts'
import { withOwner } from './with-owner.ts'

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
 * Show the operations of an OpenAPI document, at a terminal to be ticked there; of those chosen or ticked make a capability,
 * and the service where there is none. What is ticked by hand is made after a yes to what it comes to.
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
    const place = placeOf(context, api, options, read)
    const listed = read.tickList(api, place.base, choice)
    const asks = !read.isChosen(choice) && !terminal.json && canTick()
    if (!asks && !read.isChosen(choice)) return showTicks(api, listed, place.baseUrl, read, terminal)
    const ticks = asks ? await tickedByHand(listed) : listed
    const capability = read.capabilityOf(ticks, {
      id: options.capability ?? capabilityName(context, place.id, choice.readOnly, asks),
      service: place.id,
      label: `${api.title}${choice.readOnly ? ', reading only' : ''}`,
    })
    const plan: ImportPlan = {
      format: 'openapi',
      services: place.isThere ? [] : [await newService(place, api, options, read)],
      capabilities: [capability],
      leftOut: [],
      remarks: read.remarksOn(api, ticks),
    }
    if (asks && options.dryRun !== true) await agree(plan, capability)
    finish(context, plan, ticks, options, terminal)
  })
}

function placeOf(
  context: OwnerContext,
  api: ApiDescription,
  options: OpenApiOptions,
  read: Readers,
): DescribedPlace {
  const id = options.service ?? asName(api.title)
  const there = findService(context.store, context.keys, id)
  const described = options.baseUrl?.[0] ?? read.baseUrlOf(api)
  if (there !== null && options.service === undefined) checkLivesAt(there, described)
  const baseUrl = there === null ? described : baseUrlFor(there, read.baseUrlOf(api))
  const base = baseUrl === null ? '' : (URL.parse(baseUrl)?.pathname ?? '').replace(/\/+$/, '')
  return { id, isThere: there !== null, baseUrl, base }
}

/** Nobody ticks at the terminal what is there already: a name of its own for each time. */
function capabilityName({ store, keys }: OwnerContext, id: string, reads: boolean, asks: boolean): string {
  const name = `${id.slice(0, 50)}-${reads ? 'read' : 'chosen'}`
  if (!asks) return name
  return freshName(
    name,
    listCapabilities(store, keys).map((capability) => capability.id),
  )
}

async function tickedByHand(listed: readonly Tick[]): Promise<Tick[]> {
  const ticked = await tickAtTerminal(listed)
  return listed.map((tick, at) => ({ ...tick, ticked: ticked.has(at) }))
}

/** What would be made, in words and with its digest. @throws UsageError where the person does not say yes. */
async function agree(plan: ImportPlan, capability: Capability): Promise<void> {
  process.stderr.write(`${printable(planText(plan, []))}\ndigest ${capabilityDigest(capability)}\n`)
  if (!(await confirm('Save this?'))) throw new UsageError('given up: nothing was changed')
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
