import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { SigningAlgorithm } from '../../shared/model/auth.ts'

/** Shortest RSA key that may sign, bits (RFC 7518 section 3.3). */
const RSA_BITS = 2048
/** Curves of the ECDSA algorithms (RFC 7518 section 3.4), as OpenSSL calls them. */
const CURVES: Readonly<Record<string, string>> = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
}

/** The private key of a PEM text (PKCS #1, SEC 1 or PKCS #8), or null. @param passphrase of one that is encrypted. */
export function privateKeyOf(pem: string, passphrase?: string): KeyObject | null {
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) })
  } catch {
    return null
  }
}

/** What keeps a text from being a key that signs with an algorithm, as the end of a sentence; null: nothing. */
export function signingFault(pem: string, algorithm: SigningAlgorithm): string | null {
  const key = privateKeyOf(pem)
  if (key === null) {
    if (/-----BEGIN (?:RSA |EC )?PUBLIC KEY-----|-----BEGIN CERTIFICATE-----/.test(pem))
      return 'is a public key or certificate: the private key is needed'
    return /ENCRYPTED/.test(pem)
      ? 'is an encrypted private key: give it without its passphrase'
      : 'is no private key in PEM form (`-----BEGIN PRIVATE KEY-----`)'
  }
  return kindFault(key, algorithm)
}

function kindFault(key: KeyObject, algorithm: SigningAlgorithm): string | null {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {}
  const kind = key.asymmetricKeyType
  if (algorithm === 'EdDSA') return kind === 'ed25519' ? null : 'is no Ed25519 key, which `EdDSA` needs'
  if (algorithm.startsWith('ES'))
    return kind === 'ec' && namedCurve === CURVES[algorithm]
      ? null
      : `is no key on the curve of \`${algorithm}\``
  if (kind !== 'rsa') return `is no RSA key, which \`${algorithm}\` needs`
  return modulusLength >= RSA_BITS ? null : `is an RSA key of fewer than ${RSA_BITS} bits`
}
