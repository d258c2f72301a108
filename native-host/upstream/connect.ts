import { lookup as dnsLookup } from 'node:dns'
import { isIP, type LookupFunction, type Socket } from 'node:net'
import type { buildConnector as BuildConnector } from 'undici'
import type { Service } from '../../shared/model/service.ts'
import type { ClientCertificate } from '../auth/client-certificate.ts'
import { isLocalAddress, isPublicAddress, isSameAddress } from '../policy/address.ts'
import { Problem } from '../problem.ts'
import { buildConnector } from './http-client.ts'
import { type Trust, trustOf } from './trust.ts'

/** One address that may be connected to. */
export interface VettedAddress {
  readonly address: string
  readonly family: 4 | 6
}

/** All answers of the system's resolver for a name. Rejects where there are none. */
export type Resolve = (hostname: string) => Promise<readonly { address: string }[]>

/** The resolver of the operating system (`getaddrinfo`), which also knows the hosts file. */
const systemResolve: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    dnsLookup(hostname, { all: true, order: 'verbatim' }, (error, addresses) => {
      if (error === null) resolve(addresses)
      else reject(error)
    })
  })

/**
 * The addresses a connection of this service to this URL may go to, in the order to try them; at least one.
 *
 * A name is resolved once and every answer is judged: one private answer among public ones refuses them all. A
 * service declared local is reached at its declared address, without DNS.
 *
 * @throws Problem `upstream-unreachable`: `other-origin`, `plain-http`, `private-address`, `not-local`, `dns`.
 */
export async function resolveFor(
  service: Service,
  url: URL,
  resolve: Resolve = systemResolve,
): Promise<readonly VettedAddress[]> {
  // SECURITY: scheme, host and port are the service's own, whatever was decided before.
  if (!service.baseUrls.some((base) => URL.parse(base)?.origin === url.origin))
    throw unreachable('other-origin')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (service.local !== null) return [localAddress(host, service.local.address)]
  if (url.protocol !== 'https:') throw unreachable('plain-http')
  const addresses = isIP(host) === 0 ? await answers(host, resolve) : [host]
  if (!addresses.every(isPublicAddress)) throw unreachable('private-address')
  return addresses.map(vetted)
}

function localAddress(host: string, declared: string | null): VettedAddress {
  // A literal in the URL is what gets connected to, so a declared address beside it must be the same.
  if (isIP(host) !== 0 && declared !== null && declared !== host) throw unreachable('not-local')
  const address = declared ?? host
  if (!isLocalAddress(address)) throw unreachable('not-local')
  return vetted(address)
}

async function answers(host: string, resolve: Resolve): Promise<string[]> {
  const found = await resolve(host).catch(() => [])
  if (found.length === 0) throw unreachable('dns')
  return found.map(({ address }) => address)
}

function vetted(address: string): VettedAddress {
  return { address, family: isIP(address) === 6 ? 6 : 4 }
}

function unreachable(reason: string): Problem {
  return new Problem('upstream-unreachable', reason)
}

/** What a connector may be told otherwise. */
export interface ConnectorOptions {
  readonly resolve?: Resolve
  /** Milliseconds for the name to be resolved, and again for TCP and TLS. */
  readonly timeout: number
  /** Ends every connection it was given to, also while it is being opened. */
  readonly signal?: AbortSignal
  /** What every connection is made with. */
  readonly client?: ClientCertificate
}

/**
 * How undici opens a socket for one service: only to addresses that {@link resolveFor} gave for it, TLS always
 * verified against the host name and the authorities of {@link trustOf}.
 */
export function connectorFor(service: Service, options: ConnectorOptions): BuildConnector.connector {
  // Parsing authorities takes some milliseconds: with a certificate of the client's own once for all its connections.
  let trust: Trust | null = null
  const trusted = () => {
    trust ??= trustOf(service, options.client)
    return trust
  }
  return (target, callback) => {
    socketFor(service, target, trusted, options).then(
      (socket) => callback(null, socket),
      (problem: Error) => callback(problem, null),
    )
  }
}

async function socketFor(
  service: Service,
  target: BuildConnector.Options,
  trusted: () => Trust,
  options: ConnectorOptions,
): Promise<Socket> {
  const url = URL.parse(`${target.protocol}//${target.host ?? target.hostname}`)
  if (url === null) throw unreachable('other-origin')
  const addresses = await vetWithin(options, resolveFor(service, url, options.resolve))
  // SECURITY: the name is not resolved again; the socket goes to the very addresses that were judged.
  // Without TLS there is nobody to believe: the authorities, some milliseconds and megabytes, are parsed by whoever needs them.
  const connect = socketTo(addresses, url.protocol === 'http:' ? null : trusted(), options)
  const socket = await new Promise<Socket>((resolve, reject) => {
    connect(target, (error, opened) => (error === null ? resolve(opened) : reject(error)))
  })
  checkRemote(socket, addresses)
  return socket
}

/** The system's resolver has no time limit of its own that can be set. */
function vetWithin<T>(options: ConnectorOptions, vetting: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<T>()
  const timer = setTimeout(() => reject(new Problem('upstream-timeout', 'dns-timeout')), options.timeout)
  return Promise.race([vetting, promise]).finally(() => clearTimeout(timer))
}

function socketTo(
  addresses: readonly VettedAddress[],
  trust: Trust | null,
  options: ConnectorOptions,
): BuildConnector.connector {
  const first = addresses[0]
  if (first === undefined) throw unreachable('dns')
  // `net` calls no look-up for a literal; then the literal in the URL is itself the vetted address.
  const lookup: LookupFunction = (_hostname, lookupOptions, done) => {
    if (lookupOptions.all === true) done(null, [...addresses])
    else done(null, first.address, first.family)
  }
  return buildConnector({
    lookup,
    autoSelectFamily: addresses.length > 1,
    allowH2: false,
    timeout: options.timeout,
    // One derived signal each: a hundred sockets on one would be taken for a leak of listeners.
    ...(options.signal === undefined ? {} : { signal: AbortSignal.any([options.signal]) }),
    ...trust,
  })
}

/** SECURITY: what the socket itself says of its other end, before a byte of a request is given to it. */
function checkRemote(socket: Socket, addresses: readonly VettedAddress[]): void {
  const { remoteAddress } = socket
  if (remoteAddress !== undefined && addresses.some(({ address }) => isSameAddress(address, remoteAddress)))
    return
  socket.destroy()
  // Without an address the other end has left already.
  throw unreachable(remoteAddress === undefined ? 'closed' : 'address-changed')
}
