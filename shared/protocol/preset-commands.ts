import * as z from 'zod/mini'
import { ChangeDigestSchema } from '../model/capability-edit.ts'
import { NameSchema } from '../model/names.ts'
import type { PresetUpdate } from '../model/preset-change.ts'
import type { ServiceSummary } from './service-commands.ts'

/** Most changes one order names. */
const MAX_CHANGES = 2000
const ChangeIds = z.array(z.string().check(z.regex(/^[0-9a-f]{16}$/))).check(z.maxLength(MAX_CHANGES))

/** Most capabilities of a preset one order names. */
const MAX_OFFERS = 200
const OfferIds = z.array(NameSchema).check(z.maxLength(MAX_OFFERS))

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
  /**
   * Makes the capabilities in `add`, by the preset's own ids, and tells neither those nor those in `dismiss` as new again; all
   * or nothing. No site is given anything. Refused with `unknown` for one that is not told as new, with `exists` where its id is
   * taken, with `invalid` where one is in both lists or a value that it needs is not there.
   */
  z.strictObject({
    name: z.literal('service-offers'),
    id: NameSchema,
    add: OfferIds,
    dismiss: OfferIds,
    /** As of `service-add`, for those in `add`. */
    models: z.optional(z.array(z.string())),
    /** As of `service-add`: those that were said when the service was made need not be said again. */
    values: z.optional(z.record(z.string(), z.string().check(z.maxLength(300)))),
  }),
] as const

/** What each of them answers with: after the update, what is still otherwise; after the offers, the service as it is. */
export interface PresetResults {
  'service-update-preview': PresetUpdate
  'service-update': PresetUpdate
  'service-offers': ServiceSummary
}
