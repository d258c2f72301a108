import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandHome, type LocalServer, localServer, unlockedHome } from './cli-fixture.ts'

const KEY = 'sk-canary-0123456789abcdef'

let home: CommandHome
let server: LocalServer
const arrived: { url: string; authorization: string | undefined; body: string }[] = []

beforeAll(async () => {
  home = await unlockedHome()
  server = await localServer((request, response, body) => {
    const { authorization } = request.headers
    arrived.push({ url: request.url ?? '', authorization, body })
    const right = authorization === `Bearer ${KEY}`
    const status = { '/open': 200, '/forbidden': 403, '/gone': 404 }[request.url ?? ''] ?? (right ? 200 : 401)
    response.writeHead(status, { 'content-type': 'application/json', 'set-cookie': 'a=b' })
    response.end(JSON.stringify({ echo: authorization ?? null, body }))
  })
  await add('local', server.url, KEY)
  await home.run([
    'capability',
    'add',
    'all',
    '--service',
    'local',
    '--allow',
    'GET,POST /**',
    '--deny',
    '* /secret/**',
  ])
})
afterAll(async () => {
  await home.remove()
  await server.close()
})

function add(id: string, url: string, key: string) {
  const args = ['service', 'add', id, '--base-url', url, '--local', '--auth', 'bearer', '--secret-stdin']
  return home.run(args, `${key}\n`)
}

describe('call', () => {
  test('sends with the credential, streams the body and shows no key', async () => {
    const body = join(home.home, 'body.json')
    writeFileSync(body, '{"a":1}')
    const url = `${server.url}/v1/x?q=1`
    const headers = ['-H', 'content-type: application/json', '-H', 'authorization: Bearer placeholder']
    const ran = await home.run(['call', 'all', 'POST', url, ...headers, '--body-file', body, '--include'])
    expect(ran.code).toBe(0)
    expect(arrived.at(-1)).toEqual({ url: '/v1/x?q=1', authorization: `Bearer ${KEY}`, body: '{"a":1}' })
    expect(ran.stdout).toMatch(/^HTTP 200 OK\ncontent-type: application\/json\n/)
    expect(ran.stdout).toContain('Bearer [redacted]')
    expect(ran.stdout + ran.stderr).not.toContain(KEY)
    expect(ran.stdout).not.toContain('set-cookie')
  })

  test('a GET with a body is refused, as a page’s would be, and `explain` says so', async () => {
    const body = join(home.home, 'body.txt')
    writeFileSync(body, 'x')
    const args = ['all', 'GET', `${server.url}/x`, '--body-file', body]
    expect((await home.run(['call', ...args])).code).toBe(4)
    expect((await home.run(['explain', ...args])).stdout).toContain('carries no body')
  })

  test('answers one JSON value with --json', async () => {
    const ran = await home.run(['call', 'all', 'GET', `${server.url}/x`, '--json'])
    expect(ran.json()).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } })
    expect(ran.json<{ body: string }>().body).toContain('[redacted]')
  })

  test('is 4 where policy denies it, and nothing was sent', async () => {
    const before = arrived.length
    for (const [method, path] of [
      ['GET', '/secret/x'],
      ['DELETE', '/x'],
      ['GET', '/a/../b'],
    ] as const) {
      const ran = await home.run(['call', 'all', method, `${server.url}${path}`, '--json'])
      expect(ran.code).toBe(4)
      expect(ran.json()).toMatchObject({ error: { message: expect.any(String) } })
    }
    expect((await home.run(['call', 'all', 'GET', 'https://elsewhere.example/x'])).code).toBe(4)
    const byReason = ['audit', 'list', '--reason', 'rule-deny', '--json']
    expect((await home.run(byReason)).json()).toMatchObject([
      { kind: 'refusal', reason: 'rule-deny', url: `${server.url}/secret/x` },
    ])
    expect(arrived).toHaveLength(before)
  })

  test('is 1 for a capability there is not and for a service that is down', async () => {
    expect((await home.run(['call', 'nope', 'GET', server.url])).code).toBe(1)
    const down = await localServer((_request, response) => response.end())
    await down.close()
    await add('down', down.url, KEY)
    await home.run(['capability', 'add', 'down', '--service', 'down', '--allow', 'GET /**'])
    const ran = await home.run(['call', 'down', 'GET', `${down.url}/x`, '--json'])
    expect(ran.code).toBe(1)
    expect(ran.json()).toMatchObject({ error: { code: 'upstream-unreachable' } })
    // What it failed with finds it again, and nothing else.
    const list = (...args: string[]) => home.run(['audit', 'list', '--problem', ...args])
    expect((await list('refused', '--json')).json()).toMatchObject([
      { kind: 'outcome', result: 'failed', problem: 'refused' },
      { kind: 'intent', url: `${down.url}/x`, service: 'down' },
    ])
    expect((await list('refused')).stdout).toMatch(/failed refused.*\n.*allow GET .*\/x /)
    expect((await list('dns', '--json')).json()).toEqual([])
    expect((await list('no such code')).code).toBe(2)
  })

  test('is in the audit before and after, as the owner’s own', async () => {
    await home.run(['call', 'all', 'GET', `${server.url}/audited`])
    const [outcome, intent] = (await home.run(['audit', 'list', '--json'])).json<Record<string, unknown>[]>()
    expect(intent).toMatchObject({
      kind: 'intent',
      origin: 'owner:local',
      session: null,
      url: `${server.url}/audited`,
    })
    expect(outcome).toMatchObject({ kind: 'outcome', intent: intent?.id, result: 'sent', status: 200 })
    expect((await home.run(['audit', 'verify'])).code).toBe(0)
  })
})

