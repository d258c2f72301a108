import * as z from 'zod/mini'

/**
 * Pause everything: no call of any page is sent until `vault-resume`, and what is in flight is cut, by every browser's host
 * of this vault. Sessions stay, and their time goes on. Harmless twice.
 */
export const VaultPauseSchema = z.strictObject({ name: z.literal('vault-pause') })

/** End the pause; `resumed` false where there was none. */
export const VaultResumeSchema = z.strictObject({ name: z.literal('vault-resume') })

/** What they answer with. Times are milliseconds since the epoch. */
export interface PauseResults {
  'vault-pause': { since: number }
  'vault-resume': { resumed: boolean }
}
