/*
 * What the control room has to know of the schemas of a capability, apart from them: it checks nothing that the host checks, and needs
 * no library for that.
 */

/** Most rules an edit or a draft may name: more than anybody reads, as many as a large API has operations that read, and little enough for a frame. */
export const MAX_RULES = 500
/** Most models an edit may name. */
export const MAX_MODELS = 500

/** Most conditions on bodies an edit may name. */
export const MAX_CONDITIONS = 50

/** Limits an owner changes in the control room that are one figure. */
export const EDITABLE_LIMITS = [
  'ttl',
  'idle',
  'ratePerMinute',
  'maxRequests',
  'concurrent',
  'concurrentInAll',
  'maxBytes',
  'maxBytesUp',
  'maxTokens',
  'maxTokensPerCall',
  'maxCost',
] as const
export type EditableLimit = (typeof EDITABLE_LIMITS)[number]

/** Most models that have a price of their own. */
export const MAX_PRICED_MODELS = 100

/** Most models a failover may give another name. */
export const MAX_RENAMED = 200
