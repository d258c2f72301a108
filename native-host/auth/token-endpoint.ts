import * as oauth from 'oauth4webapi'
import type { Reason } from '../policy/reason.ts'
import { Problem } from '../problem.ts'
import { type Minted, type MintRequest, noToken, usableToken } from './minting.ts'

/** One request to a token endpoint (RFC 6749 section 3.2). */
export interface TokenGrant {
  readonly tokenUrl: string
  readonly clientId: string
  readonly client: oauth.ClientAuth
  readonly grantType: string
  readonly parameters: Readonly<Record<string, string>>
}

/** Errors of RFC 6749 section 5.2, and what the owner is told. */
const ERRORS: Readonly<Record<string, Reason>> = {
  invalid_client: 'token-invalid-client',
  invalid_grant: 'token-invalid-grant',
  invalid_scope: 'token-invalid-scope',
  invalid_request: 'token-invalid-request',
  unauthorized_client: 'token-not-for-client',
  unsupported_grant_type: 'token-not-for-client',
}

/**
 * Ask a token endpoint for a token and read its answer as strictly as RFC 6749 section 5.1 has it.
 *
 * @returns the token, and the refresh token that came with it or null.
 * @throws Problem `credential-unavailable`.
 */
export async function askTokenEndpoint(
  grant: TokenGrant,
  request: MintRequest,
): Promise<{ minted: Minted; refreshToken: string | null }> {
  const server = { issuer: new URL(grant.tokenUrl).origin, token_endpoint: grant.tokenUrl }
  const client = { client_id: grant.clientId }
  try {
    const response = await oauth.genericTokenEndpointRequest(
      server,
      client,
      grant.client,
      grant.grantType,
      { ...grant.parameters },
      {
        [oauth.customFetch]: (url, { body, headers }) =>
          request.fetch(url, { method: 'POST', headers, body: body.toString() }),
        // Whether a token URL may be unencrypted is asked when the service is saved and again when it is connected to.
        [oauth.allowInsecureRequests]: true,
      },
    )
    const answer = await oauth.processGenericTokenEndpointResponse(server, client, response)
    const minted = {
      token: usableToken(answer.access_token),
      lifetime: answer.expires_in ?? null,
      replaced: new Map(),
    }
    return { minted, refreshToken: answer.refresh_token ?? null }
  } catch (failure) {
    throw refusalOf(failure)
  }
}

// SECURITY: of what the server or the library says only words of our own go on; a message may quote what was sent.
function refusalOf(failure: unknown): Problem {
  if (failure instanceof Problem) return failure
  if (failure instanceof oauth.ResponseBodyError)
    return noToken(
      (Object.hasOwn(ERRORS, failure.error) ? ERRORS[failure.error] : undefined) ?? 'token-refused',
    )
  if (failure instanceof oauth.WWWAuthenticateChallengeError) return noToken('token-invalid-client')
  return noToken('token-malformed')
}
