import { constants, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import {
  checkServerIdentity,
  createSecureContext,
  type PeerCertificate,
  rootCertificates,
  type SecureContext,
} from 'node:tls'
import type { Service } from '../../shared/model/service.ts'
import type { ClientCertificate } from '../auth/client-certificate.ts'

/** How the server of a service proves itself: what undici hands to `tls.connect`. */
export interface Trust {
  readonly secureContext: SecureContext
  readonly checkServerIdentity: typeof checkServerIdentity
  readonly rejectUnauthorized: true
}

/** Parsing the public authorities takes some milliseconds; they are the same for every service without its own. */
let publicContext: SecureContext | null = null

/**
 * Whom a service believes: the public authorities that come with the runtime (Mozilla's list), or only those the owner
 * pinned for it. TLS 1.2 or newer (RFC 8996), a chain that verifies, and a certificate that names the host.
 *
 * Revocation is not asked about: neither OCSP nor lists are fetched.
 *
 * @param client what we prove ourselves with, where the server asks for it.
 */
export function trustOf(service: Pick<Service, 'ca'>, client?: ClientCertificate): Trust {
  // SECURITY: said aloud, so that no environment variable decides it (NODE_TLS_REJECT_UNAUTHORIZED).
  return {
    secureContext: contextOf(service.ca, client),
    checkServerIdentity: identityFault,
    rejectUnauthorized: true,
  }
}

function contextOf(pinned: string | null, client?: ClientCertificate): SecureContext {
  if (client !== undefined) return contextWith(pinned === null ? [...rootCertificates] : [pinned], client)
  if (pinned !== null) return contextWith([pinned])
  publicContext ??= contextWith([...rootCertificates])
  return publicContext
}

function contextWith(ca: string[], client?: ClientCertificate): SecureContext {
  // SECURITY: a list given replaces the runtime's own, and with it whatever NODE_EXTRA_CA_CERTS, SSL_CERT_FILE,
  // --use-system-ca and --use-openssl-ca would add to it.
  return createSecureContext({
    ca,
    ...(client === undefined ? {} : { cert: client.cert, key: client.key }),
    minVersion: 'TLSv1.2',
    // The runtime's own list and, against weak keys and SHA-1, OpenSSL's level 2 (112 bits), whatever its options say.
    ciphers: `${constants.defaultCoreCipherList}:@SECLEVEL=2`,
    // What the owner pinned is where a chain may end, be it a root, an intermediate or the server's own certificate.
    allowPartialTrustChain: true,
  })
}

/**
 * Undefined where the certificate names the host among its alternative names; a name in them may begin with `*.` and
 * hold no other wildcard.
 *
 * SECURITY: as RFC 9525 section 6.3 and browsers have it. Node alone would also take the common name where there are
 * no alternative names, and `a*.example.com`.
 */
function identityFault(host: string, certificate: PeerCertificate): Error | undefined {
  const nameless = { ...certificate, subject: { ...certificate.subject, CN: '' } }
  return checkServerIdentity(host, nameless) ?? (isNamed(host, certificate.raw) ? undefined : new WrongHost())
}

function isNamed(host: string, raw: Buffer): boolean {
  const certificate = new X509Certificate(raw)
  if (isIP(host) !== 0) return certificate.checkIP(host) !== undefined
  return certificate.checkHost(host, { subject: 'never', partialWildcards: false }) !== undefined
}

class WrongHost extends Error {
  /** Node's own, for the same thing. */
  readonly code = 'ERR_TLS_CERT_ALTNAME_INVALID'
}
