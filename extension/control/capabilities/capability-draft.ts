import type { Capability, Rule } from '../../../shared/model/capability.ts'
import {
  type CapabilityEdit,
  EDITABLE_LIMITS,
  type EditableLimit,
} from '../../../shared/model/capability-edit.ts'
import { namedModels } from '../service-name.ts'
import { limitField, readLimit } from './limit-words.ts'

/** A capability as its owner is changing it: everything as it stands in a field. */
export interface CapabilityDraft {
  rules: Rule[]
  /** One a line. Null: the capability says nothing about models. */
  models: string | null
  limits: Record<EditableLimit, string>
}

/** What a capability is before anything was changed. */
export function draftOf({ rules, models, limits }: Capability): CapabilityDraft {
  const fields = EDITABLE_LIMITS.map((name) => [name, limitField(name, limits[name])])
  return {
    rules: [...rules],
    models: models === null ? null : models.join('\n'),
    limits: Object.fromEntries(fields) as CapabilityDraft['limits'],
  }
}

/** Limits whose fields hold something that is none. */
export function draftFaults({ limits }: CapabilityDraft): EditableLimit[] {
  return EDITABLE_LIMITS.filter((name) => readLimit(name, limits[name]) === undefined)
}

/** What the draft changes of a capability, and nothing else; a limit that cannot be read stays as it is. */
export function editOf(draft: CapabilityDraft, before: Capability): CapabilityEdit {
  const was = draftOf(before)
  const rules = draft.rules.map(({ effect, pattern }) => ({ effect, pattern: pattern.trim() }))
  const limits = EDITABLE_LIMITS.flatMap((name) => {
    const value = readLimit(name, draft.limits[name])
    return value === undefined || draft.limits[name] === was.limits[name] ? [] : [[name, value] as const]
  })
  return {
    ...(JSON.stringify(rules) === JSON.stringify(before.rules) ? {} : { rules }),
    ...(draft.models === was.models
      ? {}
      : { models: draft.models === null ? null : namedModels(draft.models) }),
    ...(limits.length === 0 ? {} : { limits: Object.fromEntries(limits) }),
  }
}
