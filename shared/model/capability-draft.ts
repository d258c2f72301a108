import * as z from 'zod/mini'
import type { Capability } from './capability.ts'
import { MAX_RULES } from './capability-bounds.ts'
import { CapabilityEditSchema } from './capability-edit.ts'
import { NameSchema } from './names.ts'

/** Most characters of all rules of a draft together: every list of capabilities carries them in one frame. */
export const MAX_DRAFT_TEXT = 60_000

/** A rule that allows something: what a draft does not name is denied. */
const Pattern = z.string().check(z.minLength(3), z.maxLength(2048))

/** A capability that is to be made: limits that are not named are those of every new one. */
export const CapabilityDraftSchema = z.strictObject({
  id: NameSchema,
  service: NameSchema,
  label: z.string().check(z.minLength(1), z.maxLength(200)),
  /** What it allows. */
  allow: z.array(Pattern).check(
    z.minLength(1),
    z.maxLength(MAX_RULES),
    z.refine(
      (patterns) => patterns.reduce((sum, { length }) => sum + length, 0) <= MAX_DRAFT_TEXT,
      'the rules are too long together',
    ),
  ),
  limits: CapabilityEditSchema.shape.limits,
})
export type CapabilityDraft = z.infer<typeof CapabilityDraftSchema>

/** What would be made, before it is. */
export interface DraftedCapability {
  /** What to order it with, so that nothing else is made than was shown. Hexadecimal SHA-256. */
  digest: string
  capability: Capability
}
