import * as z from 'zod/mini'
import { say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'
import { membersOf, readDocument } from './read-document.ts'

const Text = z.string()

/** How a service of Janee wants its credential. What is secret may stand here in clear, encrypted, or not at all. */
const JaneeAuthSchema = z.looseObject({
  type: Text,
  headers: z.optional(z.record(z.string(), Text)),
  region: z.optional(Text),
  awsService: z.optional(Text),
  scopes: z.optional(z.array(Text)),
  appId: z.optional(z.union([Text, z.number()])),
  installationId: z.optional(z.union([Text, z.number()])),
})
export type JaneeAuth = z.infer<typeof JaneeAuthSchema>

const JaneeServiceSchema = z.looseObject({ baseUrl: Text, auth: JaneeAuthSchema })
export type JaneeService = z.infer<typeof JaneeServiceSchema>

const JaneeCapabilitySchema = z.looseObject({
  service: Text,
  ttl: z.optional(z.union([Text, z.number()])),
  autoApprove: z.optional(z.boolean()),
  requiresReason: z.optional(z.boolean()),
  rules: z.optional(
    z.nullable(
      z.looseObject({
        allow: z.optional(z.nullable(z.array(Text))),
        deny: z.optional(z.nullable(z.array(Text))),
      }),
    ),
  ),
  allowedAgents: z.optional(z.nullable(z.array(Text))),
  access: z.optional(Text),
  mode: z.optional(Text),
})
export type JaneeCapability = z.infer<typeof JaneeCapabilitySchema>

const JaneeConfigSchema = z.looseObject({
  /** Only in files of versions before 0.3, whose secrets stand encrypted among the rest. */
  masterKey: z.optional(Text),
  services: z.optional(z.nullable(z.record(z.string(), JaneeServiceSchema))),
  capabilities: z.optional(z.nullable(z.record(z.string(), JaneeCapabilitySchema))),
})

/** The file beside it: the key and what it encrypts, by service and field. */
const JaneeCredentialsSchema = z.looseObject({
  masterKey: Text,
  secrets: z.record(z.string(), z.record(z.string(), z.union([Text, z.record(z.string(), Text)]))),
})
export type JaneeCredentials = z.infer<typeof JaneeCredentialsSchema>

/** A configuration of Janee, read. */
export interface JaneeConfig {
  readonly masterKey: string | null
  readonly services: ReadonlyMap<string, JaneeService>
  readonly capabilities: ReadonlyMap<string, JaneeCapability>
  /** The configuration holds the key of a language model of Janee's own. */
  readonly hasModelKey: boolean
}

/** Read `config.yaml`. @throws Refusal `invalid` with where it does not fit. */
export function readJaneeConfig(text: string): JaneeConfig {
  const written = readDocument(text)
  const parsed = JaneeConfigSchema.safeParse(written)
  if (!parsed.success) throw unfit('configuration', parsed.error.issues)
  const { masterKey, services, capabilities } = parsed.data
  return {
    masterKey: masterKey === undefined || masterKey === '' ? null : masterKey,
    services: new Map(Object.entries(services ?? {})),
    capabilities: new Map(Object.entries(capabilities ?? {})),
    hasModelKey: typeof membersOf(membersOf(written)?.llm)?.apiKey === 'string',
  }
}

/** Read `credentials.json`. @throws Refusal `invalid`. */
export function readJaneeCredentials(text: string): JaneeCredentials {
  const parsed = JaneeCredentialsSchema.safeParse(readDocument(text))
  if (!parsed.success) throw unfit('credentials file', parsed.error.issues)
  return parsed.data
}

// SECURITY: the path alone; what stands there may be a key.
function unfit(what: string, issues: readonly { path: readonly PropertyKey[] }[]): Refusal {
  const at = issues[0]?.path.map(String).join('.') ?? ''
  return new Refusal(
    'invalid',
    say`this is not a ${what} of Janee: ${at === '' ? 'it has other members' : `\`${at}\` does not fit`}`,
  )
}
