import type { Service } from '../../shared/model/service.ts'
import { optionalSecretNames, secretNames } from '../../shared/presets/secret-names.ts'
import { Refusal } from '../refusal.ts'
import { checkSecret } from './check-secret.ts'

/** Secret bytes by the name the scheme knows them by: `token`, `value`, `password`, … */
export type SecretBytes = ReadonlyMap<string, Uint8Array>

/**
 * Refuse, before anything is saved, secrets that a scheme could not send and names that no scheme of the service has.
 *
 * @param complete true where every needed secret must be given (a new service), false for a rotation.
 * @throws Refusal `secret-missing` or `invalid`. The message names the secret, never its bytes.
 */
export function checkSecrets(
  service: Pick<Service, 'id' | 'auth'>,
  secrets: SecretBytes,
  complete: boolean,
): void {
  const needed = secretNames(service.auth)
  const names = [...needed, ...optionalSecretNames(service.auth)]
  for (const name of secrets.keys()) {
    if (!names.includes(name)) {
      const known = names.length === 0 ? 'it has none' : `it has \`${names.join('`, `')}\``
      throw new Refusal('invalid', `service \`${service.id}\` has no secret \`${name}\`: ${known}`)
    }
  }
  for (const name of needed) {
    if (complete && !secrets.has(name)) {
      throw new Refusal('secret-missing', `service \`${service.id}\` needs its secret \`${name}\``)
    }
  }
  for (const { auth } of service.auth) {
    for (const name of [...secretNames([{ auth }]), ...optionalSecretNames([{ auth }])]) {
      const bytes = secrets.get(name)
      if (bytes !== undefined) checkSecret(auth, name, bytes)
    }
  }
}
