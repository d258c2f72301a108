import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Address = ReturnType<typeof ipaddr.parse>

/** Where a service that the owner declared local may live: RFC 1122, 1918, 4193 and 4291. Link-local is not: it holds clouds' metadata services. */
const LOCAL = new Set(['loopback', 'private', 'uniqueLocal'])

/**
 * True for an address of the public internet: global unicast that no registry entry sets apart (IANA special-purpose
 * address registries). False for everything else, text that is no address included.
 */
export function isPublicAddress(ip: string): boolean {
  const address = parsed(ip)
  if (address === null || address.range() !== 'unicast') return false
  // RFC 4291 section 2.4 and the IANA IPv6 address space registry: only 2000::/3 is given out as global unicast.
  return !(address instanceof ipaddr.IPv6) || ((address.parts[0] ?? 0) & 0xe000) === 0x2000
}

/** True for loopback, private IPv4 and unique local addresses: what a declared-local service may use. */
export function isLocalAddress(ip: string): boolean {
  const address = parsed(ip)
  return address !== null && LOCAL.has(address.range())
}

/** True where both are the same address, however written; false where either is no address. */
export function isSameAddress(one: string, other: string): boolean {
  const [left, right] = [parsed(one), parsed(other)]
  return left !== null && right !== null && left.toNormalizedString() === right.toNormalizedString()
}

/** Strict text only (no octal, hex or short IPv4, no zone), with IPv4 unwrapped from `::ffff:0:0/96`. */
function parsed(ip: string): Address | null {
  if (isIP(ip) === 0 || ip.includes('%')) return null
  // SECURITY: the parser takes `::1.2.3.4` (RFC 4291 section 2.5.5.1, deprecated) for `::ffff:1.2.3.4`; nobody else does.
  if (ip.includes(':') && ip.includes('.') && !/^::ffff:[\d.]+$/i.test(ip)) return null
  const address = ipaddr.parse(ip)
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}
