import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authority } from '../support/certificates.ts'
import { pkcs12Of } from '../support/pkcs12.ts'
import { checkAssertion } from '../support/upstreams/assertion-check.ts'
import { type GithubApi, startGithubApi } from '../support/upstreams/github-api.ts'
import { type MtlsUpstream, startMtlsUpstream } from '../support/upstreams/mtls-upstream.ts'
import { startTokenApi, type TokenApi } from '../support/upstreams/token-api.ts'
import { type CommandHome, unlockedHome } from './cli-fixture.ts'

/** The built command: each kind is added, tested and used, as its users do. */
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const PEM = rsa.export({ type: 'pkcs8', format: 'pem' }).toString()
const SECRET = 'client-secret-Zq83hTs7-Qm2'
const servers = authority('Servers')
const clients = authority('Clients')

let home: CommandHome
let api: TokenApi
let github: GithubApi
let mtls: MtlsUpstream

beforeAll(async () => {
  home = await unlockedHome()
  api = await startTokenApi()
  github = await startGithubApi(rsa, '12345', '77')
  mtls = await startMtlsUpstream(servers.issue('127.0.0.1'), clients.ca)
  const own = clients.issue('by command')
  file('secret', `${SECRET}\n`)
  file('key.pem', PEM)
  file('account.json', JSON.stringify(account()))
  file('own.p12', pkcs12Of(own, 'opened', 'aes256'))
  file('wrong', 'not opened')
  file('passphrase', 'opened\n')
  file('ca.pem', servers.ca)
})
afterAll(async () => {
  await home.remove()
  for (const server of [api.server, github.server, mtls]) await server.close()
})

const account = () => ({
  type: 'service_account',
  client_email: 'robot@project.test',
  private_key: PEM,
  token_uri: api.tokenUrl,
})
const path = (name: string) => join(home.home, name)
const file = (name: string, content: string | Uint8Array) => writeFileSync(path(name), content)
const secretFile = (name: string, of: string) => ['--secret-file', `${name}=${path(of)}`]
const sets = (...all: string[]) => all.flatMap((each) => ['--set', each])

/** Add a service and one capability, and call it once. */
async function use(id: string, url: string, args: string[], stdin = '') {
  const added = await home.run(['service', 'add', id, '--base-url', url, '--local', ...args, '--json'], stdin)
  if (added.code !== 0) return added
  await home.run(['capability', 'add', `use-${id}`, '--service', id, '--allow', 'GET /**'])
  return home.run(['call', `use-${id}`, 'GET', `${url}/v1/x`])
}

test('each kind is added, gets its token and is let in; no secret is printed', async () => {
  api.refuse = async (form) => {
    const grant = form.get('grant_type') ?? ''
    if (!grant.endsWith('jwt-bearer')) return null
    const expected = { algorithms: ['RS256'], audience: [api.tokenUrl, 'https://audience.test'] }
    const checked = await checkAssertion(form.get('assertion') ?? '', rsa, expected, 0)
    return 'claims' in checked ? null : { error: 'invalid_grant' }
  }
  const token = `token-url=${api.tokenUrl}`
  const kinds: [kind: string, url: string, args: string[], stdin?: string][] = [
    ['oauth2-client-credentials', api.server.url, [...sets('client-id=c', token), '--secret-stdin'], SECRET],
    [
      'oauth2-refresh',
      api.server.url,
      [...sets('client-id=c', token), '--secret-stdin', ...secretFile('client-secret', 'secret')],
      'refresh-token-0123456789',
    ],
    [
      'jwt-bearer',
      api.server.url,
      [...sets('issuer=i', 'audience=https://audience.test', token), ...secretFile('private-key', 'key.pem')],
    ],
    [
      'google-service-account',
      api.server.url,
      [...sets('scope=s'), ...secretFile('service-account', 'account.json')],
    ],
    ['github-app', github.server.url, [...sets('app-id=12345', 'installation-id=77'), '--secret-stdin'], PEM],
    [
      'mtls',
      mtls.url,
      [
        ...secretFile('pkcs12', 'own.p12'),
        ...secretFile('passphrase', 'passphrase'),
        '--ca-file',
        path('ca.pem'),
      ],
    ],
  ]
  for (const [kind, url, args, stdin] of kinds) {
    const ran = await use(kind, url, ['--auth', kind, ...args], stdin)
    expect(`${kind} ${ran.code} ${ran.stderr}`).toBe(`${kind} 0 `)
    const answer = ran.json<{ token?: string; client?: string }>()
    expect(answer.client ?? answer.token).toBe(kind === 'mtls' ? 'by command' : '[redacted]')
    for (const secret of [...api.given, ...github.given, SECRET, PEM])
      expect(ran.stdout + ran.stderr).not.toContain(secret)
  }
  // Another process, the same tokens.
  const asked = api.asked.length
  await home.run(['call', 'use-jwt-bearer', 'GET', `${api.server.url}/v1/again`])
  expect(api.asked).toHaveLength(asked)
})

test('what cannot work is refused with the reason, and nothing is stored', async () => {
  const before = (await home.run(['service', 'list', '--json'])).stdout
  const p12 = secretFile('pkcs12', 'own.p12')
  const refused: [args: string[], url: string, code: number, why: RegExp][] = [
    [['mtls', ...p12], mtls.url, 1, /passphrase is wrong or missing/],
    [['mtls', ...p12, ...secretFile('passphrase', 'wrong')], mtls.url, 1, /passphrase is wrong or missing/],
    [['mtls'], mtls.url, 1, /give `pkcs12`/],
    [['mtls', ...p12, ...secretFile('passphrase', 'passphrase')], api.server.url, 1, /start with `https/],
    [
      ['github-app', ...sets('app-id=1'), ...secretFile('private-key', 'key.pem')],
      github.server.url,
      2,
      /installation-id/,
    ],
    [
      ['github-app', ...sets('app-id=1', 'installation-id=2'), ...secretFile('private-key', 'ca.pem')],
      github.server.url,
      1,
      /certificate: the private key is needed/,
    ],
  ]
  for (const [[kind = '', ...args], url, code, why] of refused) {
    const ran = await use('refused', url, ['--auth', kind, ...args])
    expect([kind, ran.code, ran.stdout]).toEqual([kind, code, expect.stringMatching(why)])
  }
  expect((await home.run(['service', 'list', '--json'])).stdout).toBe(before)
})

test('`service test` says what a token server said, and `rotate` replaces what belongs together', async () => {
  api.refuse = () => ({ error: 'invalid_client' })
  file('other', 'client-secret-of-somebody-else')
  await home.run(['service', 'rotate', 'oauth2-client-credentials', ...secretFile('client-secret', 'other')])
  const ran = await home.run(['service', 'test', 'oauth2-client-credentials', '--json'])
  expect(ran.json()).toMatchObject({ outcome: 'key-refused', message: expect.stringMatching(/token server/) })
  const own = clients.issue('renewed')
  file('own.crt', own.cert)
  file('own.key', own.key)
  const pair = [...secretFile('certificate', 'own.crt'), ...secretFile('private-key', 'own.key')]
  expect((await home.run(['service', 'rotate', 'mtls', ...pair])).code).toBe(0)
  const call = await home.run(['call', 'use-mtls', 'GET', `${mtls.url}/v1/x`])
  expect(call.json()).toEqual({ client: 'renewed' })
})
