import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CommandHome, type LocalServer, localServer, unlockedHome } from './cli-fixture.ts'

let home: CommandHome
let server: LocalServer

const run = (args: readonly string[], stdin = '') => home.run([...args, '--json'], stdin)
const call = async (capability: string, method: string, path: string) =>
  (await run(['call', capability, method, server.url + path])).code

beforeAll(async () => {
  server = await localServer((_, response) => response.end('{}'))
  home = await unlockedHome()
  const service = ['service', 'add', 'api', '--base-url', server.url, '--local', '--auth', 'none']
  expect(await run(service)).toMatchObject({ code: 0 })
  const capability = [
    'capability',
    'add',
    'wide',
    '--service',
    'api',
    '--allow',
    '* /v1/**',
    '--deny',
    'DELETE /**',
  ]
  expect(await run(capability)).toMatchObject({ code: 0 })
})
afterAll(async () => {
  await home.remove()
  await server.close()
})

test('what was called is all that is left, once it is applied; replay says the same before', async () => {
  expect((await run(['capability', 'tighten', 'wide'])).json()).toMatchObject({ error: { code: 'invalid' } })
  expect(await call('wide', 'GET', '/v1/items/17?page=2')).toBe(0)
  expect(await call('wide', 'GET', '/v1/models')).toBe(0)

  const proposed = await run(['capability', 'tighten', 'wide', '--since', '1h'])
  expect(proposed.json()).toMatchObject({
    applied: false,
    calls: 2,
    removed: ['allow * /v1/**'],
    added: ['allow GET /v1/items/*?page', 'allow GET /v1/models?'],
  })
  expect(proposed.stdout).not.toContain('page=2')
  const text = (await home.run(['capability', 'tighten', 'wide'])).stdout
  expect(text).toContain('- allow * /v1/**\n+ allow GET /v1/items/*?page\n')
  expect(text).toContain('Nothing was changed')
  expect(await call('wide', 'POST', '/v1/other')).toBe(0)

  const narrow = ['capability', 'add', 'narrow', '--service', 'api', '--allow', 'GET /v1/models']
  expect(await run(narrow)).toMatchObject({ code: 0 })
  expect((await run(['replay', 'narrow'])).json()).toMatchObject({
    calls: 3,
    same: 1,
    changed: [
      { method: 'GET', query: ['page'], was: 'allow', now: 'deny' },
      { method: 'POST', was: 'allow', now: 'deny', nowReason: 'no-rule' },
    ],
  })

  const applied = await run(['capability', 'tighten', 'wide', '--apply'])
  expect(applied.json<{ applied: boolean; added: string[] }>()).toMatchObject({ applied: true })
  expect(applied.json<{ added: string[] }>().added).toHaveLength(3)
  expect(await call('wide', 'GET', '/v1/items/18?page=3')).toBe(0)
  expect(await call('wide', 'GET', '/v1/items/18?page=3&all=1')).toBe(4)
  expect(await call('wide', 'GET', '/v1/items/18/parts')).toBe(4)
  expect(await call('wide', 'DELETE', '/v1/other')).toBe(4)
  const acts = (await run(['audit', 'list'])).json<{ kind: string; act?: string }[]>()
  expect(acts.filter(({ act }) => act === 'capability.tighten')).toHaveLength(1)
})

test('wrong usage', async () => {
  expect((await run(['capability', 'tighten', 'wide', '--since', 'soon'])).code).toBe(2)
  expect((await run(['capability', 'tighten', 'wide', '--since', '1h', '--session', 'x'])).code).toBe(2)
  expect((await run(['replay', 'nobody'])).json()).toMatchObject({ error: { code: 'unknown' } })
})
