import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EXCHANGES } from '../support/exchanges.ts'
import { times } from '../support/hard.ts'
import { awsFault } from '../support/upstreams/aws-verifier.ts'
import { type Fault, startKeyedUpstream } from '../support/upstreams/keyed-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { oauth1Fault } from '../support/upstreams/oauth1-verifier.ts'
import { type CommandHome, unlockedHome } from './cli-fixture.ts'

/** What an owner types for each scheme, and the service's own judgement of the call that comes of it. */
const KEY = 'sk-canary-0123456789abcdef'
const SECOND = 'sk-second-0123456789abcdef'

interface Typed {
  sets: string[]
  /** Names of secrets beside the main one. */
  more?: string[]
  method?: string
  fault: Fault
}

const AWS = { accessKeyId: 'AKIDEXAMPLE', secret: KEY, region: 'eu-west-1', service: 's3' }
const aws = ['access-key-id=AKIDEXAMPLE', 'region=eu-west-1', 'aws-service=s3']
const keys = { key: 'public-half', secret: KEY, passphrase: SECOND }

const TYPED: Record<string, Typed> = {
  header: {
    sets: ['header=X-Id', 'header.2=X-Key', 'format.2=Key {}'],
    more: ['value.2'],
    fault: ({ headers }) =>
      headers['x-id'] === KEY && headers['x-key'] === `Key ${SECOND}` ? null : 'wrong',
  },
  path: { sets: ['template=/bot{}'], fault: ({ url }) => (url?.startsWith(`/bot${KEY}/`) ? null : 'wrong') },
  cookie: {
    sets: ['cookie=sid'],
    fault: ({ headers }) => (headers.cookie === `sid=${KEY}` ? null : 'wrong'),
  },
  'form-field': {
    sets: ['field=key'],
    method: 'POST',
    fault: (_, body) => (body.toString() === `key=${KEY}` ? null : 'wrong'),
  },
  sigv4: {
    sets: aws,
    more: ['session-token'],
    fault: (request, body) => awsFault(request, body, { ...AWS, sessionToken: SECOND }),
  },
  hmac: {
    sets: [`key-id=${keys.key}`, ...(EXCHANGES.okx?.settings ?? [])],
    more: ['passphrase'],
    fault: (request, body) => EXCHANGES.okx?.fault(request, body.toString(), keys) ?? null,
  },
  oauth1: {
    sets: ['consumer-key=ck', 'access-token=at'],
    more: ['access-token-secret'],
    fault: (request, body) =>
      oauth1Fault(
        request,
        body,
        {
          consumerKey: 'ck',
          consumerSecret: KEY,
          token: { key: 'at', secret: SECOND },
          algorithm: 'HMAC-SHA1',
        },
        new Set(),
      ),
  },
}

let home: CommandHome
let second: string
beforeAll(async () => {
  home = await unlockedHome()
  second = join(home.home, 'second')
  writeFileSync(second, SECOND)
})
afterAll(() => home.remove())

function add(id: string, kind: string, url: string, sets: string[], more: string[] = []) {
  const args = ['service', 'add', id, '--base-url', url, '--local', '--auth', kind, '--secret-stdin']
  const settings = sets.flatMap((set) => ['--set', set])
  return home.run(
    [...args, ...settings, ...more.flatMap((name) => ['--secret-file', `${name}=${second}`])],
    `${KEY}\n`,
  )
}

/** The command starts anew for every step: of the others the settings alone are tried, in `test/unit/cli-schemes.test.ts`. */
const KINDS = times(['form-field', 'sigv4', 'hmac'], Object.keys(TYPED))
test.each(Object.entries(TYPED).filter(([kind]) => KINDS.includes(kind)))(
  '%s: added, called, let in, and no secret shown',
  async (kind, { sets, more, method = 'GET', fault }) => {
    const server: LoopbackServer = await startKeyedUpstream(fault)
    try {
      const added = await add(kind, kind, server.url, sets, more)
      expect(added.stderr, added.stdout).toBe('')
      expect(added.code).toBe(0)
      await home.run(['capability', 'add', kind, '--service', kind, '--allow', '* /v1/**'])
      const called = await home.run(['call', kind, method, `${server.url}/v1/x?b=2&a=1%202`])
      expect(called.stdout).toContain('"fault":null')
      const shown = await home.run(['service', 'show', kind])
      for (const ran of [added, called, shown]) {
        expect(ran.stdout + ran.stderr).not.toContain(KEY)
        expect(ran.stdout + ran.stderr).not.toContain(SECOND)
      }
    } finally {
      await server.close()
    }
  },
)

