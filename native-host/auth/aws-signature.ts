import { createHash, createHmac } from 'node:crypto'
import { queryPairs } from '../policy/url-text.ts'
import { percentEncoded } from './percent-encoded.ts'

/**
 * AWS Signature Version 4 as "Create a signed AWS API request" in the AWS documentation describes it (steps 1 to 4), and
 * nothing of where its parts go.
 */

/** What of a request is signed. */
export interface ToSign {
  readonly method: string
  /** As it is sent. */
  readonly path: string
  /** Without the `?`, as it is sent. */
  readonly query: string
  /** All of these are signed; `host` must be among them. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The body's SHA-256 in hex, or a word that stands for it such as `UNSIGNED-PAYLOAD`. */
  readonly payload: string
  /** True for S3: the path is signed as it is meant, not normalised and not encoded once more. */
  readonly plainPath: boolean
}

/** When and for what: `20150830T123600Z`, region and service. */
export interface SignedFor {
  readonly date: string
  readonly region: string
  readonly service: string
}

export const AWS_ALGORITHM = 'AWS4-HMAC-SHA256'

/** A time as AWS writes it (ISO 8601 basic, UTC, seconds). @param now milliseconds since the epoch. */
export function awsDate(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

/** `20150830/us-east-1/service/aws4_request`. */
export function credentialScope({ date, region, service }: SignedFor): string {
  return `${date.slice(0, 8)}/${region}/${service}/aws4_request`
}

/** Names of the signed headers: lower case, sorted, each once, joined by `;`. */
export function signedHeaders(headers: ToSign['headers']): string {
  return [...byName(headers).keys()].join(';')
}

/** Step 1: the request in the one form that both sides hash. */
export function canonicalRequest(request: ToSign): string {
  const headers = byName(request.headers)
  return [
    request.method,
    request.plainPath ? plainPath(request.path) : encodedPath(normalised(request.path)),
    canonicalQuery(request.query),
    ...[...headers].map(([name, values]) => `${name}:${values.join(',')}`),
    '',
    [...headers.keys()].join(';'),
    request.payload,
  ].join('\n')
}

/** Steps 2 and 3. */
export function stringToSign(canonical: string, about: SignedFor): string {
  return [AWS_ALGORITHM, about.date, credentialScope(about), sha256Hex(canonical)].join('\n')
}

/** Step 4. @param secret the secret access key. */
export function awsSignature(secret: string, text: string, { date, region, service }: SignedFor): Buffer {
  const key = [date.slice(0, 8), region, service, 'aws4_request'].reduce<Buffer>(
    (before, part) => hmac(before, part),
    Buffer.from(`AWS4${secret}`, 'utf8'),
  )
  return hmac(key, text)
}

/** SHA-256 in lower-case hex. */
export function sha256Hex(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest()
}

/** Values of each header in order, without the blanks around and between their words, by lower-case name, sorted. */
function byName(headers: ToSign['headers']): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    values.set(lower, [...(values.get(lower) ?? []), value.trim().replace(/\s+/g, ' ')])
  }
  return new Map([...values].sort(([a], [b]) => compared(a, b)))
}

/** A raw `+` is a space, as every server of AWS reads it. */
function canonicalQuery(query: string): string {
  return queryPairs(query)
    .map(([name, value]) => [percentEncoded(name), percentEncoded(value)] as const)
    .sort(([a, x], [b, y]) => compared(a, b) || compared(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** By code point: of encoded text, by byte. */
function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function encodedPath(path: string): string {
  return path.split('/').map(percentEncoded).join('/')
}

function plainPath(path: string): string {
  return path
    .split('/')
    .map((segment) => percentEncoded(decoded(segment)))
    .join('/')
}

/** What is not well encoded stands for itself: the service will refuse the call. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** Without dot segments (RFC 3986 section 5.2.4) and empty ones. */
function normalised(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  const endsOpen = /\/(?:\.{0,2})$/.test(path) && kept.length > 0
  return `/${kept.join('/')}${endsOpen ? '/' : ''}`
}
