import { timingSafeEqual } from 'node:crypto'

/** What the browser brought back from the authorization server. */
export type Callback = { readonly code: string } | { readonly fault: CallbackFault }

/** Why it brought no code, in words of our own: what a server writes for people may be anybody's. */
export const CALLBACK_FAULTS = {
  'access-denied': 'the authorization was refused where it was asked for',
  'invalid-scope': 'the authorization server does not know the scope: see `--set scope=`',
  'not-for-client':
    'the authorization server does not do this for the client: see its id, and whether it lets an installed program sign in',
  'server-error': 'the authorization server has a fault of its own or takes no more requests for now',
  refused: 'the authorization server refused the request',
  'other-issuer': 'another server than the one that was asked has answered: nothing was sent to it',
  malformed: 'the answer of the authorization server cannot be read in one way',
} as const
export type CallbackFault = keyof typeof CALLBACK_FAULTS

/** RFC 6749 section 4.1.2.1. */
const ERRORS: Readonly<Record<string, CallbackFault>> = {
  access_denied: 'access-denied',
  invalid_scope: 'invalid-scope',
  unauthorized_client: 'not-for-client',
  unsupported_response_type: 'not-for-client',
  invalid_request: 'refused',
  server_error: 'server-error',
  temporarily_unavailable: 'server-error',
}

/** Longest code, characters: RFC 6749 leaves it open; the longest that are about have some two thousand. */
const MAX_CODE = 4096

/** Of whom an answer must be. */
export interface Expected {
  readonly state: string
  /** As the owner named it; null: nobody said. */
  readonly issuer: string | null
  readonly authorizationUrl: string
}

/** Read an answer's query; null where it is not one to this attempt. */
export function readCallback(query: URLSearchParams, expected: Expected): Callback | null {
  // SECURITY: first of all: an answer that somebody else began must not be looked at.
  if (!isState(query.getAll('state'), expected.state)) return null
  const [codes, errors, issuers] = ['code', 'error', 'iss'].map((name) => query.getAll(name))
  if (!isIssuer(issuers ?? [], expected)) return { fault: 'other-issuer' }
  const [code, ...moreCodes] = codes ?? []
  const [error, ...moreErrors] = errors ?? []
  if (moreCodes.length + moreErrors.length > 0 || (code !== undefined && error !== undefined))
    return { fault: 'malformed' }
  if (error !== undefined)
    return { fault: (Object.hasOwn(ERRORS, error) ? ERRORS[error] : undefined) ?? 'refused' }
  // RFC 6749 appendix A.11: visible characters.
  if (code === undefined || code.length > MAX_CODE || !/^[\u0020-\u007e]+$/.test(code))
    return { fault: 'malformed' }
  return { code }
}

function isState([state, ...more]: readonly string[], expected: string): boolean {
  if (state === undefined || more.length > 0) return false
  const [given, wanted] = [Buffer.from(state), Buffer.from(expected)]
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/**
 * RFC 9207 section 2.4: an answer must name the issuer that was asked. Where the owner named none, one that is named must at
 * least live where the request went.
 */
function isIssuer([named, ...more]: readonly string[], { issuer, authorizationUrl }: Expected): boolean {
  if (more.length > 0) return false
  if (issuer !== null) return named === issuer
  return named === undefined || URL.parse(named)?.origin === new URL(authorizationUrl).origin
}
