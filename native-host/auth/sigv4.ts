import type { Auth } from '../../shared/model/service.ts'
import { type AwsScope, awsScopeOf } from '../policy/aws-scope.ts'
import { Problem } from '../problem.ts'
import {
  AWS_ALGORITHM,
  awsDate,
  awsSignature,
  canonicalRequest,
  credentialScope,
  type SignedFor,
  sha256Hex,
  signedHeaders,
  stringToSign,
  type ToSign,
} from './aws-signature.ts'
import { headerFault } from './header-value.ts'
import type { Outbound } from './outbound.ts'
import { percentEncoded } from './percent-encoded.ts'
import type { Injection, Scheme } from './scheme.ts'
import { secretText } from './secret-text.ts'

type SigV4Auth = Extract<Auth, { kind: 'sigv4' }>
type Headers = Outbound['headers']

/** How long a signature in the address is good, seconds: it is used at once. */
const EXPIRES = 300
/** Not signed: those that the connection sets itself or that proxies rewrite. */
const UNSIGNED = new Set([
  'accept-encoding',
  'content-length',
  'transfer-encoding',
  'user-agent',
  'x-amzn-trace-id',
])
const PAYLOAD = 'x-amz-content-sha256'
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'
/** The body is in chunks with a checksum behind them, none of it signed: what SDKs send of a stream. */
const CHUNKED_PAYLOAD = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

/** AWS Signature Version 4, over every header that leaves and, where the body is held, over the body. */
export const sigv4: Scheme<SigV4Auth> = {
  kind: 'sigv4',
  secretNames: (auth) => [auth.secret],
  fault: headerFault,
  flaw,
  apply(outbound, auth, secrets, { now }) {
    const scope = awsScopeOf(auth, new URL(outbound.url).host)
    // Not before it was checked at save time: a base URL that says nothing of its region is refused there.
    if (scope === null) throw new Problem('internal', 'region-unknown')
    const about = { ...scope, date: awsDate(now) }
    const token = secrets.has(auth.sessionToken) ? secretText(secrets, auth.sessionToken, headerFault) : null
    const secret = secretText(secrets, auth.secret, headerFault)
    const payload = payloadOf(outbound, scope)
    return auth.style === 'query'
      ? inAddress(withPayload(outbound, payload, false), auth, secret, token, about, payload)
      : inHeaders(withPayload(outbound, payload, true), auth, secret, token, about, payload)
  },
}

function flaw(auth: SigV4Auth, { baseUrls }: { readonly baseUrls: readonly string[] }): string | null {
  if (!/^[\w.:+@-]{1,128}$/.test(auth.accessKeyId)) return 'the access key id has characters that none has'
  for (const [name, value] of [
    ['region', auth.region],
    ['AWS service', auth.awsService],
  ] as const)
    if (value !== null && !/^[a-z0-9-]{1,64}$/.test(value))
      return `\`${value}\` is no ${name}: write it as in \`us-east-1\`, \`s3\``
  const unknown = baseUrls
    .map((url) => URL.parse(url)?.host ?? '')
    .find((host) => awsScopeOf(auth, host) === null)
  return unknown === undefined
    ? null
    : `neither region nor service can be told from \`${unknown}\`: say them, as in \`region=us-east-1\` and \`aws-service=s3\``
}

/** What is signed for the body. @throws Problem `malformed` where the page signed pieces of it with a key it has not. */
function payloadOf({ headers, body }: Outbound, { isS3 }: AwsScope): string {
  const said = headers.find(([name]) => name === PAYLOAD)?.[1]
  if (said === CHUNKED_PAYLOAD) return said
  // SECURITY: sent as it is, with the signatures between its pieces, the service would store those as content.
  if (said?.startsWith('STREAMING-')) throw new Problem('malformed', 'body-signed-in-pieces')
  if (body === null) return sha256Hex('')
  if (body instanceof Uint8Array) return sha256Hex(body)
  if (!isS3) throw new Problem('internal', 'body-not-held')
  return UNSIGNED_PAYLOAD
}

