import * as z from 'zod/mini'
import { MAX_PRICED_MODELS } from './capability-bounds.ts'
import { FailoverSchema } from './failover.ts'
import { NameSchema, SecondsSchema } from './names.ts'

/** What a matching rule says. Deny beats ask beats allow; no matching rule is a denial. */
export const EffectSchema = z.enum(['allow', 'ask', 'deny'])
export type Effect = z.infer<typeof EffectSchema>

/** `METHODS PATH`, e.g. `GET,HEAD /v1/models/*`: see `native-host/policy/pattern.ts` for the syntax. */
export const RuleSchema = z.object({
  effect: EffectSchema,
  pattern: z.string().check(z.minLength(3), z.maxLength(2048)),
})
export type Rule = z.infer<typeof RuleSchema>

/** What a GraphQL operation does (GraphQL specification section 2.3). */
export const GraphqlKindSchema = z.enum(['query', 'mutation', 'subscription'])
export type GraphqlKind = z.infer<typeof GraphqlKindSchema>

/**
 * A condition on a body: JSON, or a form (urlencoded or multipart), of which a `pointer` (RFC 6901) with one token names a
 * field. All of a capability's conditions must hold; those of op `graphql` are alternatives to each other.
 */
export const BodyRuleSchema = z.discriminatedUnion('op', [
  z.object({
    op: z.literal('in'),
    pointer: z.string(),
    values: z.array(z.union([z.string(), z.number(), z.boolean()])),
  }),
  z.object({
    op: z.literal('<='),
    pointer: z.string(),
    limit: z.number(),
    /** Also holds where the body has no such member: the service's own default is known to be below. */
    orAbsent: z.optional(z.literal(true)),
  }),
  z.object({ op: z.literal('absent'), pointer: z.string() }),
  z.object({ op: z.literal('present'), pointer: z.string() }),
  /** Nothing but these members (of a JSON object, top level) or fields (of a form). */
  z.object({ op: z.literal('fields'), only: z.array(z.string()) }),
  /**
   * The body is one GraphQL request, and each root field of each operation in it is one that such a rule lists for its kind.
   */
  z.object({
    op: z.literal('graphql'),
    kind: GraphqlKindSchema,
    /** Root fields by their real names. Null: any but the introspection's `__schema` and `__type`, which are always named. */
    fields: z.nullable(z.array(z.string())),
    /** Names of operations that the rule is for. Null: any, also none. */
    names: z.nullable(z.array(z.string())),
  }),
])
export type BodyRule = z.infer<typeof BodyRuleSchema>

const Price = z.int().check(z.gte(0), z.lte(1e12))

/** What use of one model costs, as {@link PricesSchema} says it. */
export const ModelPriceSchema = z.strictObject({
  /** As calls name it, in whatever case. */
  model: z.string().check(z.minLength(1), z.maxLength(200)),
  input: Price,
  output: Price,
  request: Price,
})
export type ModelPrice = z.infer<typeof ModelPriceSchema>

/**
 * What use costs, as the owner says it: whole millionths of one unit of `currency`, so that sums are exact. `input` and
 * `output` are for a million tokens, `request` is for each call that could spend tokens or make something.
 */
export const PricesSchema = z.object({
  currency: z.string().check(z.regex(/^[A-Za-z]{1,8}$/)),
  input: Price,
  output: Price,
  request: Price,
  /** Models that cost something else, each once. Absent, also in what was stored before there was this: none. */
  models: z.exactOptional(z.array(ModelPriceSchema).check(z.maxLength(MAX_PRICED_MODELS))),
})
export type Prices = z.infer<typeof PricesSchema>

/** How far back tokens and money are counted, seconds: the last so many, at any moment. Null: since the last reset. */
export const BUDGET_PERIODS = { day: 86_400, week: 7 * 86_400, month: 30 * 86_400, total: null } as const

/** Limits beside the rules. `null` is the owner's explicit "no limit of this kind". */
export const CapabilityLimitsSchema = z.object({
  /** Longest life of a session, seconds. */
  ttl: SecondsSchema,
  /** A session ends after this long without a call, seconds. */
  idle: z.nullable(SecondsSchema),
  /** Calls per minute, over all sessions of the capability. */
  ratePerMinute: z.nullable(z.int().check(z.gte(1))),
  /** Calls in one session. */
  maxRequests: z.nullable(z.int().check(z.gte(1))),
  /** Calls in flight at once in one session. */
  concurrent: z.nullable(z.int().check(z.gte(1))),
  /** Calls in flight at once over all sessions of the capability and the owner's own calls, in all processes together. */
  concurrentInAll: z._default(z.nullable(z.int().check(z.gte(1))), null),
  /** Response bytes in one session. */
  maxBytes: z.nullable(z.int().check(z.gte(1))),
  /** Bytes of request bodies in one session. */
  maxBytesUp: z._default(z.nullable(z.int().check(z.gte(1))), null),
  /** Tokens in and out, over all sessions of the capability, within one {@link BUDGET_PERIODS period}. */
  maxTokens: z._default(z.nullable(z.int().check(z.gte(1))), null),
  /**
   * What either side of a call, in or out, counts for where the call does not bound it itself: the owner's estimate. A
   * call that names more output than this is refused. Null: such a call reserves all that is left.
   */
  maxTokensPerCall: z._default(z.nullable(z.int().check(z.gte(1), z.lte(1e12))), null),
  /** Money, in millionths of the unit that `prices` names, over all sessions, within one period. Needs `prices`. */
  maxCost: z._default(z.nullable(z.int().check(z.gte(1))), null),
  prices: z._default(z.nullable(PricesSchema), null),
  period: z._default(z.enum(['day', 'week', 'month', 'total']), 'day'),
})
export type CapabilityLimits = z.infer<typeof CapabilityLimitsSchema>

/**
 * Which of its preset's capabilities one is, and what the preset made of it, as its owner last saw it: whatever it has otherwise
 * is the owner's own. Models, prices and the failover are the owner's from the start.
 */
export const CapabilityOriginSchema = z.object({
  /** Id within the preset. */
  capability: NameSchema,
  /** What the owner said of the preset's values, by their ids. */
  values: z.record(z.string(), z.string()),
  made: z.object({
    label: z.string(),
    rules: z.array(RuleSchema),
    body: z.array(BodyRuleSchema),
    limits: CapabilityLimitsSchema,
  }),
})
export type CapabilityOrigin = z.infer<typeof CapabilityOriginSchema>

/** What a site may do with one service. An empty list of rules allows nothing. */
export const CapabilitySchema = z.object({
  id: NameSchema,
  service: NameSchema,
  label: z.string().check(z.minLength(1), z.maxLength(200)),
  rules: z.array(RuleSchema),
  body: z.array(BodyRuleSchema),
  /**
   * Values a body's `/model` (or `/model_id`) may have where a POST, PUT or PATCH is allowed. Null: the capability says
   * nothing about models. Empty: no model, so every such call is denied.
   */
  models: z.nullable(z.array(z.string())),
  limits: CapabilityLimitsSchema,
  /** Absent: a call whose service does not answer fails. */
  failover: z.optional(FailoverSchema),
  /** Absent where no preset made it, and in capabilities stored before there was this. */
  from: z.exactOptional(CapabilityOriginSchema),
})
export type Capability = z.infer<typeof CapabilitySchema>
