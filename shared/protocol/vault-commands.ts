import * as z from 'zod/mini'
import type { Finding } from '../model/finding.ts'
import { IdSchema } from '../model/names.ts'

const Passphrase = z.string().check(z.minLength(1), z.maxLength(4096))

/** Orders about the vault as a whole, its slots and its host. */
export const VAULT_COMMANDS = [
  z.strictObject({ name: z.literal('status') }),
  z.strictObject({ name: z.literal('vault-init'), passphrase: Passphrase }),
  /** `passphrase` or `recovery` with its text; `stored` opens a key file or keychain slot, where the vault has one. */
  z.strictObject({
    name: z.literal('vault-unlock'),
    with: z.enum(['passphrase', 'recovery', 'stored']),
    text: z.optional(Passphrase),
  }),
  z.strictObject({ name: z.literal('vault-lock') }),
  /** What the host finds of itself, its folder and its vault, open or not. Reads only. */
  z.strictObject({ name: z.literal('doctor') }),
  z.strictObject({ name: z.literal('slot-list') }),
  /** Refused with `in-use` for the last one beside recovery codes. */
  z.strictObject({ name: z.literal('slot-remove'), id: IdSchema }),
  /** Puts a passphrase in the place of `current`; the vault's first one where it has none, and `current` is absent. */
  z.strictObject({
    name: z.literal('slot-passphrase'),
    current: z.optional(Passphrase),
    next: Passphrase,
  }),
  /** Makes a recovery code beside those there are. `current`: the passphrase; absent where the vault has none. */
  z.strictObject({ name: z.literal('recovery-new'), current: z.optional(Passphrase) }),
  /** The owner has stored that recovery code: the earlier ones open nothing any more. */
  z.strictObject({ name: z.literal('recovery-keep'), id: IdSchema }),
] as const

/** The host and its vault, as the popup and the control room show them. */
export interface HostStatus {
  version: string
  protocol: number
  vault: 'missing' | 'locked' | 'unlocked'
  /** Kinds of key slots the vault has: `passphrase`, `key-file`, `keychain`, `recovery`. Empty where there is no vault. */
  slots: string[]
  /** Zero while locked. */
  services: number
  liveSessions: number
  /** `rolled-back`: the log is older than it was seen to be, and no call is sent until the owner accepts that. */
  log: 'whole' | 'rolled-back'
  /** Since when the owner has paused everything, milliseconds since the epoch. Null: not, or not known while locked. */
  paused: number | null
}

/** A way to open the vault. */
export interface SlotSummary {
  id: string
  /** `damaged` where the slot was changed from outside: it opens nothing and can be removed. */
  kind: 'passphrase' | 'key-file' | 'keychain' | 'recovery' | 'damaged'
  /** Milliseconds since the epoch. */
  createdAt: number
}

/** What each of them answers with. */
export interface VaultResults {
  status: HostStatus
  'vault-init': { recoveryCode: string }
  'vault-unlock': null
  'vault-lock': null
  doctor: Finding[]
  'slot-list': SlotSummary[]
  /** `keychain` false: the system's keychain still holds an entry that opens nothing any more. */
  'slot-remove': { keychain: boolean }
  'slot-passphrase': null
  'recovery-new': { id: string; recoveryCode: string }
  'recovery-keep': null
}
