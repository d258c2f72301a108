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
 * Who reaches a local server. `elsewhere`: it does not live on this machine. `unknown`: the system does not say. `none`:
 * nothing listens on its port. `machine`: this machine alone. `network`: others too, at these addresses.
 */
export type LocalReach =
  | { readonly by: 'elsewhere'; readonly address: string }
  | { readonly by: 'unknown' }
  | { readonly by: 'none'; readonly port: number }
  | { readonly by: 'machine' }
  | { readonly by: 'network'; readonly addresses: readonly string[] }

/**
 * Whether others than this machine reach a local server: from the system's table of sockets, without a connection.
 *
 * @param tables where the system keeps it; for tests.
 */
export function localReach(server: LocalServer, tables?: readonly string[]): LocalReach {
  const url = new URL(server.baseUrl)
  const address = server.address ?? url.hostname.replace(/^\[|\]$/g, '')
  if (!isLoopback(address)) return { by: 'elsewhere', address }
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const listening = listeningAt(port, tables)
  if (listening === null) return { by: 'unknown' }
  if (listening.length === 0) return { by: 'none', port }
  const addresses = listening.filter((each) => !isLoopback(each))
  return addresses.length === 0 ? { by: 'machine' } : { by: 'network', addresses }
}
