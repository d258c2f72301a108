import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** A key pair the verifier knows, and for what it is asked. */
export interface AwsKeys {
  accessKeyId: string
  secret: string
  /** Null: a call with a session token is refused. */
  sessionToken: string | null
  region: string
  service: string
}

/** AWS refuses what was signed longer ago, or is to come, ms. */
const SKEW = 15 * 60_000

/**
 * The service's side of AWS Signature Version 4, written from AWS's documentation ("Elements of an API request signature",
 * "Signature calculations") apart from the product: byte by byte, from what arrived.
 *
 * @returns AWS's own error code; null where all is well.
 */
export function awsFault(
  request: IncomingMessage,
  body: Buffer,
  keys: AwsKeys,
  now = Date.now(),
): string | null {
  const target = request.url ?? ''
  const [path = '', search = ''] = target.split(/\?(.*)/s, 2)
  const pairs = search.split('&').filter((pair) => pair !== '')
  const named = (name: string) => {
    const found = pairs.filter((pair) => pair.startsWith(`${name}=`))
    return found.length === 1 ? decodeURIComponent(found[0]?.slice(name.length + 1) ?? '') : null
  }
  const inAddress = named('X-Amz-Signature') !== null
  const header = (name: string) => (request.headersDistinct[name] ?? []).join(',')
  const said = inAddress
    ? {
        credential: named('X-Amz-Credential') ?? '',
        names: named('X-Amz-SignedHeaders') ?? '',
        signature: named('X-Amz-Signature') ?? '',
        date: named('X-Amz-Date') ?? '',
        token: named('X-Amz-Security-Token'),
      }
    : {
        ...fromHeader(header('authorization')),
        date: header('x-amz-date'),
        token: header('x-amz-security-token') || null,
      }
  if (inAddress && header('authorization') !== '') return 'InvalidArgument'
  const [id, day, region, service, end] = said.credential.split('/')
  if (id !== keys.accessKeyId) return 'InvalidAccessKeyId'
  if (region !== keys.region || service !== keys.service || end !== 'aws4_request')
    return 'AuthorizationHeaderMalformed'
  if (said.token !== keys.sessionToken) return 'InvalidToken'
  const at = Date.parse(said.date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(Math.abs(at - now) <= SKEW) || !said.date.startsWith(day ?? '-')) return 'RequestTimeTooSkewed'
  const names = said.names.split(';')
  const mustSign = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-') || name === 'host')
  if (mustSign.some((name) => !names.includes(name)) || names.join() !== names.toSorted().join())
    return 'AccessDenied'
  const isS3 = keys.service === 's3'
  const payload = payloadOf(header('x-amz-content-sha256'), body, isS3, inAddress)
  if (payload === null) return 'XAmzContentSHA256Mismatch'
  const canonical = [
    request.method,
    path
      .split('/')
      .map((segment) => encoded(isS3 ? bytesOf(segment) : Buffer.from(segment)))
      .join('/'),
    pairs
      .filter((pair) => !pair.startsWith('X-Amz-Signature='))
      .map(canonicalPair)
      .sort()
      .join('&')
      .replaceAll('\0', '='),
    ...names.map((name) => `${name}:${header(name).trim().replace(/ +/g, ' ')}`),
    '',
    said.names,
    payload,
  ].join('\n')
  const text = [
    'AWS4-HMAC-SHA256',
    said.date,
    `${day}/${region}/${service}/aws4_request`,
    hash(canonical),
  ].join('\n')
  const key = [day ?? '', keys.region, keys.service, 'aws4_request'].reduce<string | Buffer>(
    (before, part) => createHmac('sha256', before).update(part).digest(),
    `AWS4${keys.secret}`,
  )
  const right = createHmac('sha256', key).update(text).digest()
  const given = Buffer.from(said.signature, 'hex')
  return given.length === right.length && timingSafeEqual(given, right) ? null : 'SignatureDoesNotMatch'
}

function fromHeader(text: string) {
  const [, credential = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(text) ??
    []
  return { credential, names, signature }
}

/** What must have been signed for the body; null where it is not the body that came. */
function payloadOf(said: string, body: Buffer, isS3: boolean, inAddress: boolean): string | null {
  if (said === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') return said
  if (isS3 && inAddress) return 'UNSIGNED-PAYLOAD'
  if (isS3 && said === 'UNSIGNED-PAYLOAD') return said
  const own = hash(body)
  return said === own || (said === '' && !isS3) ? own : null
}

function hash(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Name and value decoded (`+` is a space) and encoded again, with a NUL between them, which sorts before every other byte. */
function canonicalPair(pair: string): string {
  const at = pair.indexOf('=')
  const halves = at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
  return halves.map((half) => encoded(bytesOf(half.replaceAll('+', ' ')))).join('\0')
}

function bytesOf(text: string): Buffer {
  return Buffer.from(
    text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}

function encoded(bytes: Buffer): string {
  return [...bytes]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[A-Za-z0-9\-._~]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}
