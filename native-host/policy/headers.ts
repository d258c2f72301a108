import type { Service } from '../../shared/model/service.ts'
import { MAX_HEADER_VALUE, MAX_HEADERS } from '../../shared/protocol/limits.ts'
import {
  isCredentialHeader,
  isFramingHeader,
  isHeaderName,
  isHeaderValue,
  LIST_HEADERS,
  PASSED_HEADERS,
} from './header-names.ts'
import { holdsPlaceholder } from './placeholder.ts'

type Pair = readonly [name: string, value: string]

const NONE: ReadonlySet<string> = new Set()

/**
 * The headers that leave, from those a page claims: only allow-listed names (ours, the service's and the required ones),
 * in lower case and in order, without credentials, placeholders and framing, then what the service requires and the page
 * did not send. Names with `_` are dropped, because CGI-like servers read them as `-`.
 *
 * @param injected lower-case names the injection will set: never taken from the page.
 * @param isDescribing true for what the scheme must know of the body: passes before the lists are asked.
 * @returns `header-malformed` where any claimed header, also one that would be dropped, has a bad name or value or comes
 *   twice though it may not; `too-many-headers` above MAX_HEADERS.
 */
export function outgoingHeaders(
  claimed: readonly Pair[],
  service: Service,
  injected: ReadonlySet<string> = NONE,
  isDescribing: (name: string, value: string) => boolean = () => false,
): { headers: Pair[] } | { refused: 'header-malformed' | 'too-many-headers' } {
  if (claimed.length > MAX_HEADERS) return { refused: 'too-many-headers' }
  if (!claimed.every(isWellFormed)) return { refused: 'header-malformed' }
  const out = new Map<string, string>()
  for (const [claimedName, claimedValue] of claimed) {
    const name = claimedName.toLowerCase()
    const value = trimBlank(claimedValue)
    if (!isDescribing(name, value) && !passes(name, value, service, injected)) continue
    const before = out.get(name)
    if (before !== undefined && !LIST_HEADERS.has(name)) return { refused: 'header-malformed' }
    out.set(name, before ? [before, value].filter((each) => each !== '').join(', ') : value)
  }
  for (const [name, value] of Object.entries(service.requiredHeaders)) {
    if (!out.has(name)) out.set(name, value)
  }
  return { headers: [...out] }
}

function isWellFormed([name, value]: Pair): boolean {
  return isHeaderName(name) && isHeaderValue(value) && value.length <= MAX_HEADER_VALUE
}

function passes(name: string, value: string, service: Service, injected: ReadonlySet<string>): boolean {
  // SECURITY: these come before the allow-lists, so that no service can open them again.
  if (isFramingHeader(name) || isCredentialHeader(name) || name.includes('_')) return false
  if (injected.has(name) || service.strip.headers.includes(name)) return false
  if (holdsPlaceholder(value, service.placeholder)) return false
  return (
    isListed(name, PASSED_HEADERS) ||
    isListed(name, service.allowHeaders) ||
    Object.hasOwn(service.requiredHeaders, name)
  )
}

function isListed(name: string, list: readonly string[]): boolean {
  return list.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry))
}

/** Without the spaces and tabs around a field value (RFC 9110 section 5.5). */
function trimBlank(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && (value[start] === ' ' || value[start] === '\t')) start++
  while (end > start && (value[end - 1] === ' ' || value[end - 1] === '\t')) end--
  return value.slice(start, end)
}
