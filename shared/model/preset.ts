import * as z from 'zod/mini'
import { BodyRuleSchema, CapabilityLimitsSchema } from './capability.ts'
import { NameSchema } from './names.ts'
import { QueueSchema } from './queue.ts'
import { DeniedFieldsSchema, ModelListSchema, PathAuthSchema, StripSchema } from './service.ts'

/** One sentence for the owner: a capital first, a full stop last. */
const SentenceSchema = z.string().check(z.regex(/^[A-Z].+\.$/s), z.maxLength(300))

/** `METHODS PATH`, see `native-host/policy/pattern.ts`; `{name}` stands for what the owner says of a value of the preset. */
const PatternSchema = z.string().check(z.regex(/^(?:\*|[A-Z]+(?:,[A-Z]+)*) \/\S*$/))

/** A capability a preset offers, in the owner's words. `models: true` asks the owner for a list of models. */
const PresetCapabilitySchema = z.strictObject({
  id: NameSchema,
  label: z.string().check(z.minLength(1), z.maxLength(60)),
  /** One sentence on what a site can do with it, and what it may cost. */
  description: SentenceSchema,
  risk: z.enum(['read', 'spend', 'write']),
  allow: z.array(PatternSchema).check(z.minLength(1)),
  deny: z.exactOptional(z.array(PatternSchema)),
  body: z.exactOptional(z.array(BodyRuleSchema)),
  models: z.exactOptional(z.literal(true)),
  /** Offered only to a service that has this scheme, in place of the preset's own: with those it could make no call. */
  auth: z.exactOptional(z.literal('oauth1')),
  /** Where the service needs narrower limits than the catalogue's own. */
  limits: z.exactOptional(
    z.strictObject({
      concurrent: z.exactOptional(CapabilityLimitsSchema.shape.concurrent),
      concurrentInAll: z.exactOptional(z.int().check(z.gte(1))),
      ratePerMinute: z.exactOptional(CapabilityLimitsSchema.shape.ratePerMinute),
    }),
  ),
})
export type PresetCapability = z.infer<typeof PresetCapabilitySchema>

/**
 * What the owner has to say before the preset can be used: an account, a channel. Its `{id}` is replaced by it in
 * patterns, conditions and user names of the preset.
 */
const PresetValueSchema = z.strictObject({
  id: NameSchema,
  label: z.string().check(z.minLength(1), z.maxLength(60)),
  /** What it looks like: `C0123456789`. */
  hint: z.string().check(z.minLength(1)),
  /**
   * Regular expression for the whole of it.
   *
   * SECURITY: a value becomes part of rules, so no shape may let through `*`, `?`, `/`, `%`, spaces or braces.
   */
  shape: z.string().check(z.minLength(1)),
})
export type PresetValue = z.infer<typeof PresetValueSchema>

/** A format of keys that tells the service, and often what the key may do. */
const KeyShapeSchema = z.strictObject({
  /** The literal text such keys begin with: `sk-ant-api`. The longest one that fits wins. Empty: the shape alone tells. */
  prefix: z.string(),
  /** Regular expression for all that follows the prefix. */
  rest: z.string().check(z.minLength(1)),
  /** What the owner knows it as: `project key`, `live secret key`. */
  name: z.string().check(z.minLength(1), z.maxLength(60)),
  /** True: others give out keys of the same look, so this one is only a guess. */
  shared: z.exactOptional(z.literal(true)),
  /** `live`: real money or real people; `admin`: rules an account or makes keys; `wrong`: not the key this service wants. */
  danger: z.exactOptional(z.enum(['live', 'admin', 'wrong'])),
  /** What to do about the danger. */
  advice: z.exactOptional(SentenceSchema),
})
export type KeyShape = z.infer<typeof KeyShapeSchema>

/** What an answer to the test call shows of the stored key. */
const MeaningSchema = z.enum(['accepted', 'key-refused', 'lacks-scope', 'wrong-base-url', 'unclear'])

/** A harmless call that shows what a key is good for, and how this service says so. */
const TestCallSchema = z.strictObject({
  method: z.enum(['GET', 'POST']),
  /** From the root of the API's host, with its query. */
  path: z.string().check(z.regex(/^\/\S*$/)),
  /** The one of several base URLs that it goes to; absent: the first. */
  base: z.exactOptional(z.string()),
  /** JSON. */
  body: z.exactOptional(z.string()),
  /**
   * How the service says yes, with status 2xx: `status` by that alone; `json-status` with a body whose `status` is no
   * error (ModelsLab); `json-ok` with `"ok": true` (Slack); `graphql` without `errors`; `json-success` with
   * `"success": true` (Cloudflare).
   */
  ok: z.enum(['status', 'json-status', 'json-ok', 'graphql', 'json-success']),
  /** Where the service answers otherwise than most: the first entry whose status is equal and whose text the body holds. */
  answers: z.exactOptional(
    z.array(
      z.strictObject({
        status: z.int().check(z.gte(200), z.lte(599)),
        /** Found in the body regardless of case; absent: any body. */
        holds: z.exactOptional(z.string().check(z.minLength(2))),
        means: MeaningSchema,
      }),
    ),
  ),
})
export type TestCall = z.infer<typeof TestCallSchema>

/** What the catalogue knows about a service: plain values, checked when the product is built and by `test/unit/presets.test.ts`. */
export const PresetSchema = z.strictObject({
  id: NameSchema,
  label: z.string().check(z.minLength(1), z.maxLength(60)),
  /** Empty where the owner must give one. */
  baseUrls: z.array(z.string()),
  /** Where the owner must give one, what to type: `https://host/v1`. */
  baseUrlHint: z.exactOptional(z.string()),
  /**
   * Regular expression for the whole host name of a base URL that the owner gives; absent: any. It keeps out an address at
   * which the paths of the capabilities would mean something else.
   */
  hostShape: z.exactOptional(z.string().check(z.minLength(1))),
  local: z.boolean(),
  auth: z.array(PathAuthSchema).check(z.minLength(1)),
  strip: StripSchema,
  requiredHeaders: z.record(z.string(), z.string()),
  allowHeaders: z.array(z.string()),
  denyAlways: z.array(PatternSchema),
  credentialMinting: z.array(PatternSchema),
  denyFields: z.exactOptional(z.array(DeniedFieldsSchema)),
  queue: z.exactOptional(QueueSchema),
  modelLists: z.exactOptional(z.array(ModelListSchema)),
  placeholder: z.string().check(z.minLength(20), z.maxLength(120)),
  /** Text shown at the key field: `sk-…`. Empty: the service can do without a key. */
  keyHint: z.string(),
  keyOptional: z.boolean(),
  /** The page where keys are made; null: there is none on the web. */
  createKeyUrl: z.nullable(z.url()),
  keys: z.exactOptional(z.array(KeyShapeSchema)),
  values: z.exactOptional(z.array(PresetValueSchema)),
  capabilities: z.array(PresetCapabilitySchema).check(z.minLength(1)),
  test: TestCallSchema,
  /** Sentences shown where they matter. */
  hazards: z.array(SentenceSchema),
})
export type Preset = z.infer<typeof PresetSchema>
