import type { Service } from '../../shared/model/service.ts'
import type { LocalServer } from '../install/check-local-server.ts'

/** The servers among services that their owner declared local, one for each base URL. */
export function localServers(services: readonly Service[]): LocalServer[] {
  return services.flatMap(({ id, baseUrls, local }) =>
    local === null ? [] : baseUrls.map((baseUrl) => ({ id, baseUrl, address: local.address })),
  )
}
