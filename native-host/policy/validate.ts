import type { Capability } from '../../shared/model/capability.ts'
import { type Sentence, say } from '../../shared/model/said.ts'
import type { Auth, Service } from '../../shared/model/service.ts'
import { Refusal } from '../refusal.ts'
import { placesOf } from './auth-places.ts'
import { certificatesOf } from './certificates.ts'
import { mayBeExposed } from './exposed-headers.ts'
import { isCredentialHeader, isFramingHeader, isHeaderName, isHeaderValue } from './header-names.ts'
import { parsePathPattern, parsePattern } from './pattern.ts'
import { checkTokenUrl } from './token-service.ts'
import { checkBaseUrl, checkLocalAddress } from './validate-base-url.ts'
import { checkBodyRules, checkPointer } from './validate-body.ts'

/** Shortest prefix `allowHeaders` and `exposeHeaders` may open, in characters before its `*`: `x-` alone would open half of all headers. */
const SHORTEST_PREFIX = 4

/**
 * Check a capability before it is saved, so that `decide` can evaluate all of it.
 *
 * @throws Refusal `invalid` with a sentence that says what is wrong.
 */
export function checkCapability(capability: Capability, service: Service): void {
  if (capability.service !== service.id) {
    throw invalid(say`the capability is for \`${capability.service}\`, not for \`${service.id}\``)
  }
  for (const rule of capability.rules) parsePattern(rule.pattern)
  checkBodyRules(capability)
  const { maxCost, prices } = capability.limits
  if (maxCost !== null && prices === null)
    throw invalid('a limit on money needs prices: say what a million tokens or a call costs')
  const priced = (prices?.models ?? []).map(({ model }) => model.toLowerCase())
  if (new Set(priced).size !== priced.length) throw invalid('a model has two prices')
}

/**
 * Check a service before it is saved: where it lives, how it takes its credential, what passes to it.
 *
 * @throws Refusal `invalid` with a sentence that says what is wrong.
 */
export function checkService(service: Service): void {
  if (service.baseUrls.length === 0) throw invalid('a service needs a base URL')
  if (new Set(service.baseUrls).size !== service.baseUrls.length)
    throw invalid('a base URL stands there twice')
  if (service.local !== null && service.local.address !== null) checkLocalAddress(service.local.address)
  for (const baseUrl of service.baseUrls) checkBaseUrl(baseUrl, service.local)
  if (service.ca !== null) checkPinned(service.ca, service.baseUrls)
  if (service.auth.length === 0) throw invalid('a service needs a kind of auth, be it `none`')
  for (const { paths, auth } of service.auth) {
    for (const path of paths) parsePathPattern(path)
    checkAuth(auth, service)
  }
  for (const text of [...service.denyAlways, ...service.credentialMinting]) parsePathPattern(text)
  for (const pointer of service.strip.jsonFields) checkPointer(pointer)
  const { queue } = service
  for (const path of [...(queue?.jobs ?? []), ...(queue?.except ?? []), ...(queue?.results ?? [])])
    parsePathPattern(path)
  for (const { paths } of [...(service.modelLists ?? []), ...(service.denyFields ?? [])])
    for (const path of paths) parsePathPattern(path)
  for (const [name, value] of Object.entries(service.requiredHeaders)) checkRequired(name, value)
  for (const name of service.allowHeaders) checkAllowed(name)
  for (const name of service.exposeHeaders ?? []) checkExposed(name)
  if (/[^\x20-\x7e]/.test(service.placeholder)) throw invalid('the placeholder must be plain ASCII')
}

function checkPinned(ca: string, baseUrls: readonly string[]): void {
  if (certificatesOf(ca) !== ca) throw invalid('the pinned certificates hold something besides certificates')
  if (!baseUrls.some((url) => url.startsWith('https://')))
    throw invalid('pinned certificates go with an address that starts with `https://`')
}

function checkAuth(auth: Auth, service: Service): void {
  const { headers, furtherHeaders } = placesOf(auth)
  for (const name of [...headers, ...furtherHeaders]) checkHeaderName(name)
  switch (auth.kind) {
    case 'header':
      for (const { name, format } of auth.headers) {
        checkHeaderName(name)
        if (!isHeaderValue(format))
          throw invalid(say`the format of \`${name}\` holds characters that cannot be sent`)
      }
      return
    case 'basic':
      // RFC 7617 section 2: the first colon ends the user name.
      if (/[:\p{Cc}]/u.test(auth.username))
        throw invalid('a user name must not hold a colon or control characters')
      return
    case 'query':
      if (/\p{Cc}/u.test(auth.param)) throw invalid('the query parameter holds control characters')
      return
    case 'json-field':
      return checkPointer(auth.pointer)
    case 'oauth2-client-credentials':
    case 'oauth2-refresh':
    case 'jwt-bearer':
      return checkTokenUrl(service, auth.tokenUrl)
  }
}

function checkRequired(name: string, value: string): void {
  checkHeaderName(name)
  if (isCredentialHeader(name)) throw invalid(say`\`${name}\` carries a credential: store it as a secret`)
  if (!isHeaderValue(value)) throw invalid(say`the value of \`${name}\` holds characters that cannot be sent`)
}

function checkExposed(entry: string): void {
  const name = namedBy(entry)
  checkSpelling(name)
  if (!mayBeExposed(name)) throw invalid(say`\`${name}\` is never shown to a page`)
}

/** What an entry of a list names, without its `*`. @throws Refusal where that is the beginning of too many names. */
function namedBy(entry: string): string {
  const name = entry.endsWith('*') ? entry.slice(0, -1) : entry
  if (entry.endsWith('*') && name.length < SHORTEST_PREFIX)
    throw invalid(say`\`${entry}\` would let too much through`)
  return name
}

function checkAllowed(entry: string): void {
  const name = namedBy(entry)
  checkHeaderName(name)
  if (isCredentialHeader(name))
    throw invalid(say`\`${name}\` carries a credential and never passes from a page`)
}

function checkSpelling(name: string): void {
  if (!isHeaderName(name) || name !== name.toLowerCase() || name.includes('*')) {
    throw invalid(say`\`${name}\` is not a lower-case header name`)
  }
}

function checkHeaderName(name: string): void {
  checkSpelling(name)
  if (isFramingHeader(name)) throw invalid(say`\`${name}\` frames or routes the message and cannot be set`)
}

function invalid(message: Sentence): Refusal {
  return new Refusal('invalid', message)
}
