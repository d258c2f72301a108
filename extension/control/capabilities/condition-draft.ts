import type { BodyRule } from '../../../shared/model/capability.ts'

/** Conditions that have fields to type them in, in the order they are offered. */
export const CONDITION_KINDS = ['in', '<=', 'absent', 'present', 'fields'] as const
/** One of them: the `op` of its rule. */
export type ConditionKind = (typeof CONDITION_KINDS)[number]

/** A condition on bodies as its owner is changing it. `kept`: one without fields of its own, which stays or goes. */
export type ConditionDraft =
  | { kind: ConditionKind; pointer: string; value: string; orAbsent: boolean }
  | { kind: 'kept'; rule: BodyRule }

/** A new one, to be filled in. */
export const NEW_CONDITION: ConditionDraft = { kind: 'in', pointer: '/', value: '', orAbsent: false }

/** A condition as it stands in its fields. */
export function conditionDraft(rule: BodyRule): ConditionDraft {
  const empty = { pointer: '', value: '', orAbsent: false }
  switch (rule.op) {
    case 'in':
      return { ...empty, kind: 'in', pointer: rule.pointer, value: rule.values.map(lineOf).join('\n') }
    case '<=':
      return {
        kind: '<=',
        pointer: rule.pointer,
        value: String(rule.limit),
        orAbsent: rule.orAbsent === true,
      }
    case 'absent':
    case 'present':
      return { ...empty, kind: rule.op, pointer: rule.pointer }
    case 'fields':
      return { ...empty, kind: 'fields', value: rule.only.map(lineOf).join('\n') }
    default:
      return { kind: 'kept', rule }
  }
}

/** What its fields say; null where they say nothing that could be met. */
export function readCondition(draft: ConditionDraft): BodyRule | null {
  if (draft.kind === 'kept') return draft.rule
  const lines = draft.value
    .split('\n')
    .flatMap((line) => (line.trim() === '' ? [] : [readValue(line.trim())]))
  if (draft.kind === 'fields') return lines.length === 0 ? null : { op: 'fields', only: lines.map(String) }
  const pointer = draft.pointer.trim()
  if (!/^(\/([^~/]|~[01])+)+$/.test(pointer)) return null
  if (draft.kind === 'absent' || draft.kind === 'present') return { op: draft.kind, pointer }
  if (draft.kind === 'in') return lines.length === 0 ? null : { op: 'in', pointer, values: lines }
  const text = draft.value.trim().replace(',', '.')
  if (!/^\d{1,15}(\.\d{1,15})?$/.test(text)) return null
  const bound = { op: '<=' as const, pointer, limit: Number(text) }
  return draft.orAbsent ? { ...bound, orAbsent: true } : bound
}

type Value = string | number | boolean

/** Lines that stand for what JSON means by them; any other stands for itself, as text. */
const JSON_VALUE = /^(true|false|-?(0|[1-9]\d*)(\.\d+)?|".*")$/s

function readValue(line: string): Value {
  if (!JSON_VALUE.test(line)) return line
  try {
    return JSON.parse(line) as Value
  } catch {
    return line
  }
}

function lineOf(value: Value): string {
  if (typeof value !== 'string') return String(value)
  const isPlain =
    value !== '' && value === value.trim() && !/[\n\r]/.test(value) && readValue(value) === value
  return isPlain ? value : JSON.stringify(value)
}
