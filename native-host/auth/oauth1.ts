import { randomBytes } from 'node:crypto'
import type { Auth } from '../../shared/model/service.ts'
import { isFormLike } from '../policy/form-content.ts'
import { contentTypeOf } from '../policy/json-content.ts'
import { queryPairs } from '../policy/url-text.ts'
import { Problem } from '../problem.ts'
import { withHeader } from './header-value.ts'
import { authorizationHeader, oauth1Signature, type Parameter, signatureBase } from './oauth1-signature.ts'
import type { Outbound } from './outbound.ts'
import type { Scheme } from './scheme.ts'
import { secretText } from './secret-text.ts'

type OAuth1Auth = Extract<Auth, { kind: 'oauth1' }>

/**
 * OAuth 1.0 (RFC 5849) with the pairs of secrets that a service hands its developers: every call is signed anew, with the
 * parameters of its query and of an urlencoded body, in the `Authorization` header.
 */
export const oauth1: Scheme<OAuth1Auth> = {
  kind: 'oauth1',
  secretNames: (auth) => (auth.accessToken === null ? [auth.secret] : [auth.secret, auth.tokenSecret]),
  fault: () => null,
  flaw(auth) {
    if (!isVisible(auth.consumerKey))
      return 'the consumer key is empty or holds characters that cannot be sent'
    if (auth.accessToken !== null && !isVisible(auth.accessToken))
      return 'the access token is empty or holds characters that cannot be sent'
    return null
  },
  apply(outbound, auth, secrets, { now }) {
    const consumerSecret = secretText(secrets, auth.secret, oauth1.fault)
    const tokenSecret = auth.accessToken === null ? '' : secretText(secrets, auth.tokenSecret, oauth1.fault)
    const own: Parameter[] = [
      ['oauth_consumer_key', auth.consumerKey],
      ['oauth_nonce', randomBytes(16).toString('hex')],
      ['oauth_signature_method', auth.algorithm],
      ['oauth_timestamp', String(Math.floor(now / 1000))],
      ...(auth.accessToken === null ? [] : [['oauth_token', auth.accessToken] as const]),
      ['oauth_version', '1.0'],
    ]
    const base = signatureBase(outbound.method, outbound.url, [...parametersOf(outbound), ...own])
    const signature = oauth1Signature(base, consumerSecret, tokenSecret, auth.algorithm)
    const header = authorizationHeader([...own, ['oauth_signature', signature.toString('base64')]])
    return {
      outbound: withHeader(outbound, 'authorization', header),
      derived: [{ bytes: signature, pieces: false }],
    }
  },
}

function isVisible(text: string): boolean {
  return /^[\x21-\x7e]{1,500}$/.test(text)
}

/** Section 3.4.1.3.1: of the query, and of the body where it is an urlencoded form. */
function parametersOf({ url, headers, body }: Outbound): Parameter[] {
  const mark = url.indexOf('?')
  const query = mark === -1 ? [] : queryPairs(url.slice(mark))
  if (!isFormLike(contentTypeOf(headers)) || body === null) return query
  if (!(body instanceof Uint8Array)) throw new Problem('internal', 'body-not-held')
  return [...query, ...queryPairs(Buffer.from(body).toString('utf8'))]
}
