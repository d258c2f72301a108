import * as z from 'zod/mini'
import type { Auth, Service } from '../../shared/model/service.ts'
import type { Reason } from '../policy/reason.ts'
import { assertion, issuedAt, signingKey } from './assertion.ts'
import { mintedBearer } from './minted-bearer.ts'
import { type MintRequest, noToken, usableToken } from './minting.ts'
import type { Scheme } from './scheme.ts'
import { storedText } from './secret-text.ts'
import { signingFault } from './signing-key.ts'

type GithubApp = Extract<Auth, { kind: 'github-app' }>

/**
 * How long the app's own JWT is good, seconds. GitHub takes none that ends more than ten minutes from now
 * (docs.github.com, "Generating a JSON Web Token (JWT) for a GitHub App").
 */
const LIFE = 540
/** What an installation token lives, seconds (same source: an hour), where the answer cannot be read. */
const HOUR = 3600

const AnswerSchema = z.object({ token: z.string(), expires_at: z.optional(z.string()) })

/** What the statuses mean in which GitHub gives no installation token. */
const REFUSALS: Readonly<Record<number, Reason>> = {
  401: 'token-invalid-client',
  403: 'token-not-for-client',
  404: 'token-not-for-client',
  422: 'token-invalid-request',
}

/** An installation token of a GitHub App, got with a JWT that the app signs, sent as `Authorization: Bearer`. */
export const githubApp: Scheme<GithubApp> = {
  ...mintedBearer,
  kind: 'github-app',
  secretNames: (auth) => [auth.secret],
  keptHere: (auth) => [auth.secret],
  fault: () => null,
  misfit(auth, secrets) {
    const text = storedText(secrets, auth.secret)
    const fault = text === null ? 'is not text' : signingFault(text, 'RS256')
    return fault === null ? null : `secret \`${auth.secret}\` ${fault}`
  },
  minting: {
    tokenUrl,
    signsTime: true,
    rotates: false,
    async mint(auth, request) {
      const key = signingKey(request.secrets, auth.secret, 'RS256')
      const iat = issuedAt(request.now)
      const signed = await assertion(key, { alg: 'RS256' }, { iss: auth.appId, iat, exp: iat + LIFE })
      const response = await request.fetch(tokenUrl(auth, request.service), {
        method: 'POST',
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${signed}`,
          'x-github-api-version': '2022-11-28',
        },
        body: '',
      })
      if (!response.ok) throw noToken(REFUSALS[response.status] ?? 'token-refused')
      return readToken(response, request)
    },
  },
}

/** Below the first base URL: `https://api.github.com`, or a server of one's own with `/api/v3`. */
function tokenUrl(auth: GithubApp, service: Pick<Service, 'baseUrls'>): string {
  return `${service.baseUrls[0]}/app/installations/${auth.installationId}/access_tokens`
}

async function readToken(response: Response, { now }: MintRequest) {
  const answer = AnswerSchema.safeParse(await response.json().catch(() => null))
  if (!answer.success) throw noToken('token-malformed')
  const end = Date.parse(answer.data.expires_at ?? '')
  // By the server's own clock, which wrote the end.
  const date = Date.parse(response.headers.get('date') ?? '')
  const left = (end - (Number.isNaN(date) ? now : date)) / 1000
  const lifetime = Number.isNaN(left) ? HOUR : Math.min(Math.max(0, left), HOUR)
  return { token: usableToken(answer.data.token), lifetime, replaced: new Map() }
}
