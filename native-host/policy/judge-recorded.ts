import type { Capability } from '../../shared/model/capability.ts'
import type { Service } from '../../shared/model/service.ts'
import { canonicalise } from './canonical.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import { deniedFieldsFor } from './denied-fields.ts'

/** What the log keeps of a call: no value of its query, nothing of its body but the size. */
export interface RecordedCall {
  readonly method: string
  /** Scheme, host, port and path. */
  readonly url: string
  /** Names of query parameters; `(long)` and `(unnamed)` stand for others. */
  readonly query: readonly string[]
  readonly hasBody: boolean
}

/** A decision about a recorded call, and what of it nobody can tell any more. */
export interface Judgement {
  readonly decision: Decision
  /** `body`: conditions on it or a list of models; `query`: names that the log does not hold. Empty: it is certain. */
  readonly unjudged: readonly ('body' | 'query')[]
}

/** Names the log puts in the place of others. */
const HIDDEN = ['(long)', '(unnamed)']
/** Most names of one call in the log. */
const MOST_NAMES = 50

/** True for a name of a query that the log holds as it was. */
export function isShown(name: string): boolean {
  return !HIDDEN.includes(name)
}

/** True where the names of the query are all in the log. */
export function hasWholeQuery({ query }: Pick<RecordedCall, 'query'>): boolean {
  return query.length < MOST_NAMES && query.every(isShown)
}

/** Decide a recorded call by a capability, with the functions that decide real ones, as far as the log tells. */
export function judgeRecorded(call: RecordedCall, capability: Capability, service: Service): Judgement {
  const names = call.query.filter(isShown)
  const search = names.map((name) => `${encodeURIComponent(name)}=`).join('&')
  const url = search === '' ? call.url : `${call.url}?${search}`
  const canonical = canonicalise({ method: call.method, url, headers: [] }, service)
  if ('refused' in canonical)
    return { decision: { effect: 'deny', reason: canonical.refused, rule: null }, unjudged: [] }
  // Conditions on bodies are left out, and that they were is said.
  const decision = decide(canonical.request, null, { ...capability, body: [], models: null }, service)
  const speaks =
    capability.body.length > 0 ||
    capability.models !== null ||
    deniedFieldsFor(canonical.request, service).length > 0
  const mayHaveBody = call.hasBody || ['POST', 'PUT', 'PATCH'].includes(call.method)
  return {
    decision,
    unjudged: [
      ...(decision.effect !== 'deny' && speaks && mayHaveBody ? (['body'] as const) : []),
      ...(hasWholeQuery(call) ? [] : (['query'] as const)),
    ],
  }
}
