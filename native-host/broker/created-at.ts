import type { Needle } from '../auth/needle.ts'
import { canonicalise } from '../policy/canonical.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import { locationOf, type Resolved, targetOf } from './location.ts'
import { redactText } from './redact.ts'
import { soughtFor } from './shared-sought.ts'

/** Created (RFC 9110 section 15.3.2): the only status whose `Location` names what the call itself has made. */
const CREATED = 201

/**
 * The header by which a page learns where the thing is that its call has made, or none: resumable uploads
 * (tus.io/protocols/resumable-upload, "Creation") and APIs that follow RFC 9110 say it there and nowhere else.
 *
 * It passes only where it is an address of the same service, at the same scheme, host and port, that the page can call
 * through us: every use of it is decided by the page's rules.
 *
 * @param sentUrl the URL as it left, where a scheme put something into its path.
 */
export function createdAt(
  response: UpstreamResponse,
  resolved: Resolved,
  needles: readonly Needle[],
  sentUrl: string,
): [name: 'location', value: string][] {
  if (response.status !== CREATED) return []
  const location = locationOf(response)
  if (location === null || typeof location === 'string') return []
  const target = targetOf(location.text, resolved, sentUrl)
  // SECURITY: a query or a name in an address is very often a permission of its own, good without the key and elsewhere.
  if (target === null || /[?#@]/.test(location.text)) return []
  // SECURITY: a service may have put what it was sent into it.
  const texts = [location.text, target.href]
  if (texts.some((text) => redactText(text, soughtFor(needles)) !== text)) return []
  const asked = { method: 'GET', url: target.href, headers: [] }
  if ('refused' in canonicalise(asked, resolved.service)) return []
  // As it came, so that it is read as without us; but without what a scheme put into the path.
  const isMoved = new URL(sentUrl).pathname !== resolved.request.path
  return [['location', isMoved ? target.pathname : location.text]]
}
