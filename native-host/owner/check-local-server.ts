import type { Service } from '../../shared/model/service.ts'
import type { ServiceWarning } from '../../shared/model/service-warning.ts'
import { type Finding, good, notable } from '../install/finding.ts'
import { type LocalReach, type LocalServer, localReach } from '../install/local-reach.ts'

/** The servers among services that their owner declared local, one for each base URL. */
export function localServers(services: readonly Service[]): LocalServer[] {
  return services.flatMap(({ id, baseUrls, local }) =>
    local === null ? [] : baseUrls.map((baseUrl) => ({ id, baseUrl, address: local.address })),
  )
}

/**
 * Whether others than this machine reach a local server, as `doctor` says it. One that does not run, or whose reach the
 * system does not tell, says nothing against it.
 *
 * @param tables where the system keeps its sockets; for tests.
 */
export function checkLocalServer(server: LocalServer, tables?: readonly string[]): Finding {
  const reach = localReach(server, tables)
  const warning = warningOf(reach)
  const check = `service:${server.id}`
  return warning === null ? good(check, wellText(reach)) : notable(check, warning.message, null)
}

/** The same of all servers of a service, where there is something to warn of. Empty for one that is not local. */
export function localWarnings(service: Service): ServiceWarning[] {
  const found = localServers([service]).flatMap((server) => warningOf(localReach(server)) ?? [])
  // Several base URLs of one server have one thing to say.
  return [...new Map(found.map((each) => [each.message, each])).values()]
}

/** Null for nothing to warn of, and where nothing is known. */
function warningOf(reach: LocalReach): ServiceWarning | null {
  if (reach.by === 'elsewhere') {
    const message = `it lives at ${reach.address}, not on this machine`
    return { code: 'elsewhere', addresses: [reach.address], message }
  }
  if (reach.by !== 'network') return null
  const addresses = [...reach.addresses]
  const message = `it listens at ${addresses.join(' and ')}: others on the network reach it too, past Valet Key. Let it listen on 127.0.0.1 only`
  return { code: 'open-to-network', addresses, message }
}

function wellText(reach: LocalReach): string {
  if (reach.by === 'unknown') return 'whether others on the network reach it is not known on this system'
  if (reach.by === 'none') return `nothing listens on port ${reach.port} now`
  return 'only this machine reaches it'
}
