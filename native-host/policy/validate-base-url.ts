import { type Sentence, said, say } from '../../shared/model/said.ts'
import type { Service } from '../../shared/model/service.ts'
import { Refusal } from '../refusal.ts'
import { isLocalAddress, isPublicAddress } from './address.ts'
import { isSafePath } from './safe-path.ts'

/**
 * Check one base URL of a service and where it leads.
 *
 * @throws Refusal `invalid` with what is wrong.
 */
export function checkBaseUrl(baseUrl: string, local: Service['local']): void {
  const url = URL.parse(baseUrl)
  if (url === null) throw invalid(say`\`${baseUrl}\` is not a URL`)
  checkText(baseUrl, url)
  if (url.hostname.endsWith('.')) throw invalid(say`the host of \`${baseUrl}\` must not end with a dot`)
  if (local === null) checkPublicHost(baseUrl, url)
  else checkLocalHost(baseUrl, url, local.address)
}

/** Check the one address of a local service: loopback or private, in its usual form. @throws Refusal `invalid`. */
export function checkLocalAddress(address: string): void {
  if (!isLiteral(address)) throw invalid(say`\`${address}\` is not an IP address in its usual form`)
  if (!isLocalAddress(address)) {
    throw invalid(say`\`${address}\` is not a loopback or private address`)
  }
}

/** True for an IP address as the URL parser writes it, without brackets. */
function isLiteral(text: string): boolean {
  if (!/^(?:[0-9]+(?:\.[0-9]+){3}|[0-9a-f]*:[0-9a-f:.]*)$/.test(text)) return false
  return URL.parse(`http://${hostOf(text)}/`)?.hostname === hostOf(text)
}

function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}

function checkText(baseUrl: string, url: URL): void {
  // SECURITY: first, so that no other message repeats a password.
  if (url.username !== '' || url.password !== '')
    throw invalid('a base URL must not hold a user name or password')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw invalid(say`\`${baseUrl}\` must start with \`https://\``)
  }
  if (/[?#]/.test(baseUrl))
    throw invalid(say`\`${baseUrl}\` must end with the path: no query and no fragment`)
  const path = url.pathname === '/' ? '' : url.pathname
  if (baseUrl !== url.origin + path)
    throw invalid(say`write \`${baseUrl}\` as \`${url.origin}${path.replace(/\/+$/, '')}\``)
  if (path.endsWith('/')) throw invalid(say`\`${baseUrl}\` must not end with a slash`)
  if (path !== '' && !isSafePath(path))
    throw invalid(say`the path of \`${baseUrl}\` could be read in two ways`)
}

function checkPublicHost(baseUrl: string, url: URL): void {
  const host = bareHost(url)
  const isNamedLocal = /(?:^|\.)localhost$/.test(host)
  if (isNamedLocal || (isLiteral(host) && !isPublicAddress(host))) {
    throw invalid(say`\`${baseUrl}\` is not on the internet: ${said(localMend(host))}`)
  }
  if (url.protocol !== 'https:') {
    throw invalid(
      say`\`${baseUrl}\` would send the key unencrypted: use https, or declare the service local (\`--local\`)`,
    )
  }
}

/** What to do where a local address was meant; of one that no service may have, that it may not. */
function localMend(host: string): Sentence {
  if (!isLiteral(host)) {
    return 'write the address as numbers (`127.0.0.1`) and declare the service local (`--local`) if that is meant'
  }
  if (isLocalAddress(host)) return 'declare the service local (`--local`) if that is meant'
  return say`\`${host}\` is not an address a service can have`
}

function checkLocalHost(baseUrl: string, url: URL, address: string | null): void {
  const host = bareHost(url)
  if (isLiteral(host)) {
    checkLocalAddress(host)
    if (address !== null && address !== host) {
      throw invalid(say`\`${baseUrl}\` holds another address than \`${address}\``)
    }
  } else if (address === null) {
    throw invalid(
      say`\`${baseUrl}\` is local and has a name: give the one address it is reached at (\`--address\`), or write that in its place`,
    )
  }
}

function invalid(message: Sentence): Refusal {
  return new Refusal('invalid', message)
}
