import { type Finding, good, notable } from './finding.ts'
import { isLoopback, listeningAt } from './listening.ts'

/** A service that its owner declared to live on this machine. */
export interface LocalServer {
  readonly id: string
  /** `http://127.0.0.1:1337`, with or without a path. */
  readonly baseUrl: string
  /** The address it is reached at where the base URL has a name. */
  readonly address: string | null
}

/**
 * Whether others than this machine reach a local server: from the system's table of sockets, without a connection. One
 * that does not run, or that lives elsewhere on the network, says nothing.
 *
 * @param tables where the system keeps it; for tests.
 */
export function checkLocalServer(server: LocalServer, tables?: readonly string[]): Finding {
  const check = `service:${server.id}`
  const url = new URL(server.baseUrl)
  const host = server.address ?? url.hostname.replace(/^\[|\]$/g, '')
  if (!isLoopback(host)) return notable(check, `it lives at ${host}, not on this machine`, null)
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const addresses = listeningAt(port, tables)
  if (addresses === null)
    return good(check, 'whether others on the network reach it is not known on this system')
  if (addresses.length === 0) return good(check, `nothing listens on port ${port} now`)
  const open = addresses.filter((address) => !isLoopback(address))
  if (open.length === 0) return good(check, 'only this machine reaches it')
  return notable(
    check,
    `it listens at ${open.join(' and ')}: others on the network reach it too, past Valet Key. Let it listen on 127.0.0.1 only`,
    null,
  )
}
