import { canonicalise } from '../../native-host/policy/canonical.ts'
import { decide } from '../../native-host/policy/decide.ts'
import type { CanonicalRequest } from '../../native-host/policy/request.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Preset } from '../../shared/model/preset.ts'
import {
  type Example,
  type PresetExamples,
  PresetExamplesSchema,
} from '../../shared/model/preset-examples.ts'
import type { Service } from '../../shared/model/service.ts'
import { PRESETS } from '../../shared/presets/catalogue.ts'
import { capabilityFromPreset, serviceFromPreset } from '../../shared/presets/preset-to-service.ts'

/** The one model that the capabilities of the examples list, where they ask for models. */
export const LISTED_MODEL = 'listed-model'

/** Each preset's own file says what its examples are; the product never reads them. */
const EXAMPLES = new Map(
  await Promise.all(PRESETS.map(async ({ id }) => [id, await readExamples(id)] as const)),
)

async function readExamples(id: string): Promise<PresetExamples> {
  const file = new URL(`../../shared/presets/${id}.ts`, import.meta.url)
  const { EXAMPLES } = (await import(/* @vite-ignore */ file.href)) as { EXAMPLES?: unknown }
  return PresetExamplesSchema.parse(EXAMPLES)
}

/** The examples of a preset of the catalogue. @throws Error where it is none of them. */
export function examplesOf(id: string): PresetExamples {
  const examples = EXAMPLES.get(id)
  if (examples === undefined) throw new Error(`no preset ${id}`)
  return examples
}

/** The service of a preset, as the examples have it. */
export function exampleServiceOf(preset: Preset, examples: PresetExamples): Service {
  const { baseUrl, values } = examples
  return serviceFromPreset(preset, {
    id: 'mine',
    ...(values === undefined ? {} : { values }),
    ...(preset.baseUrls.length > 0 ? {} : { baseUrls: [baseUrl ?? preset.baseUrlHint ?? ''] }),
  })
}

/** A capability of it. */
export function exampleCapabilityOf(
  preset: Preset,
  id: string,
  service: Service,
  examples: PresetExamples,
): Capability {
  const { values } = examples
  const models = [LISTED_MODEL]
  return capabilityFromPreset(preset, id, {
    id: 'c',
    service,
    models,
    ...(values === undefined ? {} : { values }),
  })
}

/** The request an example makes: with the placeholder of the service where clients put it, as a page would. */
export function requestOf(example: Example, service: Service) {
  const [line = '', content, type = 'application/json'] = typeof example === 'string' ? [example] : example
  const space = line.indexOf(' ')
  const target = line.slice(space + 1)
  const url = target.startsWith('/') ? new URL(service.baseUrls[0] ?? '').origin + target : target
  const headers: [string, string][] = [['authorization', `Bearer ${service.placeholder}`]]
  if (content !== undefined) headers.push(['content-type', type])
  const text = content === undefined ? null : typeof content === 'string' ? content : JSON.stringify(content)
  const body = text === null ? null : new TextEncoder().encode(text)
  return { claimed: { method: line.slice(0, space), url, headers }, body }
}

/** What the policy says to an example: `allow`, or the reason why not. */
export function verdictOn(example: Example, capability: Capability, service: Service): string {
  const { claimed, body } = requestOf(example, service)
  const made = canonicalise(claimed, service)
  if ('refused' in made) return made.refused
  const { effect, reason } = decide(made.request, body, capability, service)
  return effect === 'allow' ? 'allow' : reason
}

/** What would be sent for an example. Null: it is refused before that. */
export function sentFor(example: Example, service: Service): CanonicalRequest | null {
  const made = canonicalise(requestOf(example, service).claimed, service)
  return 'refused' in made ? null : made.request
}
