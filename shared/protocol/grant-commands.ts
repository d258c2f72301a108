import * as z from 'zod/mini'
import type { Grant } from '../model/grant.ts'
import { IdSchema } from '../model/names.ts'

/** Orders about what sites were given. */
export const GRANT_COMMANDS = [
  /** Grants in the order of their ids, at most `GRANTS_PER_PAGE`: those that follow the one named. Fewer: these are the last. */
  z.strictObject({ name: z.literal('grant-list'), after: z.optional(IdSchema) }),
  /** When each grant was last used for a call, as far back as the latest records of the log go. */
  z.strictObject({ name: z.literal('grant-use') }),
  z.strictObject({ name: z.literal('grant-remove'), id: IdSchema }),
] as const

/** When grants were last used for a call. Times are milliseconds since the epoch. */
export interface GrantUse {
  /** How far back this is known. A grant that is not named was not used since. */
  since: number
  /** Latest first. */
  uses: { grant: string; at: number }[]
}

/** What each of them answers with. */
export interface GrantResults {
  'grant-list': Grant[]
  'grant-use': GrantUse
  'grant-remove': null
}
