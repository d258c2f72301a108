import { PackedReference } from '../references/packed-reference.ts'
import { putSecret } from '../store/services.ts'
import type { SecretBytes } from './check-secrets.ts'
import type { OwnerContext } from './context.ts'

/** Store secrets of a service that `checkSecrets` has let through, each by its name. @throws Refusal as `putSecret`. */
export function putSecrets({ store, keys }: OwnerContext, service: string, secrets: SecretBytes): void {
  for (const [name, each] of secrets) {
    const isReference = each instanceof PackedReference
    putSecret(store, keys, service, name, isReference ? each.bytes() : each, isReference)
  }
}
