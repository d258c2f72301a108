import { helperOf } from '../../shared/model/reference.ts'
import { said, say } from '../../shared/model/said.ts'
import type { PathAuth } from '../../shared/model/service.ts'
import { optionalSecretNames, secretNames } from '../../shared/presets/secret-names.ts'
import { ReferenceFault } from '../references/fault.ts'
import type { Fetch } from '../references/fetcher.ts'
import { PackedReference } from '../references/packed-reference.ts'
import { Refusal } from '../refusal.ts'
import { checkSecret } from './check-secret.ts'
import type { SecretBytes } from './check-secrets.ts'

/**
 * Fetch each secret that is about to be saved as a reference, once, and refuse what the service could not be sent.
 *
 * @param fetch without a look at the registry: these references are not in it yet.
 * @throws Refusal `invalid`. The message names the secret and the fault, never the reference or what was fetched.
 */
export async function tryReferences(
  auth: readonly PathAuth[],
  secrets: SecretBytes,
  fetch: Fetch,
): Promise<void> {
  for (const [name, packed] of secrets) {
    if (!(packed instanceof PackedReference)) continue
    const helper = helperOf(packed.reference)
    const input = helper === null ? undefined : secrets.get(helper)
    // One that is stored already is not asked for here: `service test` shows whether it fits.
    if (helper !== null && !(input instanceof Uint8Array)) continue
    const bytes = await fetched(name, () =>
      fetch(packed, input instanceof Uint8Array ? input : null, new AbortController().signal),
    )
    for (const scheme of auth) {
      const names = [...secretNames([scheme]), ...optionalSecretNames([scheme])]
      if (names.includes(name)) checkSecret(scheme.auth, name, bytes)
    }
  }
}

async function fetched(name: string, fetch: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await fetch()
  } catch (error) {
    if (!(error instanceof ReferenceFault)) throw error
    throw new Refusal(
      'invalid',
      say`secret \`${name}\` could not be fetched: ${said(error.message)} (${error.reason})`,
    )
  }
}
