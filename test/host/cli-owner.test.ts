import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readExport } from '../support/export-reader.ts'
import { CLI, type CommandHome, unlockedHome } from './cli-fixture.ts'

const KEY = 'sk-canary-0123456789abcdef'
const CHAT = 'https://api.openai.com/v1/chat/completions'
const ORIGIN = 'https://site.example'

let home: CommandHome
beforeAll(async () => {
  home = await unlockedHome()
})
afterAll(() => home.remove())

describe('wrong usage', () => {
  test.each([
    [[]],
    [['nonsense']],
    [['service', 'nonsense']],
    [['service', 'add']],
    [['service', 'add', 'x', '--nonsense']],
    [['service', 'add', 'x', '--base-url', 'https://a.example']],
    [['service', 'add', 'x', '--base-url', 'https://a.example', '--auth', 'sigv4']],
    [['service', 'add', 'x', '--preset', 'openai', '--set', 'param=x']],
    [['capability', 'add', 'x']],
    [['capability', 'add', 'x', '--service', 's', '--ttl', 'soon']],
    [['capability', 'add', 'x', '--service', 's', '--max-cost', '0']],
    [['capability', 'add', 'x', '--service', 's', '--failover-on', '429']],
    [['capability', 'add', 'x', '--service', 's', '--failover', 'y', '--failover-on', 'never']],
    [['service', 'add', 'x', '--preset', 'openai', '--failover', 'y']],
    [['explain', 'x']],
    [['session', 'revoke']],
    [['grant', 'add', 'site.example', 'x']],
    [['grant', 'add', 'https://site.example/path', 'x']],
    [['audit', 'list', '--decision', 'maybe']],
    [['budget', 'reset']],
  ])('%j is 2, one JSON value, and nothing on stderr', async (args) => {
    const ran = await home.run([...args, '--json'])
    expect(ran.code).toBe(2)
    expect(ran.json()).toEqual({ error: { code: 'usage', message: expect.any(String) } })
    expect(ran.stderr).toBe('')
  })

  test('a secret in an argument is refused with the reason and is not repeated', async () => {
    const lines = [
      ['service', 'add', 'x', '--preset', 'openai', '--secret', KEY],
      ['service', 'add', 'x', '--preset', 'openai', `--token=${KEY}`],
      ['service', 'add', 'x', '--base-url', 'https://a.example', '--auth', 'bearer', '--set', `token=${KEY}`],
      ['init', '--passphrase', KEY],
      ['service', 'list', `--unknown=${KEY}`],
    ]
    for (const args of lines) {
      const ran = await home.run(args)
      expect(ran.code).toBe(2)
      expect(ran.stdout + ran.stderr).not.toContain(KEY)
    }
    const { stderr } = await home.run(['service', 'add', 'x', '--preset', 'openai', '--secret', KEY])
    expect(stderr).toMatch(/arguments are visible to every program/)
  })

  test('help is no failure', async () => {
    const ran = await home.run(['--help'])
    expect(ran.code).toBe(0)
    for (const noun of [
      'init',
      'unlock',
      'slot',
      'service',
      'capability',
      'explain',
      'call',
      'grant',
      'doctor',
    ]) {
      expect(ran.stdout).toContain(noun)
    }
    expect(ran.stdout).not.toContain('holder')
    expect((await home.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('from a key to a session', () => {
  test('a service, a capability, a grant, a session, its end, and the audit of it all', async () => {
    const added = await home.run(
      ['service', 'add', 'oai', '--preset', 'openai', '--secret-stdin', '--json'],
      `${KEY}\n`,
    )
    expect(added.json()).toMatchObject({ id: 'oai', secrets: ['token'], capabilities: [] })
    const again = await home.run(
      ['service', 'add', 'oai', '--preset', 'openai', '--secret-stdin', '--json'],
      KEY,
    )
    expect(again).toMatchObject({ code: 1 })
    expect(again.json()).toMatchObject({ error: { code: 'exists' } })

    const capability = ['capability', 'add', 'chat', '--service', 'oai', '--json']
    const made = await home.run([
      ...capability,
      '--from-preset',
      'openai-chat',
      '--model',
      'gpt-x',
      '--rate',
      '5/min',
    ])
    expect(made.json()).toMatchObject({ id: 'chat', models: ['gpt-x'], limits: { ratePerMinute: 5 } })

    const granted = await home.run(['grant', 'add', `${ORIGIN}/`, 'chat', '--ttl', '1h', '--json'])
    const grant = granted.json<{ id: string; session: { id: string } }>()
    expect(grant).toMatchObject({ origin: ORIGIN, topOrigin: ORIGIN, capability: 'chat', ttl: 3600 })
    expect((await home.run(['status', '--json'])).json()).toMatchObject({ services: 1, liveSessions: 1 })

    const [session] = (await home.run(['session', 'list', '--json'])).json<
      { id: string; endReason: null }[]
    >()
    expect(session).toMatchObject({ id: grant.session.id, endReason: null })
    expect((await home.run(['session', 'revoke', '--all', '--json'])).json()).toEqual({ revoked: 1 })
    expect((await home.run(['session', 'revoke', grant.session.id, '--json'])).json()).toEqual({ revoked: 0 })

    expect((await home.run(['grant', 'list', '--json'])).json()).toHaveLength(1)
    expect((await home.run(['grant', 'remove', grant.id])).code).toBe(0)
    expect((await home.run(['grant', 'list', '--json'])).json()).toEqual([])

    const audit = (await home.run(['audit', 'list', '--json'])).json<{ act: string }[]>()
    const [newest] = audit
    expect(newest?.act).toBe('grant.remove')
    expect(audit.map(({ act }) => act)).toContain('session.revoke')
    const exported = await home.run(['audit', 'export'])
    const lines = exported.stdout.trimEnd().split('\n')
    expect(lines.slice(1, -1).map((line) => (JSON.parse(line) as { id: string }).id)).toHaveLength(
      audit.length,
    )
    const publicKey = (await home.run(['audit', 'key'])).stdout.trim()
    expect(await readExport(Buffer.from(exported.stdout), publicKey)).toBe(audit.length)
    const offline = ['audit', 'verify', '--file', '-', '--public-key']
    expect((await home.run([...offline, publicKey], exported.stdout)).code).toBe(0)
    expect((await home.run([...offline, '0'.repeat(64)], exported.stdout)).code).toBe(1)
    expect((await home.run(['audit', 'export', '--json'])).json()).toHaveLength(audit.length)
    expect((await home.run(['audit', 'verify', '--json'])).json()).toMatchObject({
      ok: true,
      records: audit.length,
    })
    expect(JSON.stringify(audit)).not.toContain(KEY)
  })

  test('a capability without a rule allows nothing and says so', async () => {
    const unnamed = [
      'capability',
      'add',
      'unnamed',
      '--service',
      'oai',
      '--allow',
      'POST /v1/chat/completions',
    ]
    expect((await home.run(unnamed)).stderr).toBe('')
    await home.run(
      ['service', 'add', 'lab', '--preset', 'modelslab', '--secret-stdin'],
      `${'k'.repeat(60)}\n`,
    )
    const draw = ['capability', 'add', 'draw', '--service', 'lab', '--from-preset', 'modelslab-image']
    expect((await home.run(draw)).stderr).toContain('names no model, and refuses every call')
    const named = ['capability', 'add', 'named', '--service', 'lab', '--from-preset', 'modelslab-image']
    expect((await home.run([...named, '--model', 'flux'])).stderr).toBe('')
    const made = await home.run(['capability', 'add', 'nothing', '--service', 'oai'])
    expect(made.stderr).toMatch(/allows nothing/)
    const asked = await home.run(['explain', 'nothing', 'GET', 'https://api.openai.com/v1/models', '--json'])
    expect(asked.code).toBe(4)
    expect(asked.json()).toMatchObject({ decision: 'deny', reason: 'no-rule' })
  })

  test('a rule that cannot be read is refused when it is saved', async () => {
    const made = await home.run([
      'capability',
      'add',
      'odd',
      '--service',
      'oai',
      '--allow',
      'GET v1',
      '--json',
    ])
    expect(made.code).toBe(1)
    expect(made.json()).toMatchObject({
      error: { code: 'invalid', message: expect.stringContaining('GET v1') },
    })
    expect((await home.run(['capability', 'show', 'odd'])).code).toBe(1)
  })

  test('a key with a slip of the paste is refused, and only its one line end is taken off', async () => {
    const add = (id: string, text: string) =>
      home.run(['service', 'add', id, '--preset', 'openai', '--secret-stdin', '--json'], text)
    for (const text of [`${KEY}\n\n`, ` ${KEY}`, `${KEY}\u0000`, '\n', ''])
      expect((await add('slip', text)).code).not.toBe(0)
    expect((await add('crlf', `${KEY}\r\n`)).code).toBe(0)
  })

  test('a secret may come from a named file', async () => {
    const file = join(home.home, 'secret')
    writeFileSync(file, `${KEY}\n`, { mode: 0o600 })
    const args = ['service', 'add', 'filed', '--base-url', 'https://a.example/', '--auth', 'header']
    const sets = ['--set', 'header=X-Api-Key', '--set', 'format=Token {}', '--secret-file', `value=${file}`]
    expect((await home.run([...args, ...sets, '--json'])).json()).toMatchObject({ secrets: ['value'] })
    const shown = await home.run(['service', 'show', 'filed', '--json'])
    expect(shown.json()).toMatchObject({ baseUrls: ['https://a.example'], strip: { headers: ['x-api-key'] } })
    expect(shown.stdout).not.toContain(KEY)
    expect(
      (await home.run([...args.slice(0, 2), 'f2', ...args.slice(3), ...sets.slice(0, -1), 'value=/nope']))
        .code,
    ).toBe(2)
  })

  test('plain http and private places are refused without --local', async () => {
    const add = (...args: string[]) =>
      home.run(['service', 'add', 'place', '--auth', 'bearer', '--secret-stdin', '--json', ...args], KEY)
    expect((await add('--base-url', 'http://api.example')).json()).toMatchObject({
      error: { code: 'invalid' },
    })
    expect((await add('--base-url', 'http://127.0.0.1:1')).json()).toMatchObject({
      error: { code: 'invalid' },
    })
    expect((await add('--base-url', 'http://box.lan', '--local')).json()).toMatchObject({
      error: { code: 'invalid' },
    })
    expect((await add('--base-url', 'http://box.lan', '--local', '--address', '10.0.0.9')).code).toBe(0)
  })

  test('rotate replaces the key and remove takes everything of a service along', async () => {
    expect(
      (await home.run(['service', 'rotate', 'oai', '--secret-stdin'], 'sk-another-0123456789')).code,
    ).toBe(0)
    expect(
      (await home.run(['service', 'rotate', 'nope', '--secret-stdin'], 'sk-another-0123456789')).code,
    ).toBe(1)
    expect((await home.run(['service', 'remove', 'crlf'])).code).toBe(0)
    expect((await home.run(['service', 'show', 'crlf', '--json'])).json()).toMatchObject({
      error: { code: 'unknown' },
    })
  })
})

describe('explain', () => {
  test('one request: what would be sent, without the credential; 0 for allow, 4 for deny', async () => {
    const body = join(home.home, 'body.json')
    writeFileSync(body, '{"model":"gpt-x","messages":[]}')
    const headers = ['-H', 'Content-Type: application/json', '-H', `Authorization: Bearer ${KEY}`]
    const asked = await home.run(['explain', 'chat', 'POST', CHAT, ...headers, '--body-file', body, '--json'])
    expect(asked.code).toBe(0)
    expect(asked.json()).toEqual({
      decision: 'allow',
      reason: 'rule-allow',
      rule: 'POST /v1/chat/completions',
      request: {
        method: 'POST',
        url: CHAT,
        headers: { 'content-type': 'application/json', accept: '*/*', 'user-agent': 'valetkey' },
      },
    })
    expect((await home.run(['explain', 'chat', 'POST', `${CHAT}/../x`, '--json'])).json()).toEqual({
      decision: 'deny',
      reason: 'url-unsafe',
      rule: null,
      request: null,
    })
    expect((await home.run(['explain', 'chat', 'DELETE', CHAT])).code).toBe(4)
    expect((await home.run(['explain', 'nope', 'GET', CHAT])).code).toBe(1)
  })

  test('many requests: one answer a line, also for lines that are none, and always 0', async () => {
    const line = (method: string, url: string, more = {}) => JSON.stringify({ method, url, ...more })
    const asked = await home.run(
      ['explain', 'chat', '--stdin'],
      [
        line('GET', 'https://api.openai.com/v1/models'),
        'no json at all',
        '{"method":"GET"}',
        '',
        line('POST', CHAT, { headers: { 'content-type': 'application/json' }, body: '{"model":"gpt-x"}' }),
        line('POST', CHAT, { headers: { 'content-type': 'application/json' }, body: '{"model":"other"}' }),
        line('GET', 'https://evil.example/v1/models'),
      ].join('\n'),
    )
    expect(asked.code).toBe(0)
    const answers = asked.stdout
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each) as { decision: string; reason: string })
    expect(answers.map(({ decision, reason }) => `${decision} ${reason}`)).toEqual([
      'allow rule-allow',
      'deny malformed',
      'deny malformed',
      'deny malformed',
      'allow rule-allow',
      'deny model-not-listed',
      'deny other-service',
    ])
  })

  test('answers as it is asked, not at the end', async () => {
    const child = spawn(process.execPath, [CLI, 'explain', 'chat', '--stdin'], { env: home.env })
    const closed = new Promise((resolve) => child.once('close', resolve))
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    for (const _ of [1, 2]) {
      child.stdin.write('{"method":"GET","url":"https://api.openai.com/v1/models"}\n')
      expect(JSON.parse((await answers.next()).value ?? '')).toMatchObject({ decision: 'allow' })
    }
    child.stdin.end()
    expect(await closed).toBe(0)
  })
})

test('a failover is saved, shown and explained, with a word on paying twice', async () => {
  const chat = 'POST /v1/chat/completions'
  const service = (id: string, url: string) =>
    home.run(['service', 'add', id, '--base-url', url, '--auth', 'bearer', '--secret-stdin'], KEY)
  expect((await service('far', 'https://far.example/v1')).code).toBe(0)
  expect((await service('near', 'https://near.example')).code).toBe(0)
  await home.run(['capability', 'add', 'near', '--service', 'near', '--allow', chat, '--model', 'small'])
  const far = ['capability', 'add', 'far', '--service', 'far', '--allow', chat]
  const onward = ['--failover', 'near', '--failover-model', '*=small', '--failover-timeout', '20s']
  expect((await home.run([...far, '--failover', 'nowhere'])).code).toBe(1)
  const added = await home.run([...far, ...onward])
  expect(added.stdout).toMatch(/on unreachable, timeout a call goes on to near/)
  expect(added.stdout).toMatch(/pay twice/)
  const shown = (await home.run(['capability', 'show', 'far', '--json'])).json()
  expect(shown).toMatchObject({
    failover: {
      capability: 'near',
      on: ['unreachable', 'timeout'],
      models: [{ from: null, to: 'small' }],
      wait: 20,
    },
  })
  const asked = [
    'far',
    'POST',
    'https://far.example/v1/chat/completions',
    '-H',
    'content-type: application/json',
  ]
  const body = '{"model":"gpt-5"}'
  const explained = await home.run(['explain', ...asked, '--body-file', '-', '--json'], body)
  expect(explained.json()).toMatchObject({
    decision: 'allow',
    failover: {
      capability: 'near',
      decision: 'allow',
      request: { url: 'https://near.example/v1/chat/completions' },
    },
  })
  const said = await home.run(['explain', ...asked, '--body-file', '-'], body)
  expect(said.stdout).toMatch(/on unreachable, timeout it would go on to near:\nallow: /)
})

describe('audit follow', () => {
  test('prints what happens as NDJSON and ends when the vault is locked', async () => {
    const child = spawn(process.execPath, [CLI, 'audit', 'follow'], { env: home.env })
    const closed = new Promise((resolve) => child.once('close', resolve))
    const records = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    // The command has begun to follow once it prints: keep acting until then.
    let acting = true
    const act = (async () => {
      for (let turn = 0; acting && turn < 20; turn += 1) {
        await home.run(['grant', 'add', `https://s${turn}.example`, 'chat'])
      }
    })()
    const first = JSON.parse((await records.next()).value ?? '') as { act: string; by: string }
    acting = false
    await act
    expect(first).toMatchObject({ kind: 'act', by: 'cli' })
    await home.run(['lock'])
    expect(await closed).toBe(0)
  })
})
