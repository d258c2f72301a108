import * as z from 'zod/mini'
import { CapabilitySchema } from '../../shared/model/capability.ts'
import { GrantSchema } from '../../shared/model/grant.ts'
import { TimestampSchema } from '../../shared/model/names.ts'
import { say } from '../../shared/model/said.ts'
import { ServiceSchema } from '../../shared/model/service.ts'
import { LedgerSchema } from '../budgets/ledger.ts'
import { Refusal } from '../refusal.ts'
import { firstIssue } from './first-issue.ts'

/** What a backup holds, once opened: `shared/protocol/backup.md`. */
export const BackupContentsSchema = z.strictObject({
  madeAt: TimestampSchema,
  services: z.array(ServiceSchema),
  secrets: z.array(
    z.strictObject({
      service: z.string(),
      name: z.string(),
      bytes: z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/)),
      /** Not the secret itself but where it lives: packed, see `references/packed-reference.ts`. */
      isReference: z.optional(z.literal(true)),
    }),
  ),
  capabilities: z.array(CapabilitySchema),
  /** `asks`: the owner was using it, or had let it run out, when the backup was made; false where they had revoked it. */
  grants: z.array(z.strictObject({ grant: GrantSchema, asks: z.boolean() })),
  ledgers: z.array(LedgerSchema),
})
export type BackupContents = z.infer<typeof BackupContentsSchema>

/**
 * Read what was in a backup.
 *
 * @throws Refusal `invalid` where it does not fit; `store-newer` where it holds what this version does not know.
 */
export function readContents(plain: Uint8Array): BackupContents {
  const written: unknown = parsed(plain)
  const contents = BackupContentsSchema.safeParse(written)
  if (!contents.success)
    throw new Refusal('invalid', firstIssue('content of the backup', contents.error.issues))
  const left = leftOut(written, contents.data)
  // SECURITY: a condition this version does not know must not be dropped: the capability would allow more than it did.
  if (left !== null)
    throw new Refusal(
      'store-newer',
      say`a newer version of this program made the backup: it holds \`${left}\``,
    )
  return contents.data
}

function parsed(plain: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain))
  } catch {
    return undefined
  }
}

/** Path of the first member that was written and is not kept; null for none. */
function leftOut(written: unknown, kept: unknown, path = ''): string | null {
  if (typeof written !== 'object' || written === null) return null
  for (const [name, value] of Object.entries(written)) {
    const at = path === '' ? name : `${path}.${name}`
    if (typeof kept !== 'object' || kept === null || !Object.hasOwn(kept, name)) return at
    const found = leftOut(value, (kept as Record<string, unknown>)[name], at)
    if (found !== null) return found
  }
  return null
}
