import type { ReferenceKind } from '../../shared/model/reference.ts'
import type { Service } from '../../shared/model/service.ts'
import { isSignedInTo } from '../../shared/presets/secret-names.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { PackedReference } from '../references/packed-reference.ts'
import { listCapabilities } from '../store/capabilities.ts'
import { listReferences, listSecretNames } from '../store/services.ts'
import type { OwnerContext } from './context.ts'
import { newOffers } from './offers.ts'
import { countChanges } from './preset-update.ts'

/** A service as the owner's pages and `valetkey service list` show it: names of secrets, never their bytes. */
export function summariseService(context: OwnerContext, service: Service): ServiceSummary {
  const capabilities = listCapabilities(context.store, context.keys)
  const references = referenceKinds(context, service.id)
  const presetChanges = countChanges(context, service)
  const offers = newOffers(service, capabilities)
  return {
    id: service.id,
    label: service.label,
    preset: service.preset,
    baseUrls: service.baseUrls,
    local: service.local !== null,
    placeholder: service.placeholder,
    secrets: listSecretNames(context.store, context.keys, service.id),
    ...(Object.keys(references).length === 0 ? {} : { references }),
    ...(service.auth.some(({ auth }) => isSignedInTo(auth)) ? { signIn: true as const } : {}),
    capabilities: capabilities.filter((each) => each.service === service.id).map((each) => each.id),
    ...(presetChanges === null ? {} : { presetChanges }),
    ...(offers === null ? {} : { offers }),
  }
}

function referenceKinds({ store, keys }: OwnerContext, service: string): Record<string, ReferenceKind> {
  const packed = [...listReferences(store, keys, service)]
  return Object.fromEntries(
    packed.map(([name, bytes]) => [name, PackedReference.unpack(bytes).reference.kind]),
  )
}
