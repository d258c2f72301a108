import { Problem } from '../problem.ts'

/** Causes the owner can act on, by the code that Node, OpenSSL or undici gives them. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  UND_ERR_SOCKET: 'closed',
  UND_ERR_CLOSED: 'closed',
  UND_ERR_DESTROYED: 'closed',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EACCES: 'no-route',
  CERT_HAS_EXPIRED: 'tls-expired',
  CERT_NOT_YET_VALID: 'tls-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-wrong-host',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-untrusted',
  CERT_SIGNATURE_FAILURE: 'tls-untrusted',
  CERT_REVOKED: 'tls-revoked',
  CERT_UNTRUSTED: 'tls-untrusted',
  CERT_REJECTED: 'tls-untrusted',
  CERT_CHAIN_TOO_LONG: 'tls-untrusted',
  PATH_LENGTH_EXCEEDED: 'tls-untrusted',
  INVALID_CA: 'tls-untrusted',
  // What OpenSSL finds and Node has no name for: a weak key or digest, a name its authority may not sign.
  UNSPECIFIED: 'tls-untrusted',
  INVALID_PURPOSE: 'tls-wrong-purpose',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'tls-too-old',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls-too-old',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'client-certificate-refused',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'client-certificate-refused',

  EPROTO: 'tls',
  UND_ERR_HEADERS_OVERFLOW: 'headers-too-large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'truncated',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'request-length',
  UND_ERR_INVALID_ARG: 'request-unsendable',
}
const TIMEOUTS: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  ETIMEDOUT: 'connect-timeout',
  UND_ERR_HEADERS_TIMEOUT: 'headers-timeout',
  UND_ERR_BODY_TIMEOUT: 'idle-timeout',
}

/**
 * The problem a failed exchange is. The error itself is not kept: its message may name the URL, and with it a
 * credential in the query.
 *
 * @returns `upstream-timeout` or `upstream-unreachable`; a Problem thrown on the way (by the address guard, or by the
 *   page's body) as it is.
 */
export function failureOf(error: unknown): Problem {
  for (const cause of causesOf(error)) {
    if (cause instanceof Problem) return cause
    const code = codeOf(cause)
    if (TIMEOUTS[code] !== undefined) return new Problem('upstream-timeout', TIMEOUTS[code])
    if (code !== 'UND_ERR_SOCKET' && UNREACHABLE[code] !== undefined) return unreachable(UNREACHABLE[code])
    if (/^(ERR_TLS|ERR_SSL|CERT_|UNABLE_)/.test(code)) return unreachable('tls')
    if (cause instanceof Error && cause.name === 'HTTPParserError') return unreachable('response-malformed')
  }
  return unreachable(UNREACHABLE[codeOf(error)] ?? 'failed')
}

/** The error, what caused it, and the members of an aggregate, outermost first; bounded. */
function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [error]
  for (let at = 0; at < causes.length && causes.length < 20; at++) {
    const cause = causes[at]
    if (cause instanceof AggregateError) causes.push(...cause.errors)
    if (cause instanceof Error && cause.cause !== undefined) causes.push(cause.cause)
  }
  return causes
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function unreachable(reason: string): Problem {
  return new Problem('upstream-unreachable', reason)
}
