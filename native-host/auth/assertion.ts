import type { KeyObject } from 'node:crypto'
import type { JWTPayload } from 'jose'
import type { SigningAlgorithm } from '../../shared/model/auth.ts'
import { noToken } from './minting.ts'
import type { Secrets } from './scheme.ts'
import { secretText } from './secret-text.ts'
import { privateKeyOf, signingFault } from './signing-key.ts'

/** An assertion is dated back so far, seconds: a server whose clock is a little behind takes it all the same. */
const BACK = 30

/** Seconds since the epoch that an assertion made now begins with. @param now milliseconds since the epoch. */
export function issuedAt(now: number): number {
  return Math.floor(now / 1000) - BACK
}

/** The key that a stored secret holds. @throws Problem `internal` where it is missing or cannot sign so. */
export function signingKey(secrets: Secrets, name: string, algorithm: SigningAlgorithm): KeyObject {
  const pem = secretText(secrets, name, (text) => signingFault(text, algorithm))
  const key = privateKeyOf(pem)
  if (key === null) throw noToken('token-malformed')
  return key
}

/** A signed JWT (RFC 7519) in its compact form. */
export async function assertion(
  key: KeyObject,
  header: { alg: SigningAlgorithm; kid?: string },
  claims: JWTPayload,
): Promise<string> {
  // Loaded where somebody signs: a host that never does starts without it.
  const { SignJWT } = await import('jose')
  return new SignJWT(claims).setProtectedHeader({ ...header, typ: 'JWT' }).sign(key)
}
