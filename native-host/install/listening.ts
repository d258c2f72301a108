import { readFileSync } from 'node:fs'

/**
 * Linux' tables of TCP sockets (proc(5)): the two files whose reading the launcher allows there. macOS and Windows have
 * none; what says it there is a program (`lsof`, `netstat`), and the host may start none.
 */
export const SOCKET_TABLES = ['/proc/net/tcp', '/proc/net/tcp6']
/** State of a socket that listens (include/net/tcp_states.h). */
const LISTENS = '0A'

/**
 * The addresses at which something on this machine listens on a TCP port, `0.0.0.0` and `::` among them; null where that
 * cannot be known: on systems without these tables.
 */
export function listeningAt(port: number, tables: readonly string[] = SOCKET_TABLES): string[] | null {
  const texts = tables.map(readOrNull).filter((text) => text !== null)
  if (texts.length === 0) return null
  const rows = texts.flatMap((text) => text.split('\n').slice(1))
  return [...new Set(rows.flatMap((row) => addressIn(row, port)))].sort()
}

/** True for an address that only this machine reaches. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1' || address.startsWith('::ffff:127.')
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return null
  }
}

function addressIn(row: string, port: number): string[] {
  const [, local = '', , state] = row.trim().split(/\s+/)
  const [hex = '', hexPort = ''] = local.split(':')
  return state === LISTENS && Number.parseInt(hexPort, 16) === port ? [textOf(hex)] : []
}

/** Words of 32 bits, each in the byte order of the machine: little-endian on all that Node's builds for Linux run on. */
function textOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? []
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).toReversed())
  if (bytes.length === 4) return dotted(bytes)
  const groups = Array.from({ length: 8 }, (_, at) => `${bytes[2 * at]}${bytes[2 * at + 1]}`)
  if (groups.slice(0, 6).join('') === '00000000000000000000ffff'.toUpperCase())
    return `::ffff:${dotted(bytes.slice(12))}`
  // The URL parser writes an address in its shortest form (RFC 5952).
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

function dotted(bytes: readonly string[]): string {
  return bytes.map((byte) => Number.parseInt(byte, 16)).join('.')
}
