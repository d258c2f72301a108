import * as z from 'zod/mini'
import type { Capability, CapabilityLimits } from '../model/capability.ts'
import { CapabilityDraftSchema, type DraftedCapability } from '../model/capability-draft.ts'
import { ChangeDigestSchema } from '../model/capability-edit.ts'
import type { DescribedOperation } from '../model/described-operation.ts'
import { NameSchema } from '../model/names.ts'
import { MAX_PACKED_DOCUMENT } from './document-limits.ts'

/** An OpenAPI document, gzip and then base64: a frame has room for a tenth of what large APIs publish. */
const PackedDocument = z
  .string()
  .check(z.minLength(1), z.maxLength(MAX_PACKED_DOCUMENT), z.regex(/^[A-Za-z0-9+/]+={0,2}$/))

/** Orders that make a capability from a document. */
export const OPENAPI_COMMANDS = [
  /** What a document would offer for a service that is there. Fetches, saves and records nothing. */
  z.strictObject({ name: z.literal('openapi-read'), service: NameSchema, document: PackedDocument }),
  /** What a draft would come to. Saves nothing. */
  z.strictObject({ name: z.literal('capability-draft'), draft: CapabilityDraftSchema }),
  /** Makes the capability that was shown. Refused with `unknown` where the digest is not that of this draft, with `exists` where its id is taken. */
  z.strictObject({
    name: z.literal('capability-add'),
    draft: CapabilityDraftSchema,
    digest: ChangeDigestSchema,
  }),
] as const

/** What a document offers, for its owner to tick. */
export interface OpenApiReading {
  /** As the document calls itself. */
  title: string
  /** Where the document says that the API lives; null: it does not say. */
  described: string | null
  /** Base URL of the service below which the rules are placed. */
  baseUrl: string
  /** True where the document names another origin than the service has: it may be the description of something else. */
  isElsewhere: boolean
  operations: DescribedOperation[]
  /** How many paths stand in other files, which are not fetched. */
  elsewhere: number
  /** An id for the capability that is not taken. */
  id: string
  /** Of every new capability, for the owner to change. */
  limits: CapabilityLimits
}

/** What each of them answers with. */
export interface OpenApiResults {
  'openapi-read': OpenApiReading
  'capability-draft': DraftedCapability
  'capability-add': Capability
}
