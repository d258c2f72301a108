import type { Field } from './field.ts'
import { isFieldVariant } from './field-variant.ts'
import { pointerTokens } from './json.ts'
import type { LoneRule } from './json-rules.ts'
import { MODEL_LIST_NAME, MODEL_NAMES } from './model-names.ts'
import type { Reason } from './reason.ts'

/** A number all servers read alike: no sign, no exponent, no zero before it, 15 digits at most (what binary64 keeps). */
const NUMBER = /^(?=[0-9.]{1,16}$)(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,14})?$/

/**
 * Why the fields of a form do not meet a condition; null where they do. Of a form every value is text: `in` compares with
 * the text of each value (`2` and `true` as they are written), `<=` wants a plain decimal number.
 *
 * @returns `body-malformed` where a field could be taken for the named one, or the pointer leads below a field.
 */
export function fieldsDenial(fields: readonly Field[], rule: LoneRule): Reason | null {
  if (rule.op === 'fields') return fields.every(({ name }) => rule.only.includes(name)) ? null : 'body-rule'
  const tokens = pointerTokens(rule.pointer)
  const [name] = tokens ?? []
  if (name === undefined) return 'rule-malformed'
  if (tokens?.length !== 1 || hasVariant(fields, name)) return 'body-malformed'
  return holds(rule, named(fields, name)) ? null : 'body-rule'
}

/** Why the fields of a form do not name listed models alone; null where they do. */
export function fieldsModelDenial(fields: readonly Field[], models: readonly string[]): Reason | null {
  const names = [...MODEL_NAMES, MODEL_LIST_NAME]
  if (names.some((name) => hasVariant(fields, name))) return 'body-malformed'
  const sent = fields.filter(({ name }) => names.includes(name))
  const isNamed = sent.some(({ name }) => name !== MODEL_LIST_NAME)
  const areListed = sent.every(({ text }) => text !== null && models.includes(text))
  return isNamed && areListed ? null : 'model-not-listed'
}

type PointerRule = Exclude<LoneRule, { op: 'fields' }>

function holds(rule: PointerRule, field: Field | null): boolean {
  switch (rule.op) {
    case 'absent':
      return field === null
    case 'present':
      return field !== null
    case 'in':
      return rule.values.some((value) => String(value) === field?.text)
    case '<=':
      if (field === null) return rule.orAbsent === true
      return field.text !== null && NUMBER.test(field.text) && Number(field.text) <= rule.limit
    default:
      return false
  }
}

function named(fields: readonly Field[], name: string): Field | null {
  return fields.find((field) => field.name === name) ?? null
}

function hasVariant(fields: readonly Field[], named: string): boolean {
  return fields.some(({ name }) => isFieldVariant(name, named))
}
