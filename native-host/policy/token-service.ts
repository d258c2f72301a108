import { said, say } from '../../shared/model/said.ts'
import type { Service } from '../../shared/model/service.ts'
import { Refusal } from '../refusal.ts'
import { checkBaseUrl } from './validate-base-url.ts'

/**
 * The token server of a service as `upstream/` sees it: one origin, reached under the same conditions as the service's own.
 *
 * A token server on the host of a base URL is where that is: local with the same address, and trusted by the same pinned
 * authorities. One elsewhere is on the internet, unless the service is local and the URL holds a literal address.
 */
export function tokenServiceOf(service: Service, tokenUrl: string): Service {
  const url = new URL(tokenUrl)
  const isBeside = service.baseUrls.some((base) => URL.parse(base)?.hostname === url.hostname)
  const isLiteral = /^(?:[\d.]+|\[.*\])$/.test(url.hostname)
  const elsewhere = service.local !== null && isLiteral ? { address: null } : null
  return {
    ...service,
    id: `${service.id} tokens`,
    baseUrls: [url.origin],
    local: isBeside ? service.local : elsewhere,
    ca: isBeside ? service.ca : null,
  }
}

/**
 * Check where the tokens of a service are asked for.
 *
 * @throws Refusal `invalid` where it is no URL that may be reached: unencrypted, private, with a password or a fragment.
 */
export function checkTokenUrl(service: Service, tokenUrl: string): void {
  const url = URL.parse(tokenUrl)
  if (url === null) throw new Refusal('invalid', say`the token URL \`${tokenUrl}\` is not a URL`)
  // SECURITY: first, so that no other message repeats a password.
  if (url.username !== '' || url.password !== '')
    throw new Refusal('invalid', 'the token URL must not hold a user name or password')
  if (url.hash !== '' || url.href !== tokenUrl)
    throw new Refusal('invalid', say`write the token URL as \`${url.origin}${url.pathname}${url.search}\``)
  const { local } = tokenServiceOf(service, tokenUrl)
  try {
    checkBaseUrl(url.origin, local)
  } catch (error) {
    if (error instanceof Refusal)
      throw new Refusal('invalid', say`the token URL cannot be used: ${said(error.said ?? error.message)}`)
    throw error
  }
}
