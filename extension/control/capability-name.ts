import type { OwnerSnapshot } from '../ui/owner-view.ts'
import { t } from '../ui/strings.ts'
import { labelText } from '../ui/translations.ts'

/** What the owner knows a capability of the log by: its service's name and its own; one that is gone by its id. */
export function capabilityName(
  id: string,
  { capabilities, services }: Pick<OwnerSnapshot, 'capabilities' | 'services'>,
): string {
  const capability = capabilities?.find((one) => one.id === id)
  if (capability === undefined) return id
  const service = services?.find((one) => one.id === capability.service)
  return t(
    'serviceAndCapability',
    labelText(service?.label ?? capability.service),
    labelText(capability.label),
  )
}
