import type { Service } from '../../shared/model/service.ts'
import type { GeneratedAsk } from './policy-asks.ts'
import { oraclePath, oracleUrl } from './policy-oracle.ts'

/**
 * A second opinion on what an ask is sent as, written apart from the product from DESIGN ("Admit"): the header names in a
 * table of fates, queries decoded byte by byte.
 */

/** What leaves, without the credential. */
export interface OracleRequest {
  method: string
  url: string
  path: string
  query: [name: string, value: string][]
  headers: [name: string, value: string][]
}

/** The names that asks are generated with and may pass to any service, and whether lines of one name may be joined. */
const PASS: Record<string, 'once' | 'joined'> = {
  accept: 'joined',
  'accept-language': 'joined',
  'content-type': 'once',
  'idempotency-key': 'once',
  prefer: 'joined',
  range: 'once',
  'user-agent': 'once',
  'x-request-id': 'once',
  'x-stainless-lang': 'once',
}
/** What is sent where neither page nor service says it, of a call that no browser sends. */
const NOBODY_SAID = [
  ['accept', '*/*'],
  ['user-agent', 'valetkey'],
] as const
/** Never from a page, whatever a service lists. */
const NEVER =
  /^(?:authorization|cookie|x-api-key|host|content-length|transfer-encoding|te|trailer|connection|upgrade|keep-alive|expect|proxy-.*|x-http-method-override|x-forwarded-.*|sec-.*|referer|origin|accept-encoding|content-encoding|date|via|valet-key-.*|cf-.*|.*_.*)$/

/** The request as it leaves, or null where it must be refused. */
export function oracleRequest(ask: GeneratedAsk, service: Service): OracleRequest | null {
  const method = [...ask.method]
    .map((letter) => (letter >= 'a' && letter <= 'z' ? letter.toUpperCase() : letter))
    .join('')
  if (!['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method)) return null
  // No browser sends such a body.
  if (ask.body !== null && (method === 'GET' || method === 'HEAD')) return null
  const place = placeOf(ask.url, service)
  if (place === null) return null
  const { origin, path } = place
  const scheme = oracleAuth(method, path, service)
  const names = [...service.strip.query, ...(scheme?.kind === 'query' ? [scheme.param] : [])].map((name) =>
    name.toLowerCase(),
  )
  const search = strippedSearch(place.search, names, service.placeholder)
  if (search === null) return null
  const own = scheme?.kind === 'header' ? scheme.headers.map(({ name }) => name) : []
  const headers = headersOf(ask.headers, service, own)
  if (headers === null) return null
  return { method, url: origin + path + search, path, query: oraclePairs(search), headers }
}

function placeOf(url: string, service: Service) {
  for (const baseUrl of service.baseUrls) {
    const origin = baseUrl.split('/').slice(0, 3).join('/')
    const place = oracleUrl(url, origin, baseUrl.slice(origin.length))
    if (place !== null) return { origin, ...place }
  }
  return null
}

/** The scheme whose patterns hold the path; null for none. */
export function oracleAuth(
  method: string,
  path: string,
  service: Service,
): Service['auth'][number]['auth'] | null {
  const fits = (text: string) => {
    const [methods, where] = text.startsWith('/') ? ['*', text] : (text.split(' ') as [string, string])
    return (methods === '*' || methods.split(',').includes(method)) && oraclePath(where, upper(path))
  }
  return service.auth.find(({ paths }) => paths.some(fits))?.auth ?? null
}

/** Percent triplets in upper case. */
export function upper(text: string): string {
  return text
    .split('%')
    .map((piece, at) => (at === 0 ? piece : piece.slice(0, 2).toUpperCase() + piece.slice(2)))
    .join('%')
}

/** Decoded pairs of a query, as forms are read. */
export function oraclePairs(search: string): [string, string][] {
  const pairs = search
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => pair !== '')
  return pairs.map((pair) => {
    const at = pair.indexOf('=')
    return at === -1 ? [decoded(pair), ''] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))]
  })
}

function decoded(text: string): string {
  const bytes: number[] = []
  for (let at = 0; at < text.length; at++) {
    const digits = text.slice(at + 1, at + 3)
    if (text[at] === '%' && /^[0-9a-f]{2}$/i.test(digits)) {
      bytes.push(Number.parseInt(digits, 16))
      at += 2
    } else bytes.push(text[at] === '+' ? 32 : text.charCodeAt(at))
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))
}

/** Without credentials' and placeholders' parameters; null where a name would replace the method. */
function strippedSearch(search: string, names: readonly string[], placeholder: string): string | null {
  const kept: string[] = []
  const pairs = search.slice(1).split('&')
  for (const pair of pairs) {
    const [name, value] = oraclePairs(pair)[0] ?? ['', '']
    const bare = name.trim().toLowerCase()
    if (bare === '_method') return null
    if (!names.includes(bare) && !oracleHolds(name, placeholder) && !oracleHolds(value, placeholder))
      kept.push(pair)
  }
  if (kept.length === pairs.length) return search
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}

/** A long placeholder anywhere, a short one as the whole or the last word; as it is, or percent-encoded once more. */
export function oracleHolds(text: string, placeholder: string): boolean {
  const texts = [text]
  if (text.includes('%')) texts.push(decoded(text.replaceAll('+', '%2B')))
  if (placeholder.length > 7) return texts.some((each) => each.includes(placeholder))
  return texts.some((each) => each.split(' ').at(-1) === placeholder)
}

function headersOf(
  claimed: GeneratedAsk['headers'],
  service: Service,
  own: readonly string[],
): [string, string][] | null {
  const out: [string, string][] = []
  for (const [given, raw] of claimed) {
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(given)) return null
    if (
      [...raw].some(
        (character) => (character < ' ' && character !== '\t') || character === '\x7f' || character > '\xff',
      )
    )
      return null
  }
  for (const [given, raw] of claimed) {
    const name = given.toLowerCase()
    const value = raw.replace(/^[ \t]+|[ \t]+$/g, '')
    const listed = service.allowHeaders.some(
      (each) => each === name || (each.endsWith('*') && name.startsWith(each.slice(0, -1))),
    )
    const isUnpacked = given.toLowerCase() === 'content-encoding' && value.toLowerCase() === 'identity'
    const passes = name in PASS || listed || name in service.requiredHeaders
    if (!isUnpacked && (!passes || NEVER.test(name))) continue
    if (own.includes(name) || service.strip.headers.includes(name)) continue
    if (oracleHolds(value, service.placeholder)) continue
    const before = out.find(([other]) => other === name)
    if (before === undefined) out.push([name, value])
    else if (PASS[name] !== 'joined') return null
    else if (before[1] === '') before[1] = value
    else if (value !== '') before[1] += `, ${value}`
  }
  for (const [name, value] of Object.entries(service.requiredHeaders))
    if (!out.some(([other]) => other === name)) out.push([name, value])
  for (const [name, value] of NOBODY_SAID)
    if (
      !out.some(([other]) => other === name) &&
      !own.includes(name) &&
      !service.strip.headers.includes(name)
    )
      out.push([name, value])
  return out
}
