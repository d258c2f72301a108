import { createCipheriv } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CommandHome, type LocalServer, localServer, unlockedHome } from './cli-fixture.ts'

const KEY = 'sk-canary-of-the-import-0123456789'
const PASSPHRASE = 'a passphrase of its own'

let home: CommandHome
let server: LocalServer
let seen: (string | undefined)[] = []
const outputs: string[] = []

async function run(args: readonly string[], stdin = '') {
  const ran = await home.run([...args, '--json'], stdin)
  outputs.push(ran.stdout, ran.stderr)
  return ran
}

function fileOf(name: string, text: string | Uint8Array): string {
  const path = join(home.home, name)
  writeFileSync(path, text)
  return path
}

beforeAll(async () => {
  server = await localServer((request, response) => {
    seen.push(request.headers['x-api-key'] as string)
    response.end('{}')
  })
  home = await unlockedHome()
})
afterAll(async () => {
  await home.remove()
  await server.close()
})

test('a Janee configuration with its credentials beside it: shown first, then taken, and the key works', async () => {
  const master = Buffer.alloc(32, 3)
  const cipher = createCipheriv('aes-256-gcm', master, Buffer.alloc(12, 4))
  const sealed = Buffer.concat([cipher.update(KEY), cipher.final()])
  const value = Buffer.concat([Buffer.alloc(12, 4), cipher.getAuthTag(), sealed]).toString('base64')
  fileOf(
    'credentials.json',
    JSON.stringify({
      masterKey: master.toString('base64'),
      secrets: { api: { headers: { 'X-Api-Key': value } } },
    }),
  )
  const config = fileOf(
    'config.yaml',
    `services:\n  api:\n    baseUrl: ${server.url}/v1\n    auth: { type: headers }\ncapabilities:\n  read:\n    service: api\n    ttl: 1h\n    rules: { allow: ['GET /things/*'] }\n  all: { service: api, ttl: 1h }\n`,
  )
  const dry = await run(['import', config, '--dry-run'])
  expect(dry.json()).toMatchObject({
    dryRun: true,
    format: 'janee',
    services: [{ id: 'api', auth: ['header'], secrets: ['value'] }],
    capabilities: [
      { id: 'read', rules: ['allow GET /v1/things/*/**'] },
      { id: 'all', rules: [] },
    ],
    existing: [],
  })
  expect((await run(['service', 'list'])).json()).toEqual([])
  const taken = await run(['import', config])
  expect(taken).toMatchObject({ code: 0 })
  expect(taken.json<{ remarks: { text: string }[] }>().remarks.map(({ text }) => text)).toContainEqual(
    expect.stringContaining('Janee allowed every call'),
  )
  seen = []
  expect(await run(['call', 'read', 'GET', `${server.url}/v1/things/1`])).toMatchObject({ code: 0 })
  expect(await run(['call', 'read', 'GET', `${server.url}/v1/others`])).toMatchObject({ code: 4 })
  expect(await run(['call', 'all', 'GET', `${server.url}/v1/things/1`])).toMatchObject({ code: 4 })
  expect(seen).toEqual([KEY])
  const again = await run(['import', config])
  expect(again.json()).toMatchObject({
    error: { code: 'exists', message: expect.stringContaining('service api, capability read') },
  })
  expect((await run(['import', config, '--replace'])).json()).toMatchObject({
    replaced: ['service api', 'capability read', 'capability all'],
  })
})

test('a .env file: the known key is taken, the rest is named', async () => {
  const env = fileOf(
    '.env',
    `# keys\nexport MODELSLAB_API_KEY='${KEY.replaceAll('-', '').repeat(2)}'\nDB_PASSWORD="${KEY}"\nPORT=1\n`,
  )
  const taken = await run(['import', env])
  expect(taken.json()).toMatchObject({
    format: 'env',
    services: [{ id: 'modelslab', preset: 'modelslab' }],
    leftOut: [{ about: 'DB_PASSWORD' }],
  })
  const acts = (await run(['audit', 'list', '--limit', '2'])).json<{ act: string; subject: string }[]>()
  expect(acts.map(({ act, subject }) => `${act} ${subject}`)).toEqual([
    'service.import modelslab',
    'vault.import env',
  ])
})

