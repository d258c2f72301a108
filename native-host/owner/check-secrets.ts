import { helperOf } from '../../shared/model/reference.ts'
import { say } from '../../shared/model/said.ts'
import type { Service } from '../../shared/model/service.ts'
import { isSignedInTo, optionalSecretNames, secretNames } from '../../shared/presets/secret-names.ts'
import { PackedReference } from '../references/packed-reference.ts'
import { Refusal } from '../refusal.ts'
import { checkSecret } from './check-secret.ts'

/**
 * Secrets by the name the scheme knows them by: `token`, `value`, `password`, …: their bytes, or where they live. Also the
 * bytes of secrets that only serve to fetch others, see `helperOf`.
 */
export type SecretBytes = ReadonlyMap<string, Uint8Array | PackedReference>

/**
 * Refuse, before anything is saved, secrets that a scheme could not send and names that no scheme of the service has.
 * Where a secret lives elsewhere, whether it can be sent is for `tryReferences` to say.
 *
 * @param complete true where every needed secret must be given (a new service), false for a rotation.
 * @param stored names of the secrets the service has already.
 * @throws Refusal `secret-missing` or `invalid`. The message names the secret, never its bytes.
 */
export function checkSecrets(
  service: Pick<Service, 'id' | 'auth'>,
  secrets: SecretBytes,
  complete: boolean,
  stored: readonly string[] = [],
): void {
  const needed = secretNames(service.auth)
  const names = [...needed, ...optionalSecretNames(service.auth)]
  const known = [...names, ...checkHelpers(service, secrets, stored), ...stored]
  for (const name of secrets.keys()) if (!known.includes(name)) throw unknownName(service.id, names, name)
  for (const name of needed) {
    if (complete && !secrets.has(name) && !isSignedInFor(service.auth, name)) {
      throw new Refusal('secret-missing', say`service \`${service.id}\` needs its secret \`${name}\``)
    }
  }
  for (const { auth } of service.auth) {
    for (const name of [...secretNames([{ auth }]), ...optionalSecretNames([{ auth }])]) {
      const bytes = secrets.get(name)
      if (bytes instanceof Uint8Array) checkSecret(auth, name, bytes)
    }
  }
}

/** True for a refresh token that the owner gets by `service authorize`, after the service was added. */
function isSignedInFor(schemes: Service['auth'], name: string): boolean {
  return schemes.some(({ auth }) => isSignedInTo(auth) && auth.secret === name)
}

function unknownName(service: string, needed: readonly string[], name: string): Refusal {
  const known = needed.length === 0 ? 'it has none' : `it has \`${needed.join('`, `')}\``
  return new Refusal('invalid', say`service \`${service}\` has no secret \`${name}\`: ${known}`)
}

/** Names of the secrets that fetch others. @throws Refusal `secret-missing` where one is not there. */
function checkHelpers(
  service: Pick<Service, 'id'>,
  secrets: SecretBytes,
  stored: readonly string[],
): string[] {
  const references = [...secrets].filter(([, each]) => each instanceof PackedReference)
  return references.flatMap(([name, each]) => {
    const helper = each instanceof PackedReference ? helperOf(each.reference) : null
    if (helper === null) return []
    const given = secrets.get(helper)
    if (given instanceof PackedReference)
      throw new Refusal(
        'invalid',
        say`secret \`${helper}\` fetches another one, so it cannot live elsewhere itself`,
      )
    if (given === undefined && !stored.includes(helper))
      throw new Refusal(
        'secret-missing',
        say`service \`${service.id}\` needs secret \`${helper}\`, with which \`${name}\` is fetched`,
      )
    return [helper]
  })
}
