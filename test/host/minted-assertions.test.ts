import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SigningAlgorithm } from '../../shared/model/auth.ts'
import type { Auth } from '../../shared/model/service.ts'
import { type OidcUpstream, startOidcUpstream } from '../support/upstreams/oidc-upstream.ts'
import { mintedWorld } from './minted-fixture.ts'

/** `jwt-bearer` (RFC 7523) through the real host, against a certified server that judges every assertion by its own code. */
const world = mintedWorld()
const CLOCK = fileURLToPath(new URL('../support/movable-clock.ts', import.meta.url))
const MAIN = fileURLToPath(new URL('../../native-host/main.ts', import.meta.url))
const HOUR = 3_600_000

const KEYS = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
}
type Algorithm = keyof typeof KEYS & SigningAlgorithm
const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()

let oidc: OidcUpstream
beforeAll(async () => {
  const registered = Object.entries(KEYS).map(([alg, { publicKey }]) => ({
    ...publicKey.export({ format: 'jwk' }),
    kid: `key-${alg}`,
    alg,
    use: 'sig',
  }))
  oidc = await startOidcUpstream(registered)
})
afterAll(() => oidc.server.close())
beforeEach(() => {
  oidc.server.journal.clear()
  oidc.saysTime = true
})

interface Signed {
  algorithm?: Algorithm
  /** That of the algorithm, unless another one is stored. */
  key?: KeyObject
  over?: Partial<Extract<Auth, { kind: 'jwt-bearer' }>>
}

/** Store the service with its key, as its owner would. */
function signedBy({ algorithm = 'RS256', key = KEYS[algorithm].privateKey, over = {} }: Signed): void {
  const auth: Auth = {
    kind: 'jwt-bearer',
    issuer: oidc.robotId,
    subject: null,
    audience: oidc.server.url,
    tokenUrl: oidc.tokenUrl,
    algorithm,
    keyId: `key-${algorithm}`,
    scope: null,
    secret: 'private-key',
    ...over,
  }
  world.service(auth, { 'private-key': pem(key) }, `${oidc.server.url}/v1`)
}

/** As if the time of every token were over. */
const forget = () => world.vault.store.run('DELETE FROM minted_tokens')
const calls = () => oidc.server.journal.calls.filter(({ target }) => target.startsWith('/v1/')).length

/** A host whose clock is off. */
async function withClock(ms: number) {
  const [clock, launcher] = ['clock', 'launcher'].map((name) => join(world.vault.home, name)) as [
    string,
    string,
  ]
  await writeFile(clock, String(ms))
  const line = `exec '${process.execPath}' --import '${CLOCK}' '${MAIN}' --home '${world.vault.home}' "$@"`
  await writeFile(launcher, `#!/bin/sh\nexport MOVABLE_CLOCK='${clock}'\n${line}\n`)
  await chmod(launcher, 0o700)
  return world.connected(launcher)
}

test('an assertion gets a token, whatever signs it, and an API takes that which asks the server about it', async () => {
  const { ask } = await world.connected()
  for (const algorithm of ['RS256', 'ES256', 'EdDSA'] as const) {
    oidc.server.journal.clear()
    signedBy({ algorithm })
    const answers = Array.from({ length: 5 }, () => ask('/v1/who'))
    for (const call of answers) {
      const { robotId } = oidc
      expect(JSON.parse(await call.text()), algorithm).toEqual({
        client: robotId,
        sub: robotId,
        token: '[redacted]',
      })
    }
    expect(oidc.asked(), algorithm).toHaveLength(1)
  }
  signedBy({ over: { subject: 'somebody', scope: 'read', audience: oidc.tokenUrl } })
  expect(JSON.parse(await ask('/v1/who').text())).toMatchObject({ sub: 'somebody', scope: 'read' })
})

test('an assertion that was taken is taken no second time, and each token is asked for with a new one', async () => {
  signedBy({})
  const { ask } = await world.connected()
  expect((await ask('/v1/a').head()).status).toBe(200)
  const [first] = oidc.asked()
  const again = await fetch(oidc.tokenUrl, { method: 'POST', body: first ?? '' })
  expect([again.status, await again.json()]).toMatchObject([400, { error: 'invalid_grant' }])
  forget()
  expect((await ask('/v1/b').head()).status).toBe(200)
})

const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const REFUSED: [what: string, signed: () => Signed, problem: string][] = [
  ['a key that nobody registered', () => ({ key: other }), 'token-invalid-grant'],
  [
    'a key of another algorithm than is said',
    () => ({ over: { keyId: 'key-ES256' } }),
    'token-invalid-grant',
  ],
  ['another server’s audience', () => ({ over: { audience: 'https://else.test/' } }), 'token-invalid-grant'],
  ['a subject it may not ask for', () => ({ over: { subject: 'admin' } }), 'token-invalid-grant'],
  ['an issuer that nobody knows', () => ({ over: { issuer: 'robot-2' } }), 'token-invalid-client'],
]
test('what the server minds is a problem that says so, and no call leaves', async () => {
  const { ask } = await world.connected()
  for (const [what, signed] of REFUSED) {
    signedBy(signed())
    expect(await ask('/v1/a').ended(), what).toMatchObject({ code: 'credential-unavailable' })
  }
  expect(world.problems()).toEqual(REFUSED.map(([, , problem]) => problem))
  expect([oidc.asked().length, calls()]).toEqual([REFUSED.length, 0])
})

test('by a clock that is an hour late an assertion is over before it is sent: it is signed again for the server’s time', async () => {
  signedBy({})
  const { ask } = await withClock(-HOUR)
  expect((await ask('/v1/a').head()).status).toBe(200)
  expect(oidc.asked()).toHaveLength(2)
})

test('where the server does not say what time it is, a late clock is a problem that says so', async () => {
  oidc.saysTime = false
  signedBy({})
  const { ask } = await withClock(-HOUR)
  expect(await ask('/v1/a').ended()).toMatchObject({ code: 'credential-unavailable' })
  expect(world.problems()).toEqual(['token-invalid-grant'])
  expect([oidc.asked().length, calls()]).toEqual([1, 0])
})