test('an OpenAPI document: a list to tick, then a service and a capability of what was ticked, and nothing is fetched', async () => {
  const paths = {
    '/animals': {
      get: { operationId: 'listAnimals' },
      post: { operationId: 'createAnimal', tags: ['making'] },
    },
    '/animals/search': { post: { operationId: 'searchAnimals' } },
    '/logout': { get: { operationId: 'logout' } },
    '/elsewhere': { $ref: `${server.url}/paths.json` },
  }
  const key = { type: 'apiKey', in: 'header', name: 'X-Api-Key' }
  const file = fileOf(
    'zoo.json',
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'The Zoo', version: '1' },
      servers: [{ url: `${server.url}/zoo` }],
      paths,
      components: { securitySchemes: { key } },
    }),
  )
  seen = []
  const list = await run(['import', file])
  const ticks = list.json<{
    operations: { operation: string; reads: boolean; rule: string }[]
    made: false
  }>()
  expect(ticks).toMatchObject({ made: false, baseUrl: `${server.url}/zoo`, auth: 'header' })
  expect(ticks.operations.filter(({ reads }) => reads).map(({ rule }) => rule)).toEqual([
    'GET /zoo/animals?',
    'POST /zoo/animals/search?',
  ])
  const choose = ['import', file, '--read-only', '--local']
  expect((await run([...choose, '--dry-run'])).json()).toMatchObject({
    dryRun: true,
    services: [{ id: 'the-zoo' }],
  })
  const dry = await home.run([...choose, '--dry-run'])
  expect(dry.stdout).toContain('service the-zoo needs its secret `value`')
  const plain = ['import', file, '--read-only', '--base-url', 'http://192.0.2.1/zoo', '--dry-run']
  expect((await run(plain)).json()).toMatchObject({ error: { code: 'invalid' } })
  expect((await run(choose)).json()).toMatchObject({ error: { code: 'secret-missing' } })
  expect((await run([...choose, '--secret-stdin'], KEY)).json()).toMatchObject({
    services: [{ id: 'the-zoo', label: 'The Zoo', secrets: ['value'] }],
    capabilities: [{ id: 'the-zoo-read', service: 'the-zoo' }],
    chosen: ['listAnimals', 'searchAnimals'],
  })
  const more = await run(['import', file, '--service', 'the-zoo', '--tag', 'making', '--capability', 'make'])
  expect(more.json()).toMatchObject({
    services: [],
    capabilities: [{ id: 'make', rules: ['allow POST /zoo/animals?'] }],
  })
  const answers = [
    await run(['call', 'the-zoo-read', 'POST', `${server.url}/zoo/animals/search`]),
    await run(['call', 'the-zoo-read', 'POST', `${server.url}/zoo/animals`]),
    await run(['call', 'the-zoo-read', 'GET', `${server.url}/zoo/logout`]),
    await run(['call', 'make', 'POST', `${server.url}/zoo/animals`]),
  ]
  expect(answers.map(({ code }) => code)).toEqual([0, 4, 4, 0])
  expect(seen).toEqual([KEY, KEY])
  expect((await run(['import', file, '--tag', 'nobody'])).json()).toMatchObject({
    error: { code: 'unknown' },
  })
  expect(await run(['import', file, '--credentials', file])).toMatchObject({ code: 2 })
})

test('an OpenAPI document that is only called like a service is not taken for it', async () => {
  const paths = { '/animals': { get: { operationId: 'listAnimals' } } }
  const ofServers = (servers: object[]) =>
    fileOf(
      'called-zoo.json',
      JSON.stringify({ openapi: '3.1.0', info: { title: 'The Zoo', version: '1' }, servers, paths }),
    )
  const choice = ['--operation', 'listAnimals', '--capability', 'called-zoo']
  for (const servers of [[{ url: 'https://zoo.example/v1' }], []]) {
    const file = ofServers(servers)
    expect((await run(['import', file, ...choice])).json()).toMatchObject({ error: { code: 'invalid' } })
  }
  // The owner who says so means it.
  expect((await run(['import', ofServers([]), ...choice, '--service', 'the-zoo'])).json()).toMatchObject({
    capabilities: [{ id: 'called-zoo', service: 'the-zoo', rules: ['allow GET /zoo/animals?'] }],
  })
})

test('a backup is recognised', async () => {
  const file = join(home.home, 'vault.backup')
  expect(await run(['backup', file, '--passphrase-stdin'], PASSPHRASE)).toMatchObject({ code: 0 })
  const dry = await run(['import', file, '--dry-run', '--passphrase-stdin'], PASSPHRASE)
  expect(dry.json()).toMatchObject({ format: 'backup', services: ['api', 'modelslab', 'the-zoo'] })
})

test('what is no such file, or a broken one, is refused with a code, and nothing is changed', async () => {
  const before = (await run(['audit', 'list', '--limit', '1'])).stdout
  const bad: [string, string | Uint8Array][] = [
    ['nothing.txt', 'hello\n'],
    ['empty', ''],
    ['bytes', new Uint8Array([0xff, 0xfe, 0x00])],
    ['cut.json', '{"services":'],
    ['config.yml', 'services:\n  a: [\n'],
    ['credentials.json', JSON.stringify({ masterKey: KEY, secrets: {} })],
    ['unknown.env', `WHATEVER=${KEY}\n`],
    ['broken.env', `A="${KEY}\n`],
  ]
  for (const [name, text] of bad) {
    const ran = await run(['import', fileOf(name, text)])
    expect(ran).toMatchObject({ code: 1 })
    expect(ran.json()).toMatchObject({ error: { code: 'invalid' } })
  }
  expect((await run(['audit', 'list', '--limit', '1'])).stdout).toBe(before)
})

test('no key was in any output', () => {
  expect(outputs.length).toBeGreaterThan(20)
  expect(outputs.filter((each) => each.includes('sk-canary') || each.includes('skcanary'))).toEqual([])
})
