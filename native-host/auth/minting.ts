import type { Auth, Service } from '../../shared/model/service.ts'
import type { Reason } from '../policy/reason.ts'
import { Problem } from '../problem.ts'
import type { Secrets } from './scheme.ts'

/** Name of a minted token among the secrets of a call. No stored secret has it: names of schemes have no parentheses. */
export const MINTED = '(minted)'
/** Longest token, characters: several times the longest that are about (signed ones with many claims). */
const MAX_TOKEN = 8192

/** What a token server gave. */
export interface Minted {
  readonly token: string
  /** Seconds that it lives from when it was asked for; null: the server did not say. */
  readonly lifetime: number | null
  /** Stored secrets that the server replaced by others, by name. They are stored before the token is used. */
  readonly replaced: ReadonlyMap<string, string>
}

/** What a scheme mints with. */
export interface MintRequest {
  readonly service: Pick<Service, 'baseUrls'>
  readonly secrets: Secrets
  /** The time to sign for, milliseconds since the epoch: the server's own where its clock was found to differ. */
  readonly now: number
  /** `fetch` for the token URL and nothing else; follows no redirect and reads bounded answers. Rejects with a Problem. */
  readonly fetch: (url: string, init: TokenFetch) => Promise<Response>
}

/** What of `RequestInit` a request to a token server is made of. */
export interface TokenFetch {
  readonly method: 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How a scheme comes by the token that it sends in place of its stored secrets. */
export interface Minting<A extends Auth> {
  /**
   * Where tokens are asked for. @throws Problem `credential-unavailable` where the secrets that say so cannot be read.
   */
  tokenUrl(auth: A, service: Pick<Service, 'baseUrls'>, secrets: Secrets): string
  /** True where it signs for a time: asked again once, for the time the server has, where a refusal shows that clocks differ. */
  readonly signsTime: boolean
  /** True where an answer may replace stored secrets, and the server takes those before it no more. */
  readonly rotates: boolean
  /** Ask for a token. @throws Problem `credential-unavailable` with a reason of `policy/reason.ts` that starts with `token-`. */
  mint(auth: A, request: MintRequest): Promise<Minted>
}

/** A token was not to be had. @param reason one of `policy/reason.ts`. @param cause what was in the way of the request. */
export function noToken(reason: Reason, cause?: Problem): Problem {
  return new Problem('credential-unavailable', reason, { cause })
}

/** The token where it can be sent as a header and looked for in responses. @throws Problem `token-malformed`. */
export function usableToken(token: unknown): string {
  // RFC 6750 section 2.1: what a bearer token is made of; others that are about have no more than visible ASCII either.
  if (typeof token !== 'string' || token.length > MAX_TOKEN || !/^[\u0021-\u007e]{8,}$/.test(token))
    throw noToken('token-malformed')
  return token
}
