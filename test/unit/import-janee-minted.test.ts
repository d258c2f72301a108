import { createCipheriv, generateKeyPairSync, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { pathSchemes } from '../../native-host/cli/path-schemes.ts'
import { serviceByHand } from '../../native-host/cli/service-by-hand.ts'
import { importJanee } from '../../native-host/import/import-janee.ts'
import { serviceFault } from '../../native-host/owner/import.ts'

/** What Janee had tokens made for: its `github-app` and `service-account`, as it writes them. */
const MASTER = Buffer.alloc(32, 7)
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const PEM = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const ACCOUNT = {
  type: 'service_account',
  project_id: 'project',
  private_key_id: 'key-1',
  private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  client_email: 'robot@project.iam.gserviceaccount.com',
  token_uri: 'https://oauth2.googleapis.com/token',
}

function encrypted(text: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', MASTER, nonce)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

function plan(services: string, secrets: Record<string, Record<string, string>>) {
  const credentials = Object.fromEntries(
    Object.entries(secrets).map(([id, fields]) => [
      id,
      Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, encrypted(text)])),
    ]),
  )
  return importJanee(
    `version: '0.3.0'\nservices:\n${services}`,
    JSON.stringify({ masterKey: MASTER.toString('base64'), secrets: credentials }),
    serviceByHand,
    (kinds, settings) => pathSchemes([...kinds], [...settings]),
    serviceFault,
  )
}

const APP = "{ type: github-app, appId: '12345', installationId: '77' }"
const SHEETS = 'https://www.googleapis.com/auth/spreadsheets.readonly'

test('a GitHub App comes with its key, whether its numbers were written as text or not', () => {
  for (const auth of [APP, APP.replaceAll("'", '')]) {
    const made = plan(`  app: { baseUrl: 'https://api.github.com', auth: ${auth} }`, {
      app: { privateKey: PEM },
    })
    expect([made.leftOut, made.remarks]).toEqual([[], []])
    expect(made.services[0]?.service).toMatchObject({
      baseUrls: ['https://api.github.com'],
      auth: [{ auth: { kind: 'github-app', appId: '12345', installationId: '77', secret: 'private-key' } }],
    })
    expect(Buffer.from(made.services[0]?.secrets.get('private-key') ?? []).toString()).toBe(PEM)
  }
})

test('a service account comes with its file and all its scopes', () => {
  const scopes = [SHEETS, 'https://www.googleapis.com/auth/drive.readonly']
  const auth = `{ type: service-account, scopes: ${JSON.stringify(scopes)} }`
  const made = plan(`  sheets: { baseUrl: 'https://sheets.googleapis.com', auth: ${auth} }`, {
    sheets: { credentials: JSON.stringify(ACCOUNT) },
  })
  expect(made.leftOut).toEqual([])
  expect(made.services[0]?.service.auth).toMatchObject([
    { auth: { kind: 'google-service-account', scope: scopes.join(' '), subject: null } },
  ])
  const stored = Buffer.from(made.services[0]?.secrets.get('service-account') ?? []).toString()
  expect(JSON.parse(stored)).toEqual(ACCOUNT)
})

test('where tokens are asked for otherwise than Janee did, it is said, and where none are, the service is not taken', () => {
  const made = plan(
    `  own: { baseUrl: 'https://github.company.example/api/v3/', auth: ${APP} }
  deep: { baseUrl: 'https://api.github.com/repos/me', auth: ${APP} }`,
    { own: { privateKey: PEM }, deep: { privateKey: PEM } },
  )
  expect(made.services.map(({ service }) => service.baseUrls)).toEqual([
    ['https://github.company.example/api/v3'],
  ])
  expect(made.remarks).toEqual([
    {
      about: 'service own',
      text: expect.stringMatching(
        /Janee asked `https:\/\/api\.github\.com`.*here `https:\/\/github\.company\.example\/api\/v3` is asked/,
      ),
    },
  ])
  expect(made.leftOut).toEqual([
    { about: 'service deep', text: expect.stringContaining('make it `https://api.github.com`') },
  ])
})

const google = (auth: string) => `  a: { baseUrl: 'https://sheets.googleapis.com', auth: ${auth} }`
const github = (auth: string) => `  a: { baseUrl: 'https://api.github.com', auth: ${auth} }`
const scoped = `{ type: service-account, scopes: ['${SHEETS}'] }`
const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
const NOT_TAKEN: [what: string, services: string, secrets: Record<string, string>, why: RegExp][] = [
  ['no key', github(APP), {}, /`private-key`/],
  [
    'a public key',
    github(APP),
    { privateKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
    /private key is needed/,
  ],
  ['no installation', github("{ type: github-app, appId: '1' }"), { privateKey: PEM }, /is missing/],
  ['a name for a number', github(APP.replace('77', 'me')), { privateKey: PEM }, /installationId/],
  [
    'no scope',
    google('{ type: service-account, scopes: [] }'),
    { credentials: JSON.stringify(ACCOUNT) },
    /is missing/,
  ],
  [
    'a file of another kind',
    google(scoped),
    { credentials: '{"type":"authorized_user"}' },
    /service account/,
  ],
  [
    'a key that is too short',
    google(scoped),
    {
      credentials: JSON.stringify({
        ...ACCOUNT,
        private_key: short.export({ type: 'pkcs8', format: 'pem' }),
      }),
    },
    /fewer than 2048 bits/,
  ],
]
test.each(NOT_TAKEN)('%s: left out with why, and nothing of the key is said', (_, services, secrets, why) => {
  const made = plan(services, { a: secrets })
  expect(made.services).toEqual([])
  expect(made.leftOut).toEqual([{ about: 'service a', text: expect.stringMatching(why) }])
  expect(JSON.stringify(made.leftOut)).not.toMatch(/PRIVATE KEY-----\n|gserviceaccount/)
})
