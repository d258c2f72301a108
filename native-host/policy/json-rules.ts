import type { BodyRule } from '../../shared/model/capability.ts'
import { pointerGet, pointerTokens } from './json.ts'
import type { JsonNode } from './json-node.ts'
import { hasKeyVariant } from './key-variant.ts'
import { MODEL_LIST_NAME, MODEL_NAMES } from './model-names.ts'
import type { Reason } from './reason.ts'

type JsonObject = Extract<JsonNode, { kind: 'object' }>
/** A condition on a body by itself; those on GraphQL are looked at together. */
export type LoneRule = Exclude<BodyRule, { op: 'graphql' }>

/** Why a JSON object does not meet a condition; null where it does. */
export function jsonDenial(body: JsonObject, rule: LoneRule): Reason | null {
  if (rule.op === 'fields')
    return body.members.every(({ key }) => rule.only.includes(key)) ? null : 'body-rule'
  if (!pointerTokens(rule.pointer)?.length) return 'rule-malformed'
  if (hasKeyVariant(body, rule.pointer)) return 'body-malformed'
  return ruleHolds(rule, pointerGet(body, rule.pointer)) ? null : 'body-rule'
}

/** Why a JSON object does not name listed models alone; null where it does. */
export function jsonModelDenial(body: JsonObject, models: readonly string[]): Reason | null {
  const pointers = MODEL_NAMES.map((name) => `/${name}`)
  if ([...pointers, `/${MODEL_LIST_NAME}`].some((pointer) => hasKeyVariant(body, pointer)))
    return 'body-malformed'
  const named = pointers.map((pointer) => pointerGet(body, pointer)).filter((node) => node !== null)
  const list = pointerGet(body, `/${MODEL_LIST_NAME}`)
  const fallbacks = list?.kind === 'array' ? list.items : list === null ? [] : [list]
  const isListed = (node: JsonNode) => node.kind === 'string' && models.includes(node.value)
  return named.length > 0 && [...named, ...fallbacks].every(isListed) ? null : 'model-not-listed'
}

/** True where a body without any member, or none at all, meets the condition. */
export function holdsWithoutBody(rule: BodyRule): boolean {
  if (rule.op === 'fields') return true
  return rule.op !== 'graphql' && ruleHolds(rule, null)
}

function ruleHolds(rule: Exclude<LoneRule, { op: 'fields' }>, node: JsonNode | null): boolean {
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
