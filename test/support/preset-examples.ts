import { existsSync, readFileSync } from 'node:fs'
import * as z from 'zod/mini'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import { decide } from '../../native-host/policy/decide.ts'
import type { CanonicalRequest } from '../../native-host/policy/request.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Preset } from '../../shared/model/preset.ts'
import type { Service } from '../../shared/model/service.ts'
import { capabilityFromPreset, serviceFromPreset } from '../../shared/presets/preset-to-service.ts'

/** `METHOD PATH-or-URL`, with a body (JSON, or the text of a form and its type) where there is one. */
const ExampleSchema = z.union([
  z.string(),
  z.tuple([z.string(), z.unknown()]),
  z.tuple([z.string(), z.string(), z.string()]),
])
export type Example = z.infer<typeof ExampleSchema>

/** A file of `test/vectors/presets`: what a site with a capability may and may not do, in calls people really make. */
const ExamplesSchema = z.strictObject({
  /** For presets whose base URL the owner gives. */
  baseUrl: z.optional(z.url()),
  values: z.optional(z.record(z.string(), z.string())),
  /** The test call, and where `KEY` is in it: `authorization: Bearer KEY`, `query api_key`, `json /key`. */
  testCall: z.tuple([z.string(), z.string()]),
  /** What the service answers to the test call: status, body, and what that shows. */
  answers: z.array(z.tuple([z.number(), z.string(), z.string()])).check(z.minLength(2)),
  capabilities: z.record(
    z.string(),
    z.strictObject({
      allow: z.array(ExampleSchema),
      /** By the reason of the denial. */
      deny: z.record(z.string(), z.array(ExampleSchema)),
    }),
  ),
})
export type Examples = z.infer<typeof ExamplesSchema>

/** The one model that the capabilities of the examples list, where they ask for models. */
export const LISTED_MODEL = 'listed-model'

/** The examples of a preset. Null: there is no file. @throws what zod throws for a file that is none. */
export function examplesOf(id: string): Examples | null {
  const file = new URL(`../vectors/presets/${id}.json`, import.meta.url)
  return existsSync(file) ? ExamplesSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : null
}

/** The service of a preset, as the examples have it. */
export function exampleServiceOf(preset: Preset, examples: Examples): Service {
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
  examples: Examples,
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
