import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CommandHome, type LocalServer, localServer, unlockedHome } from './cli-fixture.ts'

const KEY = 'sk-canary-of-the-backup-0123456789'
const OTHER_KEY = 'sk-canary-of-another-vault-0123456789'
const PASSPHRASE = 'a passphrase of its own'
const ORIGIN = 'https://site.example'

let from: CommandHome
let to: CommandHome
let server: LocalServer
let seen: (string | undefined)[] = []
let file: string

/** Every output of every run, for the keys that must be in none. */
const outputs: string[] = []

async function run(home: CommandHome, args: readonly string[], stdin = '') {
  const ran = await home.run([...args, '--json'], stdin)
  outputs.push(ran.stdout, ran.stderr)
  return ran
}

async function addService(home: CommandHome, key: string) {
  const service = [
    'service',
    'add',
    'api',
    '--base-url',
    server.url,
    '--local',
    '--auth',
    'bearer',
    '--secret-stdin',
  ]
  expect(await run(home, service, key)).toMatchObject({ code: 0 })
  const capability = [
    'capability',
    'add',
    'read',
    '--service',
    'api',
    '--allow',
    'GET /v1/**',
    '--max-tokens',
    '1000',
  ]
  expect(await run(home, capability)).toMatchObject({ code: 0 })
}

beforeAll(async () => {
  server = await localServer((request, response) => {
    seen.push(request.headers.authorization)
    response.end('{}')
  })
  from = await unlockedHome()
  to = await unlockedHome()
  file = join(from.home, 'keys.backup')
  await addService(from, KEY)
  expect(await run(from, ['grant', 'add', ORIGIN, 'read'])).toMatchObject({ code: 0 })
})
afterAll(async () => {
  await from.remove()
  await to.remove()
  await server.close()
})

test('a backup is one private file, written once, and its passphrase is its own', async () => {
  const made = await run(from, ['backup', file, '--passphrase-stdin'], `${PASSPHRASE}\n`)
  expect(made.json()).toMatchObject({ file, services: 1, capabilities: 1, grants: 1 })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const before = readFileSync(file)
  expect(before.includes(KEY)).toBe(false)
  const again = await run(from, ['backup', file, '--passphrase-stdin'], PASSPHRASE)
  expect(again).toMatchObject({ code: 1 })
  expect(again.json()).toMatchObject({ error: { code: 'exists' } })
  expect(readFileSync(file)).toEqual(before)
  expect(await run(from, ['backup', file, '--passphrase-stdin', '--replace'], PASSPHRASE)).toMatchObject({
    code: 0,
  })
  expect(readFileSync(file)).not.toEqual(before)
  const link = join(from.home, 'link')
  symlinkSync(file, link)
  const through = await run(from, ['backup', link, '--passphrase-stdin', '--replace'], PASSPHRASE)
  expect(through.json()).toMatchObject({ error: { code: 'invalid' } })
})

test.each([
  [['backup', 'short', '--passphrase-stdin'], 'short', 'weak-passphrase'],
  [['backup', '/nowhere/at/all', '--passphrase-stdin'], PASSPHRASE, 'invalid'],
  [['backup', 'x', '--passphrase-stdin'], '', 'usage'],
  [['backup', 'x', '--passphrase', 'y'], '', 'usage'],
])('%j is refused and leaves no file', async (args, stdin, code) => {
  const ran = await run(from, args, stdin)
  expect(ran.json()).toMatchObject({ error: { code } })
  expect(existsSync(String(args[1]))).toBe(false)
})

test('a file that is no backup, cut, changed or opened with another passphrase changes nothing', async () => {
  const whole = readFileSync(file)
  const broken = join(to.home, 'broken')
  const before = await run(to, ['audit', 'list'])
  const tries: [Uint8Array, string, string][] = [
    [Buffer.from('OPENAI_API_KEY=sk-x\n'), PASSPHRASE, 'invalid'],
    [whole.subarray(0, -1), PASSPHRASE, 'invalid'],
    [Buffer.concat([whole.subarray(0, -1), Buffer.from([(whole.at(-1) ?? 0) ^ 1])]), PASSPHRASE, 'invalid'],
    [whole, `${PASSPHRASE}!`, 'wrong-passphrase'],
  ]
  for (const [bytes, passphrase, code] of tries) {
    writeFileSync(broken, bytes)
    const ran = await run(to, ['restore', broken, '--passphrase-stdin', '--replace'], passphrase)
    expect(ran).toMatchObject({ code: 1 })
    expect(ran.json()).toMatchObject({ error: { code } })
  }
  expect((await run(to, ['audit', 'list'])).stdout).toBe(before.stdout)
  expect((await run(to, ['service', 'list'])).json()).toEqual([])
})

test('in another vault the key works and the site waits for its owner', async () => {
  const dry = await run(to, ['restore', file, '--passphrase-stdin', '--dry-run'], PASSPHRASE)
  expect(dry.json()).toMatchObject({ dryRun: true, services: ['api'], capabilities: ['read'], existing: [] })
  expect((await run(to, ['service', 'list'])).json()).toEqual([])

  const restored = await run(to, ['restore', file, '--passphrase-stdin'], PASSPHRASE)
  expect(restored.json()).toMatchObject({
    services: ['api'],
    capabilities: ['read'],
    replaced: [],
    keptGrants: 0,
  })
  seen = []
  expect(await run(to, ['call', 'read', 'GET', `${server.url}/v1/models`])).toMatchObject({ code: 0 })
  expect(seen).toEqual([`Bearer ${KEY}`])
  expect((await run(to, ['grant', 'list'])).json()).toMatchObject([{ origin: ORIGIN, capability: 'read' }])
  expect((await run(to, ['session', 'list'])).json()).toEqual([])
  expect((await run(to, ['audit', 'verify'])).code).toBe(0)
})

test('what exists refuses the whole file by name; with --replace the key of the file is the one that is sent', async () => {
  expect(await run(to, ['service', 'rotate', 'api', '--secret-stdin'], OTHER_KEY)).toMatchObject({ code: 0 })
  const refused = await run(to, ['restore', file, '--passphrase-stdin'], PASSPHRASE)
  expect(refused.json<{ error: { code: string; message: string } }>().error).toMatchObject({
    code: 'exists',
    message: expect.stringContaining('service api, capability read'),
  })
  seen = []
  await run(to, ['call', 'read', 'GET', `${server.url}/v1/models`])
  const replaced = await run(to, ['restore', file, '--passphrase-stdin', '--replace'], PASSPHRASE)
  expect(replaced.json()).toMatchObject({ replaced: ['service api', 'capability read'], keptGrants: 1 })
  await run(to, ['call', 'read', 'GET', `${server.url}/v1/models`])
  expect(seen).toEqual([`Bearer ${OTHER_KEY}`, `Bearer ${KEY}`])
})

test('no key and no passphrase was in any output', () => {
  expect(outputs.length).toBeGreaterThan(20)
  for (const secret of [KEY, OTHER_KEY, PASSPHRASE])
    expect(outputs.filter((each) => each.includes(secret))).toEqual([])
})
