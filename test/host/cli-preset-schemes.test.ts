import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { awsFault } from '../support/upstreams/aws-verifier.ts'
import { startGithubApi } from '../support/upstreams/github-api.ts'
import { type Fault, startKeyedUpstream } from '../support/upstreams/keyed-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { oauth1Fault } from '../support/upstreams/oauth1-verifier.ts'
import { type CommandHome, unlockedHome } from './cli-fixture.ts'

/** Services of the catalogue with another scheme than the one they come with, before servers that judge what they get. */
const KEY = 'sk-canary-0123456789abcdef'
const SECOND = 'sk-second-0123456789abcdef'
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

let home: CommandHome
beforeAll(async () => {
  home = await unlockedHome()
})
afterAll(() => home.remove())

interface Case {
  readonly preset: string
  readonly auth: string
  readonly sets: string[]
  readonly secret: string
  /** Further secrets by name. */
  readonly more?: Record<string, string>
  /** What is given of it, by the preset's name, and the settings that asks for. */
  readonly capability: string[]
  readonly call: [method: string, path: string]
  /** JSON; none where absent. */
  readonly body?: string
}

/** Add the service, give what the preset offers, make one call. */
async function used(server: LoopbackServer, one: Case) {
  const sets = (all: string[]) => all.flatMap((set) => ['--set', set])
  const files = Object.entries(one.more ?? {}).flatMap(([name, text]) => {
    writeFileSync(join(home.home, name), text, { mode: 0o600 })
    return ['--secret-file', `${name}=${join(home.home, name)}`]
  })
  const where = ['service', 'add', one.preset, '--preset', one.preset, '--base-url', server.url, '--local']
  const how = ['--auth', one.auth, ...sets(one.sets), '--secret-stdin', ...files]
  const added = await home.run([...where, ...how], one.secret)
  expect(`${added.code} ${added.stdout}`).toMatch(/^0 Added service/)
  const [name = '', ...values] = one.capability
  const given = ['capability', 'add', name, '--service', one.preset, '--from-preset', name, ...sets(values)]
  expect(await home.run(given)).toMatchObject({ code: 0 })
  const [method, path] = one.call
  const body = join(home.home, 'body.json')
  writeFileSync(body, one.body ?? '')
  const sent = one.body === undefined ? [] : ['-H', 'Content-Type: application/json', '--body-file', body]
  const called = await home.run(['call', name, method, `${server.url}${path}`, ...sent])
  for (const secret of [one.secret, ...Object.values(one.more ?? {})])
    expect(added.stdout + added.stderr + called.stdout + called.stderr).not.toContain(secret)
  return called
}

async function judgedBy(fault: Fault, one: Case): Promise<void> {
  const server = await startKeyedUpstream(fault)
  try {
    const called = await used(server, one)
    expect(called.stdout, called.stderr).toContain('"fault":null')
  } finally {
    await server.close()
  }
}

test('X is given to post only where its calls are signed: an app-only bearer never can', async () => {
  await home.run(['service', 'add', 'bearer-x', '--preset', 'x-twitter', '--secret-stdin'], KEY)
  const given = (name: string) =>
    home.run(['capability', 'add', name, '--service', 'bearer-x', '--from-preset', name])
  expect(await given('x-post')).toMatchObject({ code: 1, stderr: expect.stringContaining('--auth oauth1') })
  expect(await given('x-read')).toMatchObject({ code: 0 })
})

test('X signs with OAuth 1.0a, and can then post', async () => {
  const token = { key: 'access', secret: SECOND }
  const keys = { consumerKey: 'consumer', consumerSecret: KEY, token, algorithm: 'HMAC-SHA1' as const }
  const seen = new Set<string>()
  await judgedBy((request, body) => oauth1Fault(request, body, keys, seen), {
    preset: 'x-twitter',
    auth: 'oauth1',
    sets: ['consumer-key=consumer', 'access-token=access'],
    secret: KEY,
    more: { 'access-token-secret': SECOND },
    capability: ['x-post'],
    call: ['POST', '/2/tweets'],
    body: '{"text":"a"}',
  })
})

test('Bedrock signs with AWS access keys', async () => {
  const keys = { accessKeyId: 'AKIDEXAMPLE', secret: KEY, region: 'eu-central-1', service: 'bedrock' }
  await judgedBy((request, body) => awsFault(request, body, { ...keys, sessionToken: null }), {
    preset: 'bedrock',
    auth: 'sigv4',
    sets: ['access-key-id=AKIDEXAMPLE', 'region=eu-central-1', 'aws-service=bedrock'],
    secret: KEY,
    capability: ['bedrock-converse'],
    call: ['POST', '/model/anthropic.claude-v2/converse'],
    body: '{"messages":[]}',
  })
})

test('GitHub takes the token of an app that was installed', async () => {
  const github = await startGithubApi(rsa, '12345', '77')
  try {
    const called = await used(github.server, {
      preset: 'github',
      auth: 'github-app',
      sets: ['app-id=12345', 'installation-id=77'],
      secret: rsa.export({ type: 'pkcs8', format: 'pem' }).toString(),
      capability: ['github-repo-read', 'owner=octocat', 'repo=hello-world'],
      call: ['GET', '/repos/octocat/hello-world/issues'],
    })
    expect(called.stdout, called.stderr).toContain('"isKnown":true')
    expect(called.stdout).toContain('"token":"[redacted]"')
    expect(github.faults).toEqual([])
  } finally {
    await github.server.close()
  }
})

test('S3 at another server than Amazon’s is signed for the region its owner says, without the key id of Amazon’s', async () => {
  const keys = { accessKeyId: 'storage-user', secret: KEY, region: 'auto', service: 's3' }
  await judgedBy((request, body) => awsFault(request, body, { ...keys, sessionToken: null }), {
    preset: 'aws-s3',
    auth: 'sigv4',
    sets: ['access-key-id=storage-user', 'region=auto', 'aws-service=s3'],
    secret: KEY,
    capability: ['s3-read', 'bucket=my-bucket'],
    call: ['GET', '/my-bucket?list-type=2'],
  })
})
