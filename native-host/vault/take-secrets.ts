import { isPermit, type Permit } from '../audit/permit.ts'
import { Refusal } from '../refusal.ts'
import type { Store } from '../store/store.ts'
import { openSecret, secretRows } from '../store/stored-secret.ts'
import type { VaultKeys } from './keys.ts'
import { Secret } from './secret.ts'

/**
 * The one door through which secrets leave the vault: those of the service that a permit is for, by name.
 *
 * @returns empty where the service has none (or is gone).
 * @throws Refusal `internal` for anything but a permit for this very service; `store-damaged`.
 */
export function takeSecrets(
  store: Store,
  keys: VaultKeys,
  permit: Permit,
  service: string,
): Map<string, Secret> {
  // SECURITY: no permit, no secret; and a permit is for one service.
  if (!isPermit(permit) || permit.service !== service)
    throw new Refusal('internal', 'there is no permit for the secrets of this service')
  const secrets = secretRows(store, keys, service).map((row) => openSecret(keys, row, service))
  return new Map(secrets.map(({ name, bytes }) => [name, new Secret(bytes)]))
}
