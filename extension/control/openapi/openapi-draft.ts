import { EDITABLE_LIMITS, type EditableLimit } from '../../../shared/model/capability-bounds.ts'
import type { CapabilityDraft } from '../../../shared/model/capability-draft.ts'
import { NAME_PATTERN } from '../../../shared/model/name-pattern.ts'
import { suggestedTicks, tickedRules } from '../../../shared/model/operation-ticks.ts'
import type { OpenApiReading } from '../../../shared/protocol/openapi-commands.ts'
import { limitField, readLimit } from '../capabilities/limit-words.ts'
import type { ReadDocument } from './choose-document.tsx'

/** A capability from a document as its owner is making it: limits as they stand in their fields. */
export interface OpenApiDraft {
  ticked: ReadonlySet<number>
  id: string
  label: string
  limits: Record<EditableLimit, string>
}

/** Longest name of a capability, in characters. */
const LONGEST_LABEL = 200

/** What a document begins with: what reads is ticked. */
export function firstDraft({ operations, id, title, limits }: OpenApiReading): OpenApiDraft {
  const fields = EDITABLE_LIMITS.map((name) => [name, limitField(name, limits[name])])
  return {
    ticked: suggestedTicks(operations),
    id,
    label: title,
    limits: Object.fromEntries(fields) as OpenApiDraft['limits'],
  }
}

/** What cannot be ordered so. */
export function openApiFaults({ id, label, limits }: OpenApiDraft): {
  id: boolean
  label: boolean
  limits: EditableLimit[]
} {
  return {
    id: !NAME_PATTERN.test(id.trim()),
    label: label.trim() === '' || label.trim().length > LONGEST_LABEL,
    limits: EDITABLE_LIMITS.filter((name) => readLimit(name, limits[name]) === undefined),
  }
}

/** The order that asks for it. Limits are all said: what stands in the fields is what is meant. */
export function draftFrom(draft: OpenApiDraft, { service, reading }: ReadDocument): CapabilityDraft {
  const limits = EDITABLE_LIMITS.flatMap((name) => {
    const value = readLimit(name, draft.limits[name])
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    id: draft.id.trim(),
    service: service.id,
    label: draft.label.trim(),
    allow: tickedRules(reading.operations, draft.ticked),
    limits: Object.fromEntries(limits),
  }
}
