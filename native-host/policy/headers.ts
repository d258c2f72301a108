import type { Service } from '../../shared/model/service.ts'
import { MAX_HEADER_VALUE, MAX_HEADERS } from '../../shared/protocol/limits.ts'
import {
  isCredentialHeader,
  isFramingHeader,
  isHeaderName,
  isHeaderValue,
  isListed,
  LIST_HEADERS,
  PASSED_HEADERS,
} from './header-names.ts'
import { mayBeLeftOut, saysUnpacked } from './header-values.ts'
import { holdsPlaceholder } from './placeholder.ts'

type Pair = readonly [name: string, value: string]

/** `pass`: needed to understand the body. `refuse`: without it the service would do something else than was asked. */
export type HeaderFate = 'pass' | 'refuse'

const NONE: ReadonlySet<string> = new Set()

/**
 * The headers that leave, from those a page claims: only allow-listed names (ours, the service's and the required ones),
 * in lower case and in order, without credentials, placeholders and framing, then what the service requires and the page
 * did not send, then what is said where nobody said anything. Names with `_` are dropped, because CGI-like servers read them as `-`.
 *
 * @param injected lower-case names the injection will set: never taken from the page.
 * @param fateOf what the scheme says of a header of the page before the lists are asked; null: nothing.
 * @param otherwise what is said where neither page nor service says it, in lower case; the lists hold for it too.
 * @returns `header-not-listed` where one that no list has may not be left out either, `header-malformed` where any
 *   claimed header, also one that would be dropped, has a bad name or value or comes twice though it may not; `too-many-headers` above MAX_HEADERS.
 */
export function outgoingHeaders(
  claimed: readonly Pair[],
  service: Service,
  injected: ReadonlySet<string> = NONE,
  fateOf: (name: string, value: string) => HeaderFate | null = () => null,
  otherwise: readonly Pair[] = [],
): { headers: Pair[] } | { refused: 'header-malformed' | 'header-not-listed' | 'too-many-headers' } {
  if (claimed.length > MAX_HEADERS) return { refused: 'too-many-headers' }
  if (!claimed.every(isWellFormed)) return { refused: 'header-malformed' }
  const out = new Map<string, string>()
  for (const [claimedName, claimedValue] of claimed) {
    const name = claimedName.toLowerCase()
    const value = trimBlank(claimedValue)
    const fate = fateOf(name, value)
    if (fate !== 'pass' && !passes(name, value, service, injected)) {
      const isNeeded = fate === 'refuse' || !mayBeLeftOut(name, value)
      if (isNeeded && !injected.has(name)) return { refused: 'header-not-listed' }
      continue
    }
    const before = out.get(name)
    if (before !== undefined && !LIST_HEADERS.has(name)) return { refused: 'header-malformed' }
    out.set(name, before ? [before, value].filter((each) => each !== '').join(', ') : value)
  }
  for (const [name, value] of Object.entries(service.requiredHeaders)) {
    if (!out.has(name)) out.set(name, value)
  }
  // What is above the limit could not be made canonical again, as a redirect is.
  const missing = otherwise.filter(
    ([name, value]) => !out.has(name) && passes(name, value, service, injected),
  )
  for (const [name, value] of missing.slice(0, Math.max(MAX_HEADERS - out.size, 0))) out.set(name, value)
  return { headers: [...out] }
}

function isWellFormed([name, value]: Pair): boolean {
  return isHeaderName(name) && isHeaderValue(value) && value.length <= MAX_HEADER_VALUE
}

function passes(name: string, value: string, service: Service, injected: ReadonlySet<string>): boolean {
  const isUnpacked = saysUnpacked(name, value)
  // SECURITY: these come before the allow-lists, so that no service can open them again.
  if ((isFramingHeader(name) && !isUnpacked) || isCredentialHeader(name) || name.includes('_')) return false
  if (injected.has(name) || service.strip.headers.includes(name)) return false
  if (holdsPlaceholder(value, service.placeholder)) return false
  return (
    isUnpacked ||
    isListed(name, PASSED_HEADERS) ||
    isListed(name, service.allowHeaders) ||
    Object.hasOwn(service.requiredHeaders, name)
  )
}

/** Without the spaces and tabs around a field value (RFC 9110 section 5.5). */
function trimBlank(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && (value[start] === ' ' || value[start] === '\t')) start++
  while (end > start && (value[end - 1] === ' ' || value[end - 1] === '\t')) end--
  return value.slice(start, end)
}