function withPayload(outbound: Outbound, payload: string, inHeader: boolean): Outbound {
  const isChunked = payload === CHUNKED_PAYLOAD
  const own: [string, string][] = inHeader || isChunked ? [[PAYLOAD, payload]] : []
  // What the page said of its chunks is not taken from it, because the same header could say that the body is compressed.
  if (isChunked) own.push(['content-encoding', 'aws-chunked'])
  const headers = outbound.headers.filter(
    ([name]) => name !== PAYLOAD && !(isChunked && name === 'content-encoding'),
  )
  return { ...outbound, headers: [...headers, ...own] }
}

function inHeaders(
  outbound: Outbound,
  auth: SigV4Auth,
  secret: string,
  token: string | null,
  about: SignedFor & AwsScope,
  payload: string,
): Injection {
  const own: [string, string][] = [['x-amz-date', about.date]]
  if (token !== null) own.push(['x-amz-security-token', token])
  const headers = [...outbound.headers, ...own]
  const request = toSign({ ...outbound, headers }, about, payload)
  const signature = signed(request, secret, about)
  const authorization = [
    `${AWS_ALGORITHM} Credential=${auth.accessKeyId}/${credentialScope(about)}`,
    `SignedHeaders=${signedHeaders(request.headers)}`,
    `Signature=${signature.toString('hex')}`,
  ].join(', ')
  return {
    outbound: { ...outbound, headers: [...headers, ['authorization', authorization]] },
    derived: [{ bytes: signature, pieces: false }],
  }
}

function inAddress(
  outbound: Outbound,
  auth: SigV4Auth,
  secret: string,
  token: string | null,
  about: SignedFor & AwsScope,
  payload: string,
): Injection {
  const names = signedHeaders(toSign(outbound, about, payload).headers)
  const pairs: [string, string][] = [
    ['X-Amz-Algorithm', AWS_ALGORITHM],
    ['X-Amz-Credential', `${auth.accessKeyId}/${credentialScope(about)}`],
    ['X-Amz-Date', about.date],
    ['X-Amz-SignedHeaders', names],
    ['X-Amz-Expires', String(EXPIRES)],
    ...(token === null ? [] : [['X-Amz-Security-Token', token] as [string, string]]),
  ]
  const url = withPairs(outbound.url, pairs)
  // A presigned address of S3 never speaks of the body (Amazon S3 API reference, authenticating requests: query parameters).
  const spoken = about.isS3 && payload !== CHUNKED_PAYLOAD ? UNSIGNED_PAYLOAD : payload
  const signature = signed(toSign({ ...outbound, url }, about, spoken), secret, about)
  return {
    outbound: { ...outbound, url: withPairs(url, [['X-Amz-Signature', signature.toString('hex')]]) },
    derived: [{ bytes: signature, pieces: false }],
  }
}

function signed(request: ToSign, secret: string, about: SignedFor): Buffer {
  return awsSignature(secret, stringToSign(canonicalRequest(request), about), about)
}

function toSign(outbound: Outbound, { isS3 }: AwsScope, payload: string): ToSign {
  const { host, origin } = new URL(outbound.url)
  const target = outbound.url.slice(origin.length)
  const mark = target.indexOf('?')
  const headers: Headers = [['host', host], ...outbound.headers.filter(([name]) => !UNSIGNED.has(name))]
  return {
    method: outbound.method,
    path: mark === -1 ? target : target.slice(0, mark),
    query: mark === -1 ? '' : target.slice(mark + 1),
    headers,
    payload,
    plainPath: isS3,
  }
}

function withPairs(url: string, pairs: readonly (readonly [string, string])[]): string {
  const text = pairs.map(([name, value]) => `${name}=${percentEncoded(value)}`).join('&')
  const glue = !url.includes('?') ? '?' : url.endsWith('?') || url.endsWith('&') ? '' : '&'
  return url + glue + text
}
