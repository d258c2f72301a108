import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Auth } from '../../shared/model/service.ts'
import { eventually } from '../support/eventually.ts'
import { type Checked, checkAssertion } from '../support/upstreams/assertion-check.ts'
import { type GithubApi, startGithubApi } from '../support/upstreams/github-api.ts'
import { type OidcUpstream, startOidcUpstream } from '../support/upstreams/oidc-upstream.ts'
import { clientCredentials, mintedWorld } from './minted-fixture.ts'

/** Each scheme that mints, through the real host process, against a server that verifies what it is given. */
const world = mintedWorld()
let oidc: OidcUpstream
let github: GithubApi
let rsa: KeyObject

beforeAll(async () => {
  rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  oidc = await startOidcUpstream()
  github = await startGithubApi(rsa, '12345', '77')
})
afterAll(async () => {
  await oidc.server.close()
  await github.server.close()
})
beforeEach(() => {
  oidc.server.journal.clear()
  github.server.journal.clear()
  github.faults.length = 0
  github.ahead = 0
})

const pem = (type: 'pkcs1' | 'pkcs8' = 'pkcs8') => rsa.export({ type, format: 'pem' }).toString()

function refresh(over: object = {}): Auth {
  return {
    kind: 'oauth2-refresh',
    clientId: oidc.clientId,
    tokenUrl: oidc.tokenUrl,
    scope: null,
    clientAuth: 'basic',
    secret: 'refresh-token',
    clientSecret: 'client-secret',
    ...over,
  }
}

test('oauth2-client-credentials at a certified server: twenty calls, one token, secret with marks', async () => {
  const auth = clientCredentials(oidc.tokenUrl, { clientId: oidc.clientId, scope: 'read' })
  world.service(auth, { 'client-secret': oidc.clientSecret }, `${oidc.server.url}/v1`)
  const { ask } = await world.connected()
  const calls = Array.from({ length: 20 }, (_, nth) => ask(`/v1/${nth}`))
  for (const call of calls) {
    expect(JSON.parse(await call.text())).toEqual({ client: oidc.clientId, token: '[redacted]' })
  }
  expect(oidc.asked().map((form) => Object.fromEntries(form))).toEqual([
    { grant_type: 'client_credentials', scope: 'read' },
  ])
})

test('oauth2-client-credentials with a wrong secret is a problem that says so', async () => {
  const auth = clientCredentials(oidc.tokenUrl, { clientId: oidc.clientId })
  world.service(auth, { 'client-secret': 'a-wrong-client-secret' }, `${oidc.server.url}/v1`)
  const { ask } = await world.connected()
  expect(await ask('/v1/a').ended()).toMatchObject({ code: 'credential-unavailable' })
  expect(world.problems()).toEqual(['token-invalid-client'])
})

test('oauth2-refresh keeps the refresh token that the server gave in place of the old one', async () => {
  const first = await oidc.refreshToken()
  const secrets = { 'refresh-token': first, 'client-secret': oidc.clientSecret }
  world.service(refresh(), secrets, `${oidc.server.url}/v1`)
  // Three processes at once, twice: no refresh token is ever used twice, or the server would take back all of them.
  const hosts = [await world.connected(), await world.connected(), await world.connected()]
  const used = new Set<string>()
  for (let round = 1; round <= 2; round++) {
    const calls = hosts.flatMap(({ ask }) => [ask(`/v1/a${round}`), ask(`/v1/b${round}`)])
    for (const call of calls) expect((await call.head()).status).toBe(200)
    expect(oidc.asked()).toHaveLength(round)
    for (const form of oidc.asked()) used.add(form.get('refresh_token') ?? '')
    expect(used.size).toBe(round)
    expect(used).not.toContain(world.stored('refresh-token'))
    // As if its time were over.
    world.vault.store.run('DELETE FROM minted_tokens')
  }
  expect(world.acts().filter((act) => act === 'token.rotate')).toHaveLength(2)
})

test('oauth2-refresh stores the new refresh token before the first call leaves', async () => {
  const first = 'refresh-token-before-0001'
  const auth = refresh({ tokenUrl: world.api.tokenUrl, clientSecret: 'not-there' })
  world.service(auth, { 'refresh-token': first })
  world.api.refuse = (_form, response) => {
    const token = 'minted-with-a-new-refresh-token'
    world.api.live.add(token)
    const body = { access_token: token, token_type: 'Bearer', refresh_token: 'refresh-token-after-0002' }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    return 'answered'
  }
  const { host, ask } = await world.connected()
  ask('/v1/slow')
  await eventually(
    'the API was called',
    () => world.api.calls(),
    (calls) => calls === 1,
  )
  // Whatever happens to the process now.
  host.process.kill('SIGKILL')
  await host.exited
  expect(world.stored('refresh-token')).toBe('refresh-token-after-0002')
  // A public client says who it is, and no more.
  expect(world.api.asked[0]?.authorization).toBeNull()
  expect(world.api.asked[0]?.form.get('client_id')).toBe(oidc.clientId)
})

