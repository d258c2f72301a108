import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closeServer, sendJson } from '../support/upstreams/loopback-server.ts'
import { type CommandHome, unlockedHome } from './cli-fixture.ts'

/** What the owner is told of a server on this machine, by the command as it is built. */
let home: CommandHome
const servers: Server[] = []

beforeAll(async () => {
  home = await unlockedHome()
})
afterAll(() => home.remove())
afterEach(async () => {
  await Promise.all(servers.splice(0).map(closeServer))
})

/** A server with Jan's list of models. @param key null: it asks for none. */
async function startServer(host: string, key: string | null): Promise<string> {
  const server = createServer((request, response) => {
    const isGood = key === null || request.headers.authorization === `Bearer ${key}`
    sendJson(response, isGood ? 200 : 401, { object: 'list', data: [] })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface Finding {
  check: string
  state: string
  message: string
}

async function examined(id: string, url: string, key: string) {
  const added = ['service', 'add', id, '--preset', 'jan', '--base-url', url, '--local', '--secret-stdin']
  expect((await home.run(added, key)).code).toBe(0)
  const tested = await home.run(['service', 'test', id, '--json'])
  const spoken = await home.run(['service', 'test', id])
  const { findings } = (await home.run(['doctor', '--json'])).json<{ findings: Finding[] }>()
  await home.run(['service', 'remove', id])
  return {
    tested: tested.json<{ outcome: string; warnings?: object[] }>(),
    spoken: spoken.stdout,
    found: findings.filter(({ check }) => check === `service:${id}`),
  }
}

const KEY = 'a-local-key-of-the-test'

describe.runIf(process.platform === 'linux')('a server on this machine', () => {
  test('that asks for its key and listens on loopback gives no warning', async () => {
    const { tested, spoken, found } = await examined('good', await startServer('127.0.0.1', KEY), KEY)
    expect(tested).toMatchObject({ outcome: 'accepted' })
    expect(tested.warnings).toBeUndefined()
    expect(spoken).not.toContain('warning')
    expect(found.map(({ state }) => state)).toEqual(['ok'])
  })

  test('that others on the network reach is warned of, by `service test` and by `doctor`', async () => {
    const { tested, spoken, found } = await examined('open', await startServer('0.0.0.0', KEY), KEY)
    expect(tested).toMatchObject({
      outcome: 'accepted',
      warnings: [{ code: 'open-to-network', addresses: ['0.0.0.0'] }],
    })
    expect(spoken).toMatch(/^accepted: .*\nwarning: it listens at 0\.0\.0\.0/)
    expect(found).toMatchObject([{ state: 'warn', message: expect.stringContaining('0.0.0.0') }])
  })

  test('that asks for no key is warned of', async () => {
    const { tested, found } = await examined('keyless', await startServer('127.0.0.1', null), KEY)
    expect(tested).toMatchObject({ outcome: 'no-key-needed' })
    expect(found).toMatchObject([
      { state: 'ok' },
      { state: 'warn', message: expect.stringContaining('without a key') },
    ])
  })

  test('that does not run is no fault of the machine', async () => {
    const url = await startServer('127.0.0.1', null)
    await Promise.all(servers.splice(0).map(closeServer))
    const { tested, found } = await examined('gone', url, KEY)
    expect(tested).toMatchObject({ outcome: 'unreachable' })
    expect(found).toMatchObject([{ state: 'ok', message: expect.stringContaining('nothing listens') }])
  })
})
