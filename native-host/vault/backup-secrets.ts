import type { Store } from '../store/store.ts'
import { openSecret, secretRows } from '../store/stored-secret.ts'
import type { VaultKeys } from './keys.ts'

/** A secret in a backup: whose it is, and its bytes in base64; or, with `isReference`, those that say where it lives. */
export interface BackedUpSecret {
  readonly service: string
  readonly name: string
  readonly bytes: string
  readonly isReference?: true
}

/**
 * The secrets of a service for a backup, by name. The one door beside `take-secrets.ts`: whoever asks hands what it gets to
 * `sealBackup` and to nobody else.
 *
 * @returns none where there is no such service. @throws Refusal `store-damaged`.
 */
export function secretsForBackup(store: Store, keys: VaultKeys, service: string): BackedUpSecret[] {
  return secretRows(store, keys, service)
    .map((row) => openSecret(keys, row, service))
    .map(({ name, bytes, isReference }) => ({
      service,
      name,
      bytes: Buffer.from(bytes).toString('base64'),
      // SECURITY: taken for a secret, it would be sent.
      ...(isReference ? { isReference } : {}),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}
