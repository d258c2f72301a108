import * as z from 'zod/mini'
import type { SiteSession } from '../model/site.ts'
import { MAX_CAPABILITY, MAX_REASON, MAX_SERVICE, PROVIDER_ORDERS } from '../provider/events.ts'
import type { Availability, ProviderErrorCode } from '../provider/types.ts'

/** content → background: an order of the page's, and what the isolated world saw of the document when it came. */
export const ProviderAskSchema = z.strictObject({
  type: z.literal('provider'),
  /** Unique among the open calls and orders of the document. */
  id: z.int().check(z.gte(1), z.lte(Number.MAX_SAFE_INTEGER)),
  order: z.enum(PROVIDER_ORDERS),
  /** Whether the user has just used the page, and it is in front: by the browser, not by the page. */
  active: z.boolean(),
  service: z.optional(z.string().check(z.maxLength(MAX_SERVICE))),
  capability: z.optional(z.string().check(z.maxLength(MAX_CAPABILITY))),
  reason: z.optional(z.string().check(z.maxLength(MAX_REASON))),
})
export type ProviderAsk = z.infer<typeof ProviderAskSchema>

/** What an order is answered with, one way or the other. */
export type ProviderAnswer =
  | { value: Availability | SiteSession | SiteSession[] | null }
  | { code: ProviderErrorCode }

/** background → content → page: the answer to one order, or, with the id 0, a session that the page was told of and is over. */
export type ProviderFrame =
  | ({ type: 'provided'; id: number } & ProviderAnswer)
  | { type: 'provided'; id: 0; value: SiteSession }
