import type { Auth } from '../../shared/model/service.ts'
import { Problem } from '../problem.ts'
import type { Scheme } from './scheme.ts'
import { secretText } from './secret-text.ts'

type QueryAuth = Extract<Auth, { kind: 'query' }>

/** A parameter of the URL, such as `?key=…`, appended; the URL before it stays as it was, byte for byte. */
export const query: Scheme<QueryAuth> = {
  kind: 'query',
  secretNames: (auth) => [auth.secret],
  places: (auth) => ({ headers: [], query: [auth.param], jsonFields: [] }),
  fault: () => null,
  apply(outbound, auth, secrets) {
    const secret = secretText(secrets, auth.secret, query.fault)
    // SECURITY: with the page's own parameter still there the service might read that one, or log both.
    if (new URL(outbound.url).searchParams.has(auth.param)) throw new Problem('internal', 'parameter-twice')
    return { outbound: { ...outbound, url: appended(outbound.url, auth.param, secret) }, derived: [] }
  },
}

function appended(url: string, param: string, secret: string): string {
  // A fragment is never sent; a parameter behind one would not be either.
  if (url.includes('#')) throw new Problem('internal', 'url-with-fragment')
  const glue = !url.includes('?') ? '?' : url.endsWith('?') || url.endsWith('&') ? '' : '&'
  return `${url}${glue}${percentEncoded(param)}=${percentEncoded(secret)}`
}

// RFC 3986 section 2.3: everything but unreserved characters. encodeURIComponent leaves five more as they are.
function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
