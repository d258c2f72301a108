import { createPublicKey, type KeyObject } from 'node:crypto'
import { type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'

/** What an assertion says, or why it is not taken. */
export type Checked =
  | { claims: JWTPayload; header: { alg: string; kid?: string | undefined } }
  | { fault: string }

/** Verify a signed JWT as a careful server does, `ahead` milliseconds by its own clock. @param pem the private key's owner. */
export async function checkAssertion(
  jwt: string,
  key: KeyObject,
  expected: JWTVerifyOptions,
  ahead: number,
): Promise<Checked> {
  const now = new Date(Date.now() + ahead)
  try {
    const { payload, protectedHeader } = await jwtVerify(jwt, createPublicKey(key), {
      requiredClaims: ['iss', 'iat', 'exp'],
      ...expected,
      currentDate: now,
    })
    const { alg, kid } = protectedHeader
    if ((payload.iat ?? 0) > now.getTime() / 1000 + 5) return { fault: 'from the future' }
    return { claims: payload, header: { alg, kid } }
  } catch (error) {
    return { fault: String(error) }
  }
}