test('two bearers by path: each path gets the key that was given for it', async () => {
  const server = await startKeyedUpstream(({ headers, url }) =>
    headers.authorization === `Bearer ${url?.startsWith('/v1/write') ? SECOND : KEY}` ? null : 'wrong',
  )
  try {
    const sets = ['path=/v1/write/**', 'secret-name=write-token']
    const where = ['service', 'add', 'two', '--base-url', server.url, '--local']
    const kinds = ['--auth', 'bearer', '--auth', 'bearer', ...sets.flatMap((set) => ['--set', set])]
    const files = ['--secret-stdin', '--secret-file', `write-token=${second}`]
    const added = await home.run([...where, ...kinds, ...files], `${KEY}\n`)
    expect(added.stderr).toBe('')
    expect(added.stdout).toMatch(/It holds: (token, write-token|write-token, token)\./)
    await home.run(['capability', 'add', 'two', '--service', 'two', '--allow', '* /v1/**'])
    for (const path of ['/v1/read/x', '/v1/write/x']) {
      const called = await home.run(['call', 'two', 'GET', `${server.url}${path}`])
      expect(called.stdout, path).toContain('"fault":null')
    }
  } finally {
    await server.close()
  }
})

type Refused = [sentence: string, kind: string, sets: string[], more: string[], code: number]
const REFUSED: Refused[] = [
  ['once', 'path', ['template=/k'], [], 1],
  ['beginning of a path', 'path', ['template=k/{}/'], [], 1],
  ['not the name of a cookie', 'cookie', ['cookie=a b'], [], 1],
  ['letters', 'form-field', ['field=a"b'], [], 1],
  ['neither region nor service', 'sigv4', ['access-key-id=A'], [], 1],
  ['is no region', 'sigv4', ['access-key-id=A', 'region=Europe', 'aws-service=s3'], [], 1],
  ['access-key-id', 'sigv4', ['region=us-east-1'], [], 2],
  ['goes nowhere', 'hmac', ['message={method}'], [], 1],
  ['not told the time', 'hmac', ['signature-header=x-sign'], [], 1],
  ['is not base64', 'hmac', ['signature-header=x-sign', 'message={method}', 'secret-encoding=base64'], [], 1],
  [
    '`passphrase`',
    'hmac',
    ['signature-header=x-sign', 'message={method}', 'passphrase-header=x-pass'],
    [],
    1,
  ],
  ['access-token-secret', 'oauth1', ['consumer-key=ck', 'access-token=at'], [], 1],
  ['has no secret `session-token`', 'oauth1', ['consumer-key=ck'], ['session-token'], 1],
  [
    '`x-a` is there twice',
    'hmac',
    ['message={method}', 'key-id=K', 'key-header=x-a', 'signature-header=x-a'],
    [],
    1,
  ],
]
const OFTEN = [
  'neither region nor service',
  'access-key-id',
  'goes nowhere',
  'is not base64',
  'access-token-secret',
]
test.each(REFUSED.filter(([sentence]) => times(OFTEN.includes(sentence), true)))(
  'what could make no call is not saved: %s',
  async (sentence, kind, sets, more, code) => {
    const ran = await add('broken', kind, 'http://127.0.0.1:9', sets, more)
    expect(ran.code).toBe(code)
    expect(ran.stderr).toContain(sentence)
    expect(ran.stdout + ran.stderr).not.toContain(KEY)
  },
)

test('nothing of what was refused is there', async () => {
  const listed = await home.run(['service', 'list', '--json'])
  expect(listed.json<{ id: string }[]>().map(({ id }) => id)).not.toContain('broken')
})