test('oauth2-refresh that is refused says so, and a new refresh token from the owner is tried at once', async () => {
  const secrets = { 'refresh-token': 'refresh-token-of-nobody', 'client-secret': oidc.clientSecret }
  world.service(refresh(), secrets, `${oidc.server.url}/v1`)
  const { ask } = await world.connected()
  expect(await ask('/v1/a').ended()).toMatchObject({ code: 'credential-unavailable' })
  expect(world.problems()).toEqual(['token-invalid-grant'])
  const next = { ...secrets, 'refresh-token': await oidc.refreshToken() }
  world.service(refresh(), next, `${oidc.server.url}/v1`)
  expect((await ask('/v1/a').head()).status).toBe(200)
})

/** A token endpoint that verifies the assertion of each request. */
function verifying(expected: object): Checked[] {
  const seen: Checked[] = []
  world.api.refuse = async (form) => {
    const checked = await checkAssertion(form.get('assertion') ?? '', rsa, expected, world.api.ahead)
    seen.push(checked)
    const isGrant = form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer'
    return isGrant && 'claims' in checked ? null : { error: 'invalid_grant' }
  }
  return seen
}

test('jwt-bearer signs for issuer, subject and audience, also where the server has another time', async () => {
  const auth: Auth = {
    kind: 'jwt-bearer',
    issuer: 'issuer-1',
    subject: null,
    audience: 'https://tokens.test/',
    tokenUrl: world.api.tokenUrl,
    algorithm: 'PS256',
    keyId: 'key-7',
    scope: 'read',
    secret: 'private-key',
  }
  const expected = { issuer: 'issuer-1', audience: 'https://tokens.test/', algorithms: ['PS256'] }
  for (const minutes of [0, 5, -5]) {
    world.service(auth, { 'private-key': pem() })
    world.vault.store.run('DELETE FROM minted_tokens')
    world.api.ahead = minutes * 60_000
    const seen = verifying({ ...expected, maxTokenAge: 120 })
    const { ask } = await world.connected()
    expect((await ask('/v1/a').head()).status).toBe(200)
    expect((await ask('/v1/b').head()).status).toBe(200)
    expect(seen).toHaveLength(minutes === 0 ? 1 : 2)
    expect(seen.at(-1)).toMatchObject({
      claims: { sub: 'issuer-1', jti: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      header: { alg: 'PS256', kid: 'key-7' },
    })
  }
  expect(world.api.asked.at(-1)?.form.get('scope')).toBe('read')
  expect(world.api.asked.at(-1)?.form.has('client_id')).toBe(false)
})

test('google-service-account asks at the address of its file, with the scope among its claims', async () => {
  const account = {
    type: 'service_account',
    client_email: 'robot@project.iam.gserviceaccount.test',
    private_key: pem(),
    private_key_id: 'key-1',
    token_uri: world.api.tokenUrl,
  }
  const auth: Auth = {
    kind: 'google-service-account',
    scope: 'https://www.googleapis.com/auth/spreadsheets.readonly',
    subject: null,
    secret: 'service-account',
  }
  world.service(auth, { 'service-account': JSON.stringify(account) })
  const seen = verifying({
    issuer: account.client_email,
    audience: world.api.tokenUrl,
    algorithms: ['RS256'],
    maxTokenAge: 120,
  })
  world.api.ahead = -300_000
  const { ask } = await world.connected()
  for (const call of Array.from({ length: 5 }, (_, nth) => ask(`/v1/${nth}`)))
    expect((await call.head()).status).toBe(200)
  expect(seen).toHaveLength(2)
  expect(seen[1]).toMatchObject({ claims: { scope: auth.scope }, header: { kid: 'key-1' } })
  expect(world.api.given).toHaveLength(1)
})

test('github-app gets an installation token with a JWT of its own and keeps it', async () => {
  const auth: Auth = { kind: 'github-app', appId: '12345', installationId: '77', secret: 'private-key' }
  for (const minutes of [0, 5, -5]) {
    github.ahead = minutes * 60_000
    github.faults.length = 0
    github.given.length = 0
    // GitHub gives its keys in the older form.
    world.service(auth, { 'private-key': pem('pkcs1') }, github.server.url)
    world.vault.store.run('DELETE FROM minted_tokens')
    const { ask } = await world.connected()
    const calls = Array.from({ length: 5 }, (_, nth) => ask(`/v1/${nth}`))
    for (const call of calls)
      expect(JSON.parse(await call.text())).toEqual({ isKnown: true, token: '[redacted]' })
    expect(github.given).toHaveLength(1)
    // What was signed five minutes ago by its clock is good still.
    expect(github.faults).toHaveLength(minutes < 0 ? 1 : 0)
    const row = world.vault.store.get('SELECT count(*) AS rows FROM minted_tokens')
    expect(row?.rows).toBe(1)
  }
})
