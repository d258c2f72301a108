import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OidcUpstream, signIn, startOidcUpstream } from '../support/upstreams/oidc-upstream.ts'
import { CLI, type CommandHome, unlockedHome } from './cli-fixture.ts'

/** `service authorize` against `oidc-provider`, which is certified: the code of a sign-in becomes a stored refresh token. */
let home: CommandHome
let oidc: OidcUpstream

beforeAll(async () => {
  home = await unlockedHome()
  oidc = await startOidcUpstream()
})
afterAll(async () => {
  await home.remove()
  await oidc.server.close()
})

const byFile = (path: string) => ['--secret-file', `client-secret=${path}`]

async function add(id: string, set: Record<string, string> = {}, how = byFile) {
  const settings = {
    'client-id': oidc.clientId,
    'token-url': oidc.tokenUrl,
    'authorization-url': `${oidc.authorizationUrl}?prompt=consent`,
    issuer: oidc.server.url,
    scope: 'openid offline_access',
    ...set,
  }
  const pairs = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`])
  const secret = join(home.home, 'client-secret')
  writeFileSync(secret, oidc.clientSecret, { mode: 0o600 })
  const where = ['--base-url', `${oidc.server.url}/v1`, '--local', '--auth', 'oauth2-refresh']
  return home.run(['service', 'add', id, ...where, ...pairs, ...how(secret)])
}

/** Run `service authorize` with somebody who opens the address it prints. */
async function authorize(id: string, open: (url: string) => Promise<unknown>) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', CLI, 'service', 'authorize', id],
    {
      env: home.env,
    },
  )
  let [stdout, stderr] = ['', '']
  const address = new Promise<string | null>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      const url = /^http\S+$/m.exec(stderr)?.[0]
      if (url !== undefined && stderr.endsWith('\n')) resolve(url)
    })
    child.on('close', () => resolve(null))
  })
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const url = await address
  const page = url === null ? null : await open(url)
  return { code: await ended, stdout, stderr, page, url }
}

test('a sign-in gives a refresh token, with which the service answers; no code or token is shown', async () => {
  expect(await add('signed-in')).toMatchObject({ code: 0, stderr: '' })
  const ran = await authorize('signed-in', signIn)
  expect(ran).toMatchObject({ code: 0, page: expect.stringContaining('you can close this tab') })
  const [asked] = oidc.asked().filter((form) => form.get('grant_type') === 'authorization_code')
  expect(asked?.get('code_verifier')).toMatch(/^[\w-]{43}$/)
  const code = asked?.get('code') ?? 'none'
  expect(ran.stdout + ran.stderr).not.toContain(code)
  await home.run(['capability', 'add', 'all', '--service', 'signed-in', '--allow', 'GET /**'])
  const called = await home.run(['call', 'all', 'GET', `${oidc.server.url}/v1/x`])
  expect(called).toMatchObject({ code: 0, stdout: expect.stringContaining('"token":"[redacted]"') })
  const audit = await home.run(['audit', 'list', '--json'])
  expect(audit.stdout).toContain('service.authorize')
  expect(audit.stdout).not.toContain(code)
})

test('a client secret that lives elsewhere is fetched for the sign-in and for each token', async () => {
  const reference = (path: string) => ['--secret-ref', `client-secret=file:${path}`]
  expect(await add('elsewhere', {}, reference)).toMatchObject({ code: 0, stderr: '' })
  expect(await authorize('elsewhere', signIn)).toMatchObject({ code: 0 })
  await home.run(['capability', 'add', 'elsewhere-all', '--service', 'elsewhere', '--allow', 'GET /**'])
  const called = await home.run(['call', 'elsewhere-all', 'GET', `${oidc.server.url}/v1/x`])
  expect(called).toMatchObject({ code: 0, stdout: expect.stringContaining('"token":"[redacted]"') })
})

test('who says no is understood, in words of our own', async () => {
  oidc.says = 'no'
  await add('refused')
  const ran = await authorize('refused', signIn)
  oidc.says = 'yes'
  expect(ran).toMatchObject({ code: 1, page: expect.stringContaining('did not work') })
  expect(ran.stderr).toContain('the authorization was refused where it was asked for')
  expect(ran.stderr).not.toContain('today')
})

test('an answer in the name of another issuer is sent to nobody', async () => {
  await add('other-issuer', { issuer: 'https://issuer.example' })
  const before = oidc.asked().length
  const ran = await authorize('other-issuer', signIn)
  expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('another server') })
  expect(oidc.asked()).toHaveLength(before)
})

test('a code that was made up is refused by the server, and the reason is told', async () => {
  await add('made-up')
  const ran = await authorize('made-up', async (url) => {
    const { searchParams } = new URL(url)
    const back = new URL(searchParams.get('redirect_uri') ?? '')
    back.searchParams.set('state', searchParams.get('state') ?? '')
    back.searchParams.set('iss', oidc.server.url)
    back.searchParams.set('code', 'made-up-code')
    await fetch(back)
  })
  expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('token-invalid-grant') })
})

test('a server that gives no refresh token is no success', async () => {
  await add('without', { scope: 'openid' })
  const ran = await authorize('without', signIn)
  expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('no refresh token') })
})

test('only a service that can be signed in to is', async () => {
  const add = ['service', 'add', 'plain', '--base-url', oidc.server.url, '--local', '--auth', 'none']
  await home.run(add)
  const ran = await home.run(['service', 'authorize', 'plain'])
  expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('authorization-url') })
})

test.each(['http://sign-in.example/auth', 'https://x.example/#here'])(
  'a service is not saved with the authorization URL %s',
  async (url) => {
    const ran = await add('badly', { 'authorization-url': url })
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('the authorization URL') })
  },
)

test('Gmail is kept with the secret of its client and not without; its sign-in asks for what its capabilities need', async () => {
  const client = '0123456789-abcdefghijklmnop.apps.googleusercontent.com'
  const preset = ['service', 'add', 'mail', '--preset', 'gmail', '--set', `client=${client}`]
  const token = join(home.home, 'refresh-token')
  writeFileSync(token, `1//${'a1'.repeat(30)}`, { mode: 0o600 })
  const without = await home.run([...preset, '--secret-file', `refresh-token=${token}`])
  expect(without).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('needs its secret `client-secret`'),
  })
  const added = await home.run([...preset, '--secret-stdin'], `GOCSPX-${'a1'.repeat(14)}`)
  expect(added).toMatchObject({ code: 0, stderr: '' })
  expect(added.stdout).toContain('It holds: client-secret.')
  expect(added.stdout).toContain('`valetkey service authorize mail`')
  const ran = await authorize('mail', async (url) => {
    const asked = new URL(url).searchParams
    const back = new URL(asked.get('redirect_uri') ?? '')
    back.search = `${new URLSearchParams({ error: 'access_denied', state: asked.get('state') ?? '' })}`
    return (await fetch(back)).text()
  })
  expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('was refused') })
  const { origin, pathname, searchParams } = new URL(ran.url ?? '')
  expect(origin + pathname).toBe('https://accounts.google.com/o/oauth2/v2/auth')
  expect(Object.fromEntries(searchParams)).toMatchObject({
    client_id: client,
    access_type: 'offline',
    prompt: 'consent',
    response_type: 'code',
    scope: ['gmail.readonly', 'gmail.compose']
      .map((one) => `https://www.googleapis.com/auth/${one}`)
      .join(' '),
  })
})
