import * as z from 'zod/mini'
import type { Grant } from '../model/grant.ts'
import { IdSchema } from '../model/names.ts'

/** Ask the owner before each change that a site makes with a grant, or do not any more. Sessions go on. `unknown` where there is none. */
export const GrantAskWritesSchema = z.strictObject({
  name: z.literal('grant-ask-writes'),
  id: IdSchema,
  askWrites: z.boolean(),
})

/** What it answers with: the grant as it is now. */
export interface AskWritesResults {
  'grant-ask-writes': Grant
}
