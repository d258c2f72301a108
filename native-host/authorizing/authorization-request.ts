import { createHash, randomBytes } from 'node:crypto'

/** What one attempt to be authorized is told apart by: two random texts of 256 bits. */
export interface Attempt {
  /** Comes back with the answer, RFC 6749 section 10.12. */
  readonly state: string
  /** Proves to the token server who began, RFC 7636 section 4.1. */
  readonly verifier: string
}

/** A fresh attempt, for one use. */
export function newAttempt(): Attempt {
  return { state: randomBytes(32).toString('base64url'), verifier: randomBytes(32).toString('base64url') }
}

/** The client that asks, as its service is configured. */
export interface Client {
  readonly authorizationUrl: string
  readonly clientId: string
  readonly scope: string | null
}

/**
 * Where the owner is sent to say yes: RFC 6749 section 4.1.1, with a challenge of method S256 (RFC 7636 section 4.3). A query
 * that the address has already stays, such as the `access_type=offline` that some servers want.
 */
export function authorizationAddress(client: Client, attempt: Attempt, redirectUri: string): string {
  const url = new URL(client.authorizationUrl)
  const parameters = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: redirectUri,
    ...(client.scope === null ? {} : { scope: client.scope }),
    state: attempt.state,
    code_challenge: createHash('sha256').update(attempt.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}
