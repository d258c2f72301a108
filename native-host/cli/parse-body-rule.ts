import type { BodyRule, GraphqlKind } from '../../shared/model/capability.ts'
import { UsageError } from './usage-error.ts'

/**
 * `POINTER in V1,V2`, `POINTER <= N`, `POINTER absent` or `POINTER present`; `fields only NAME,NAME`;
 * `graphql query|mutation|subscription FIELDS [named NAMES]`, where FIELDS is a list of root fields or `*` for any but
 * introspection.
 *
 * A value that is a JSON number, `true`, `false` or a quoted string is that; anything else is a string as it stands.
 * Types are strict: `/n in 1` does not allow `"1"`. A list with commas in its values is written as a JSON array.
 *
 * @throws UsageError.
 */
export function parseBodyRule(text: string): BodyRule {
  const trimmed = text.trim()
  if (/^fields\s/.test(trimmed)) return fieldsRule(trimmed)
  if (/^graphql\s/.test(trimmed)) return graphqlRule(trimmed)
  const match = /^(\S*)\s+(in|<=|absent|present)(?:\s+(.*))?$/s.exec(trimmed)
  const [, pointer = '', op = '', operand = ''] = match ?? []
  if (match === null || !/^(\/([^~/]|~[01])*)+$/.test(pointer)) throw malformed(text)
  if (op === 'absent' || op === 'present') {
    if (operand !== '') throw malformed(text)
    return { op, pointer }
  }
  if (op === 'in') return { op, pointer, values: valuesOf(operand, text) }
  if (!/^-?\d+(\.\d+)?$/.test(operand)) throw malformed(text)
  return { op: '<=', pointer, limit: Number(operand) }
}

function fieldsRule(text: string): BodyRule {
  const [, list = ''] = /^fields\s+only\s+(\S.*)$/s.exec(text) ?? []
  return { op: 'fields', only: namesOf(list, text) }
}

function graphqlRule(text: string): BodyRule {
  const match =
    /^graphql\s+(query|mutation|subscription)\s+(\*|\w+(?:\s*,\s*\w+)*)(?:\s+named\s+(\w+(?:\s*,\s*\w+)*))?$/.exec(
      text,
    )
  if (match === null) throw malformed(text)
  const [, kind, fields = '', names] = match
  return {
    op: 'graphql',
    kind: kind as GraphqlKind,
    fields: fields === '*' ? null : namesOf(fields, text),
    names: names === undefined ? null : namesOf(names, text),
  }
}

function namesOf(list: string, text: string): string[] {
  const names = list.split(',').map((name) => name.trim())
  if (names.includes('')) throw malformed(text)
  return names
}

function valuesOf(operand: string, text: string): (string | number | boolean)[] {
  if (operand.startsWith('[')) return arrayOf(operand, text)
  const values = operand.split(',').map((value) => value.trim())
  if (values.some((value) => value === '')) throw malformed(text)
  return values.map(scalarOf)
}

function scalarOf(text: string): string | number | boolean {
  if (!/^(true|false|-?(0|[1-9]\d*)(\.\d+)?|".*")$/s.test(text)) return text
  try {
    const value: unknown = JSON.parse(text)
    return isScalar(value) ? value : text
  } catch {
    return text
  }
}

function arrayOf(operand: string, text: string): (string | number | boolean)[] {
  let values: unknown
  try {
    values = JSON.parse(operand)
  } catch {
    throw malformed(text)
  }
  if (!Array.isArray(values) || values.length === 0 || !values.every(isScalar)) throw malformed(text)
  return values
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function malformed(text: string): UsageError {
  return new UsageError(
    `\`${text}\` is not a condition such as \`/model in a,b\`, \`/n <= 2\`, \`/webhook absent\`, \`/prompt present\`, \`fields only a,b\` or \`graphql query viewer\``,
  )
}
