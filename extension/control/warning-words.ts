import type { ServiceWarning } from '../../shared/model/service-warning.ts'
import type { ServiceTestResult } from '../../shared/protocol/service-commands.ts'
import { t } from '../ui/strings.ts'

/** What the owner should know of a local service, in words: worse where it asks nobody for a key. */
export function warningText(warning: ServiceWarning, outcome: ServiceTestResult['outcome']): string {
  const addresses = warning.addresses.join(', ')
  if (warning.code === 'elsewhere') return t('warningElsewhere', addresses)
  return t(outcome === 'no-key-needed' ? 'warningOpenKeyless' : 'warningOpenToNetwork', addresses)
}
