import type { Auth } from '../../shared/model/service.ts'
import { awsScopeOf } from './aws-scope.ts'
import type { HeaderFate } from './headers.ts'
import { signsBody } from './hmac-template.ts'

/** Where a scheme writes, so that whatever a page put there is taken out before. */
export interface Places {
  /** Lower-case names, each in every call of the scheme exactly once. */
  readonly headers: readonly string[]
  /** Lower-case names that a call may have or not, and never from the page. */
  readonly furtherHeaders: readonly string[]
  readonly query: readonly string[]
  /** RFC 6901 pointers. */
  readonly jsonFields: readonly string[]
  /** Names of fields of a form. */
  readonly formFields: readonly string[]
}

const NOWHERE: Places = { headers: [], furtherHeaders: [], query: [], jsonFields: [], formFields: [] }

/** Where a signature of AWS may be, in either style: a page's SDK writes both, with the placeholder for a key. */
const AWS_QUERY = [
  'X-Amz-Algorithm',
  'X-Amz-Content-Sha256',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-Security-Token',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
]
const AWS_HEADERS: Places = {
  ...NOWHERE,
  headers: ['authorization', 'x-amz-date', 'x-amz-content-sha256'],
  furtherHeaders: ['x-amz-security-token'],
  query: AWS_QUERY,
}
const AWS_ADDRESS: Places = {
  ...NOWHERE,
  furtherHeaders: ['authorization', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token'],
  query: AWS_QUERY,
}

/** What a signature of RFC 5849 may be told with, in the address or in a form (section 3.5). */
const OAUTH1 = [
  'oauth_body_hash',
  'oauth_consumer_key',
  'oauth_nonce',
  'oauth_signature',
  'oauth_signature_method',
  'oauth_timestamp',
  'oauth_token',
  'oauth_version',
]

/** Headers that speak of the body alone, which SDKs of AWS send with it. */
const AWS_BODY =
  /^(?:content-md5|x-amz-(?:decoded-content-length|trailer|checksum-[a-z0-9]{1,16}|sdk-checksum-algorithm))$/

/** Part of what is asked; at Bedrock also under which guardrail. */
const AWS_OPERATION = /^x-amz(?:-|n-bedrock-guardrail)/
/** Says who asks, not what is asked. `x-amz-security-token` is the page's own credential. */
const AWS_ABOUT_CLIENT = new Set(['x-amz-user-agent', 'x-amz-security-token'])

/** The places of a scheme. Of `path` none: what it adds is cut off by `withoutPathSecret`. */
export function placesOf(auth: Auth): Places {
  switch (auth.kind) {
    case 'none':
    case 'mtls':
    case 'path':
      return NOWHERE
    case 'bearer':
    case 'basic':
    case 'oauth2-client-credentials':
    case 'oauth2-refresh':
    case 'jwt-bearer':
    case 'github-app':
    case 'google-service-account':
      return { ...NOWHERE, headers: ['authorization'] }
    case 'header':
      return { ...NOWHERE, headers: auth.headers.map(({ name }) => name.toLowerCase()) }
    case 'cookie':
      return { ...NOWHERE, headers: ['cookie'] }
    case 'query':
      return { ...NOWHERE, query: [auth.param] }
    case 'json-field':
      return { ...NOWHERE, jsonFields: [auth.pointer] }
    case 'sigv4':
      return auth.style === 'header' ? AWS_HEADERS : AWS_ADDRESS
    case 'oauth1':
      return { ...NOWHERE, headers: ['authorization'], query: OAUTH1, formFields: OAUTH1 }
    case 'hmac':
      return {
        ...NOWHERE,
        headers: auth.headers.map(({ name }) => name.toLowerCase()),
        query: auth.query.map(({ name }) => name),
      }
    case 'form-field':
      return { ...NOWHERE, formFields: [auth.field] }
  }
}

/** True where the scheme reads or writes the body, so that it must be held whole. @param host of the address, see `awsScopeOf`. */
export function readsBody(auth: Auth, host: string): boolean {
  if (auth.kind === 'sigv4') return awsScopeOf(auth, host)?.isS3 !== true
  if (auth.kind === 'hmac') return signsBody(auth)
  return auth.kind === 'json-field' || auth.kind === 'form-field'
}

/**
 * What a scheme says of a header that a page sent. At AWS, checksums and that a body comes in chunks pass; and whatever else
 * begins with `x-amz-`, and Bedrock's guardrail, is part of what is asked, so that it passes by the service's list or the call
 * does not: without `x-amz-copy-source` a copy would be an empty upload over what is there, and a model would answer unguarded.
 *
 * @param name lower case. @returns null: nothing.
 */
export function headerFate(auth: Auth, name: string, value: string): HeaderFate | null {
  if (auth.kind !== 'sigv4') return null
  const comesInChunks = name === 'x-amz-content-sha256' && value.startsWith('STREAMING-')
  if (AWS_BODY.test(name) || comesInChunks) return 'pass'
  return AWS_OPERATION.test(name) && !AWS_ABOUT_CLIENT.has(name) ? 'refuse' : null
}
