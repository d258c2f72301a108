import type { BodyRule, Capability } from '../../shared/model/capability.ts'
import { pointerGet, pointerTokens, readJson } from './json.ts'
import { contentTypeOf, isJsonContent } from './json-content.ts'
import type { JsonNode } from './json-node.ts'
import { hasKeyVariant } from './key-variant.ts'
import { MalformedJson } from './malformed-json.ts'
import type { Reason } from './reason.ts'
import type { CanonicalRequest } from './request.ts'

/** Why a body is not let through, and the condition that says so. */
export interface BodyDenial {
  readonly reason: Reason
  readonly rule: string | null
}

/** Where services take the name of a model; `/models` is a list of fallbacks (OpenRouter). */
const MODEL_POINTERS = ['/model', '/model_id'] as const
const MODEL_LIST_POINTER = '/models'

/** True when the capability says anything about bodies, so that a body must be held whole to be decided. */
export function speaksOfBodies(capability: Capability): boolean {
  return capability.body.length > 0 || capability.models !== null
}

/**
 * Check a body against the conditions and the model list of a capability; null when all hold.
 *
 * They are for POST, PUT and PATCH, and for any other method that comes with a body. Without a body
 * those hold that hold for a missing member.
 * A body must be JSON by its content type and by `readJson`.
 *
 * @param body the whole body; null or empty: there is none.
 */
export function bodyDenial(
  request: Pick<CanonicalRequest, 'method' | 'headers'>,
  body: Uint8Array | null,
  capability: Capability,
): BodyDenial | null {
  if (!speaksOfBodies(capability)) return null
  const empty = body === null || body.length === 0
  if (empty && !['POST', 'PUT', 'PATCH'].includes(request.method)) return null
  if (empty) return absenceDenial(capability)
  if (!isJsonContent(contentTypeOf(request.headers))) return { reason: 'body-malformed', rule: null }
  const node = readOrNull(body)
  if (node?.kind !== 'object') return { reason: 'body-malformed', rule: null }
  for (const rule of capability.body) {
    const reason = ruleDenial(node, rule)
    if (reason !== null) return { reason, rule: bodyRuleText(rule) }
  }
  const reason = capability.models === null ? null : modelDenial(node, capability.models)
  return reason === null ? null : { reason, rule: modelsText(capability) }
}

/** A condition as the owner writes it: `/max_tokens <= 100`. */
export function bodyRuleText(rule: BodyRule): string {
  if (rule.op === 'in') return `${rule.pointer} in ${rule.values.join(',')}`
  if (rule.op !== '<=') return `${rule.pointer} ${rule.op}`
  return `${rule.pointer} <= ${rule.limit}${rule.orAbsent === true ? ' or absent' : ''}`
}

function absenceDenial(capability: Capability): BodyDenial | null {
  if (capability.models !== null) return { reason: 'body-required', rule: modelsText(capability) }
  const rule = capability.body.find((each) => !ruleHolds(each, null))
  return rule === undefined ? null : { reason: 'body-required', rule: bodyRuleText(rule) }
}

function readOrNull(body: Uint8Array): JsonNode | null {
  try {
    return readJson(body)
  } catch (error) {
    if (error instanceof MalformedJson) return null
    throw error
  }
}

function ruleDenial(body: JsonNode, rule: BodyRule): Reason | null {
  if (!pointerTokens(rule.pointer)?.length) return 'rule-malformed'
  if (hasKeyVariant(body, rule.pointer)) return 'body-malformed'
  return ruleHolds(rule, pointerGet(body, rule.pointer)) ? null : 'body-rule'
}

function ruleHolds(rule: BodyRule, node: JsonNode | null): boolean {
  switch (rule.op) {
    case 'absent':
      return node === null
    case 'present':
      return node !== null
    case 'in':
      return node !== null && rule.values.some((value) => isValue(node, value))
    case '<=':
      if (node === null) return rule.orAbsent === true
      return node.kind === 'number' && node.exact && !node.text.startsWith('-') && node.value <= rule.limit
    default:
      return false
  }
}

/** Same type and same value. A number another reader could read otherwise is no value at all. */
function isValue(node: JsonNode, value: string | number | boolean): boolean {
  if (node.kind === 'number') return node.exact && node.value === value
  return (node.kind === 'string' || node.kind === 'boolean') && node.value === value
}

function modelDenial(body: JsonNode, models: readonly string[]): Reason | null {
  if ([...MODEL_POINTERS, MODEL_LIST_POINTER].some((pointer) => hasKeyVariant(body, pointer)))
    return 'body-malformed'
  const named = MODEL_POINTERS.map((pointer) => pointerGet(body, pointer)).filter((node) => node !== null)
  const list = pointerGet(body, MODEL_LIST_POINTER)
  const fallbacks = list?.kind === 'array' ? list.items : list === null ? [] : [list]
  const isListed = (node: JsonNode) => node.kind === 'string' && models.includes(node.value)
  return named.length > 0 && [...named, ...fallbacks].every(isListed) ? null : 'model-not-listed'
}

function modelsText({ models }: Capability): string {
  return `model in ${(models ?? []).join(',')}`
}
