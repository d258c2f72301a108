import { createCipheriv, generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkAssertion } from '../support/upstreams/assertion-check.ts'
import { type GithubApi, startGithubApi } from '../support/upstreams/github-api.ts'
import { startTokenApi, type TokenApi } from '../support/upstreams/token-api.ts'
import { type CommandHome, unlockedHome } from './cli-fixture.ts'

/** What Janee had tokens made for, imported, and then called with those of ours. */
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const MASTER = Buffer.alloc(32, 3)

let home: CommandHome
let github: GithubApi
let google: TokenApi
beforeAll(async () => {
  github = await startGithubApi(privateKey, '12345', '77')
  google = await startTokenApi()
  home = await unlockedHome()
})
afterAll(async () => {
  await home.remove()
  await github.server.close()
  await google.server.close()
})

function encrypted(text: string, nonce: Buffer): string {
  const cipher = createCipheriv('aes-256-gcm', MASTER, nonce)
  const sealed = Buffer.concat([cipher.update(text), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

function janee(): string {
  const account = {
    type: 'service_account',
    client_email: 'robot@project.iam.gserviceaccount.test',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: google.tokenUrl,
  }
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  const secrets = {
    app: { privateKey: encrypted(pem, Buffer.alloc(12, 1)) },
    sheets: { credentials: encrypted(JSON.stringify(account), Buffer.alloc(12, 2)) },
  }
  const credentials = { masterKey: MASTER.toString('base64'), secrets }
  writeFileSync(join(home.home, 'credentials.json'), JSON.stringify(credentials))
  const config = join(home.home, 'config.yaml')
  writeFileSync(
    config,
    `services:
  app: { baseUrl: '${github.server.url}', auth: { type: github-app, appId: '12345', installationId: '77' } }
  sheets: { baseUrl: '${google.server.url}/v1', auth: { type: service-account, scopes: [read, write] } }
capabilities:
  repos: { service: app, ttl: 1h, rules: { allow: ['GET /repos/*'] } }
  cells: { service: sheets, ttl: 1h, rules: { allow: ['GET /cells/*'] } }
`,
  )
  return config
}

test('a GitHub App and a service account of Janee’s are taken, and their calls are let in', async () => {
  google.refuse = async (form) => {
    const expected = { issuer: 'robot@project.iam.gserviceaccount.test', audience: google.tokenUrl }
    const checked = await checkAssertion(form.get('assertion') ?? '', privateKey, expected, 0)
    return 'claims' in checked && checked.claims.scope === 'read write' ? null : { error: 'invalid_grant' }
  }
  const taken = await home.run(['import', janee(), '--json'])
  expect(taken).toMatchObject({ code: 0 })
  expect(taken.json()).toMatchObject({
    services: [
      { id: 'app', auth: ['github-app'], secrets: ['private-key'] },
      { id: 'sheets', auth: ['google-service-account'], secrets: ['service-account'] },
    ],
    leftOut: [],
  })
  const repos = await home.run(['call', 'repos', 'GET', `${github.server.url}/repos/me/mine`])
  expect(JSON.parse(repos.stdout)).toEqual({ isKnown: true, token: '[redacted]' })
  const cells = await home.run(['call', 'cells', 'GET', `${google.server.url}/v1/cells/a1`])
  expect(JSON.parse(cells.stdout)).toMatchObject({ token: '[redacted]' })
  expect([github.faults, github.given.length, google.given.length]).toEqual([[], 1, 1])
  for (const ran of [taken, repos, cells])
    for (const secret of [...github.given, ...google.given, 'PRIVATE KEY'])
      expect(ran.stdout + ran.stderr).not.toContain(secret)
})
