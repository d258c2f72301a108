import * as z from 'zod/mini'
import { ChangeDigestSchema } from '../model/capability-edit.ts'
import { NameSchema } from '../model/names.ts'
import type { PresetUpdate } from '../model/preset-change.ts'

/** Most changes one order names. */
const MAX_CHANGES = 2000
const ChangeIds = z.array(z.string().check(z.regex(/^[0-9a-f]{16}$/))).check(z.maxLength(MAX_CHANGES))

/** Orders about services whose preset is another than the one they were made from. */
export const PRESET_COMMANDS = [
  /** What the preset says otherwise by now. Saves nothing. Refused with `unknown` for a service without a preset. */
  z.strictObject({ name: z.literal('service-update-preview'), id: NameSchema }),
  /**
   * Takes over the changes in `adopt`, and leaves those in `keep` as the owner's own choice, which are not shown again; what
   * is named in neither is shown again. Refused with `unknown` where the digest is not that of what would be shown now, with
   * `invalid` where a change opens something and `widen` does not say so.
   */
  z.strictObject({
    name: z.literal('service-update'),
    id: NameSchema,
    digest: ChangeDigestSchema,
    adopt: ChangeIds,
    keep: ChangeIds,
    widen: z.optional(z.literal(true)),
  }),
] as const

/** What each of them answers with: after the update, what is still otherwise. */
export interface PresetResults {
  'service-update-preview': PresetUpdate
  'service-update': PresetUpdate
}