describe('service test', () => {
  test('says that the service accepted the key', async () => {
    const ran = await home.run(['service', 'test', 'local', '--json'])
    expect(ran).toMatchObject({ code: 0 })
    expect(ran.json()).toMatchObject({ outcome: 'accepted', status: 200 })
  })

  test('says that it refused the key, and is 1', async () => {
    await add('wrong', server.url, 'sk-wrong-0123456789')
    const ran = await home.run(['service', 'test', 'wrong', '--json'])
    expect(ran.code).toBe(1)
    expect(ran.json()).toMatchObject({ outcome: 'key-refused', status: 401 })
  })

  test.each([
    ['open', '/open', 'no-key-needed', 0],
    ['forbidden', '/forbidden', 'lacks-scope', 1],
    ['gone', '/gone', 'wrong-base-url', 1],
  ])('of a server at %s says %s', async (id, path, outcome, code) => {
    await add(id, `${server.url}${path}`, KEY)
    const ran = await home.run(['service', 'test', id, '--json'])
    expect(ran.json()).toMatchObject({ outcome })
    expect(ran.code).toBe(code)
  })

  test('of a preset at an address of this machine needs `--local`, and works without a key', async () => {
    const args = ['service', 'add', 'lms', '--preset', 'openai-compatible', '--base-url', `${server.url}/v1`]
    const refused = await home.run([...args, '--json'])
    expect(refused.code).toBe(1)
    expect(refused.json()).toMatchObject({
      error: { code: 'invalid', message: expect.stringContaining('declare the service local (`--local`)') },
    })
    const named = `${server.url.replace('127.0.0.1', 'localhost')}/v1`
    const byName = await home.run([...args.slice(0, -1), named, '--local', '--json'])
    expect(byName.json()).toMatchObject({ error: { message: expect.stringContaining('`--address`') } })
    expect((await home.run([...args, '--local', '--json'])).json()).toMatchObject({
      local: true,
      secrets: [],
    })
    // This server wants a key: the test must not say that one was refused.
    expect((await home.run(['service', 'test', 'lms', '--json'])).json()).toMatchObject({
      outcome: 'key-refused',
      message: expect.stringContaining('wants a key'),
    })
  })

  test('of a preset uses the path the preset names, below the owner’s base URL', async () => {
    const args = [
      'service',
      'add',
      'oaic',
      '--preset',
      'openai-compatible',
      '--base-url',
      `${server.url}/openai/v1`,
    ]
    expect((await home.run([...args, '--local', '--secret-stdin'], KEY)).code).toBe(0)
    expect((await home.run(['service', 'test', 'oaic', '--json'])).json()).toMatchObject({
      outcome: 'accepted',
    })
    expect(arrived.map(({ url }) => url)).toContain('/openai/v1/models')
  })
})
