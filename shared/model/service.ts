import * as z from 'zod/mini'
import { AuthSchema, HeaderName } from './auth.ts'
import { NameSchema } from './names.ts'
import { QueueSchema } from './queue.ts'

/** How a service wants its credential, see `auth.ts`. */
export type Auth = z.infer<typeof AuthSchema>
/** The name of a scheme. */
export type AuthKind = Auth['kind']

/** A scheme and the `METHODS PATH` patterns it is for. The first entry with a matching pattern is used. */
export const PathAuthSchema = z.object({ paths: z.array(z.string()).check(z.minLength(1)), auth: AuthSchema })
export type PathAuth = z.infer<typeof PathAuthSchema>

/** Where a page may have put a placeholder: all of it is removed before the decision and the injection. */
export const StripSchema = z.object({
  headers: z.array(HeaderName),
  query: z.array(z.string()),
  /** RFC 6901 pointers into a JSON body. */
  jsonFields: z.array(z.string()),
  /** Names of fields of a form, urlencoded or multipart. Absent, also in services stored before there was this: none. */
  formFields: z.optional(z.array(z.string())),
})

/** A call that lists models, and whose models, by `owned_by`, are left out of its answer. */
export const ModelListSchema = z.object({
  /** `METHODS PATH` patterns. */
  paths: z.array(z.string()).check(z.minLength(1)),
  withoutOwners: z.array(z.string()),
})
export type ModelList = z.infer<typeof ModelListSchema>

/** Fields of a request that do more than a call should: by a `webhook` its answer goes to any address. */
export const DeniedFieldsSchema = z.object({
  /** `METHODS PATH` patterns. */
  paths: z.array(z.string()).check(z.minLength(1)),
  /** Names of members of a JSON body, of fields of a form, and of parameters of the address. */
  names: z.array(z.string().check(z.minLength(1))).check(z.minLength(1)),
  /** Also at any depth below. Absent: at the top alone, where what is below belongs to the caller, as a tool's parameters do. */
  nested: z.exactOptional(z.literal(true)),
})
export type DeniedFields = z.infer<typeof DeniedFieldsSchema>

/** Longest text of pinned certificates, characters: the authorities of one service, not a list of all there are. */
export const MAX_CA_CHARACTERS = 64 * 1024

const shape = {
  id: NameSchema,
  label: z.string().check(z.minLength(1), z.maxLength(200)),
  /** The preset it came from, or null. */
  preset: z.nullable(NameSchema),
  /**
   * Origins with an optional base path and no trailing slash: `https://api.example.com`, `http://127.0.0.1:1337`.
   * A call belongs to a service when scheme, host and port are equal and its path is the base path or below it.
   */
  baseUrls: z.array(z.string()).check(z.minLength(1)),
  /** Declared to live on this machine or a private network; `address` is the one IP it is reached at (null: the base URL holds a literal). */
  local: z.nullable(z.object({ address: z.nullable(z.string()) })),
  /**
   * PEM certificates of the only authorities this service's server may prove itself with, in place of the public ones;
   * null: the public ones. Also null in services stored before there was this field.
   */
  ca: z._default(z.nullable(z.string().check(z.maxLength(MAX_CA_CHARACTERS))), null),
  auth: z.array(PathAuthSchema).check(z.minLength(1)),
  strip: StripSchema,
  /** Sent when the page sent none: `anthropic-version`. */
  requiredHeaders: z.record(HeaderName, z.string()),
  /** Extra request headers (lower-case; a trailing `*` matches a prefix) that may pass from the page. */
  allowHeaders: z.array(z.string()),
  /**
   * Extra response headers (lower-case; a trailing `*` matches a prefix) that a page may read. Absent, also in services stored
   * before there was this: those on the host's list alone.
   */
  exposeHeaders: z.exactOptional(z.array(z.string())),
  /** `METHODS PATH` patterns that no capability may allow. */
  denyAlways: z.array(z.string()),
  /** `METHODS PATH` patterns whose responses hold credentials: denied unless a capability's own rules name them exactly. */
  credentialMinting: z.array(z.string()),
  /**
   * Fields that no call may have unless its capability's own conditions name them, see `native-host/policy/denied-fields.ts`.
   * Absent, also in services stored before there was this: none.
   */
  denyFields: z.exactOptional(z.array(DeniedFieldsSchema)),
  /** How its queue is read. Absent, also in services stored before there was this: it has none, or nobody looks at it. */
  queue: z.exactOptional(QueueSchema),
  /** Absent: every list of models passes as it is. */
  modelLists: z.exactOptional(z.array(ModelListSchema)),
  /** What the popup offers pages in place of the key, in the service's own key format. */
  placeholder: z.string().check(z.minLength(1), z.maxLength(300)),
}

/**
 * What a preset made of a service, as its owner last saw it: whatever the service has otherwise is the owner's own. Base URLs
 * and schemes are absent where the owner gave them in the preset's place.
 */
export const ServiceMadeSchema = z.object({
  label: shape.label,
  baseUrls: z.exactOptional(shape.baseUrls),
  auth: z.exactOptional(shape.auth),
  strip: shape.strip,
  requiredHeaders: shape.requiredHeaders,
  allowHeaders: shape.allowHeaders,
  denyAlways: shape.denyAlways,
  credentialMinting: shape.credentialMinting,
  denyFields: shape.denyFields,
  queue: shape.queue,
  modelLists: shape.modelLists,
  placeholder: shape.placeholder,
  /** Sentences on what can go wrong, which are shown and decide nothing. */
  hazards: z.array(z.string()),
})
export type ServiceMade = z.infer<typeof ServiceMadeSchema>

/** Where a service comes from, for the day its preset is another. */
export const ServiceOriginSchema = z.object({
  /** What the owner said of the preset's values, by their ids. */
  values: z.record(z.string(), z.string()),
  made: ServiceMadeSchema,
  /**
   * Ids of the preset's capabilities that its owner was offered already: those there were when it was made, and each that was
   * added or dismissed since. Absent in services stored before there was this: none is told as new.
   */
  offered: z.exactOptional(z.array(NameSchema)),
})
export type ServiceOrigin = z.infer<typeof ServiceOriginSchema>

/** An upstream API: where it lives and how it takes its credential. */
export const ServiceSchema = z.object({
  ...shape,
  /** Absent where no preset made it, and in services stored before there was this: what is the owner's own is not known then. */
  from: z.exactOptional(ServiceOriginSchema),
})
export type Service = z.infer<typeof ServiceSchema>
