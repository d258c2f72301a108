import type { Service } from '../../shared/model/service.ts'
import type { ServiceSummary } from '../../shared/protocol/commands.ts'
import { listCapabilities } from '../store/capabilities.ts'
import { listSecretNames } from '../store/services.ts'
import type { OwnerContext } from './context.ts'

/** A service as the owner's pages and `valetkey service list` show it: names of secrets, never their bytes. */
export function summariseService(context: OwnerContext, service: Service): ServiceSummary {
  const capabilities = listCapabilities(context.store, context.keys)
  return {
    id: service.id,
    label: service.label,
    preset: service.preset,
    baseUrls: service.baseUrls,
    local: service.local !== null,
    placeholder: service.placeholder,
    secrets: listSecretNames(context.store, context.keys, service.id),
    capabilities: capabilities.filter((each) => each.service === service.id).map((each) => each.id),
  }
}
