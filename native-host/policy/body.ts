import type { Capability } from '../../shared/model/capability.ts'
import { bodyRuleText, modelsText } from './body-rule-text.ts'
import { fieldInAddress } from './field-in-address.ts'
import { fieldsDenial, fieldsModelDenial } from './field-rules.ts'
import { graphqlDenial, graphqlRules } from './graphql-rules.ts'
import { contentTypeOf } from './json-content.ts'
import { holdsWithoutBody, jsonDenial, jsonModelDenial } from './json-rules.ts'
import { replacesMethod } from './method-names.ts'
import { type ReadBody, readBody } from './read-body.ts'
import type { Reason } from './reason.ts'
import type { CanonicalRequest } from './request.ts'

/** Why a body is not let through, and the condition that says so. */
export interface BodyDenial {
  readonly reason: Reason
  readonly rule: string | null
}

/** True when the capability says anything about bodies, so that a body must be held whole to be decided. */
export function speaksOfBodies(capability: Capability): boolean {
  return capability.body.length > 0 || capability.models !== null
}

/**
 * Check a body against the conditions and the model list of a capability; null when all hold.
 *
 * They are for POST, PUT and PATCH, and for any other method that comes with a body. Without a body
 * those hold that hold for a missing member. A field that a condition names must not be in the query. Where a condition speaks of GraphQL, no call may have a query: servers take
 * operations from there too, before those in the body.
 * A body must be by its content type and by its bytes a JSON object, an urlencoded form or multipart form data.
 *
 * @param body the whole body; null or empty: there is none.
 */
export function bodyDenial(
  request: Pick<CanonicalRequest, 'method' | 'headers' | 'query'>,
  body: Uint8Array | null,
  capability: Capability,
): BodyDenial | null {
  if (!speaksOfBodies(capability)) return null
  const graphql = capability.body.find(({ op }) => op === 'graphql')
  if (graphql !== undefined && request.query.length > 0)
    return { reason: 'graphql-address', rule: bodyRuleText(graphql) }
  const empty = body === null || body.length === 0
  if (empty && !['POST', 'PUT', 'PATCH'].includes(request.method)) return null
  const inAddress = fieldInAddress(request, capability)
  if (inAddress !== null) return { reason: 'field-in-address', rule: inAddress }
  if (empty) return absenceDenial(capability)
  const read = readBody(contentTypeOf(request.headers), body)
  if (read === null) return { reason: 'body-malformed', rule: null }
  if ('fields' in read && read.fields.some(({ name }) => replacesMethod(name)))
    return { reason: 'body-relabels', rule: null }
  return readDenial(read, capability)
}

function absenceDenial(capability: Capability): BodyDenial | null {
  if (capability.models !== null) return { reason: 'body-required', rule: modelsText(capability) }
  const rule = capability.body.find((each) => !holdsWithoutBody(each))
  return rule === undefined ? null : { reason: 'body-required', rule: bodyRuleText(rule) }
}

function readDenial(read: ReadBody, capability: Capability): BodyDenial | null {
  for (const rule of capability.body) {
    if (rule.op === 'graphql') continue
    const reason = 'json' in read ? jsonDenial(read.json, rule) : fieldsDenial(read.fields, rule)
    if (reason !== null) return { reason, rule: bodyRuleText(rule) }
  }
  return allGraphqlDenial(read, capability) ?? modelDenial(read, capability)
}

function allGraphqlDenial(read: ReadBody, capability: Capability): BodyDenial | null {
  const rules = graphqlRules(capability.body)
  if (rules.length === 0) return null
  // A GraphQL request is JSON: forms carry it for some servers only, and with files.
  const reason = 'json' in read ? graphqlDenial(read.json, rules) : 'body-malformed'
  return reason === null ? null : { reason, rule: rules.map(bodyRuleText).join(' or ') }
}

function modelDenial(read: ReadBody, capability: Capability): BodyDenial | null {
  const { models } = capability
  if (models === null) return null
  const reason = 'json' in read ? jsonModelDenial(read.json, models) : fieldsModelDenial(read.fields, models)
  return reason === null ? null : { reason, rule: modelsText(capability) }
}
