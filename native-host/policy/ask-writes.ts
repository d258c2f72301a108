import type { Capability } from '../../shared/model/capability.ts'
import { isReading } from '../../shared/model/reading.ts'
import type { Decision } from './decision.ts'
import { readOperations } from './graphql-operations.ts'
import { readGraphqlRequest } from './graphql-request.ts'
import { graphqlRules } from './graphql-rules.ts'
import { contentTypeOf } from './json-content.ts'
import { readBody } from './read-body.ts'
import type { CanonicalRequest } from './request.ts'

/**
 * The decision for a call of a grant whose owner wants to be asked before each change: what a rule allows and what changes
 * something becomes an ask. A denial stays one, and so does what a rule asks about.
 *
 * The rule it names is the one that allowed the call, for the call's own method alone: an answer for ten minutes to a POST that
 * `* /**` allows is none to a DELETE.
 *
 * @param body whole where it was held, as `decide` saw it; null: there is none, or it is not read.
 */
export function askedBeforeWrite(
  decision: Decision,
  request: CanonicalRequest,
  body: Uint8Array | null,
  capability: Capability,
): Decision {
  if (decision.effect !== 'allow' || !isWrite(request, body, capability)) return decision
  return { effect: 'ask', reason: 'write-ask', rule: narrowed(decision.rule, request.method) }
}

/**
 * True for a call that changes something, by its method (RFC 9110 section 9.2.1): all but GET, HEAD and OPTIONS. A POST only reads
 * where the capability speaks of GraphQL, so that its body was decided by that, and every operation in it is a query.
 */
function isWrite(request: CanonicalRequest, body: Uint8Array | null, capability: Capability): boolean {
  if (isReading(request.method)) return false
  return !(request.method === 'POST' && isQuery(request, body, capability))
}

// SECURITY: without a condition on GraphQL nobody knows that the service takes the member `query` for one.
function isQuery(request: CanonicalRequest, body: Uint8Array | null, capability: Capability): boolean {
  if (body === null || graphqlRules(capability.body).length === 0) return false
  const read = readBody(contentTypeOf(request.headers), body)
  const asked = read !== null && 'json' in read ? readGraphqlRequest(read.json) : null
  const operations = asked === null ? null : readOperations(asked.document)
  return operations?.every(({ kind }) => kind === 'query') ?? false
}

function narrowed(rule: string | null, method: string): string | null {
  return rule === null ? null : method + rule.slice(rule.indexOf(' '))
}
