import { type KeyObject, randomBytes } from 'node:crypto'
import { checkAssertion } from './assertion-check.ts'
import { type LoopbackServer, sendJson, startLoopbackServer } from './loopback-server.ts'

/** What of GitHub an app meets: installation tokens for a signed JWT, and an API that takes those. */
export interface GithubApi {
  readonly server: LoopbackServer
  readonly given: string[]
  /** Faults that were found in JWTs, oldest first. */
  readonly faults: string[]
  /** How far its clock is ahead, milliseconds. */
  ahead: number
}

/** Start it for one app with one installation. GitHub's own rules: RS256, begun by now, over within ten minutes. */
export async function startGithubApi(
  key: KeyObject,
  appId: string,
  installation: string,
): Promise<GithubApi> {
  const api: Omit<GithubApi, 'server'> = { given: [], faults: [], ahead: 0 }
  const server = await startLoopbackServer(async (request, response) => {
    const now = Date.now() + api.ahead
    response.setHeader('date', new Date(now).toUTCString())
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
    if (request.url !== `/app/installations/${installation}/access_tokens`) {
      const isKnown = api.given.includes(bearer)
      return sendJson(response, isKnown ? 200 : 401, { isKnown, token: bearer })
    }
    const checked = await checkAssertion(bearer, key, { issuer: appId, algorithms: ['RS256'] }, api.ahead)
    const isLong = 'claims' in checked && (checked.claims.exp ?? 0) * 1000 > now + 600_000
    if ('fault' in checked || isLong || request.headers['user-agent'] === undefined) {
      api.faults.push('fault' in checked ? checked.fault : 'too long')
      return sendJson(response, 401, { message: "'Expiration time' claim ('exp') is too far in the future" })
    }
    const token = `ghs_${randomBytes(27).toString('base64url')}`
    api.given.push(token)
    const expires = new Date(now + 3_600_000).toISOString().replace(/\.\d+/, '')
    sendJson(response, 201, { token, expires_at: expires, permissions: { contents: 'read' } })
  })
  return Object.assign(api, { server })
}
