import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeLauncher } from '../support/launched-host.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { closeServer, sendJson } from '../support/upstreams/loopback-server.ts'
import { CLI } from './cli-fixture.ts'

/** What the control room is told of servers on this machine, by a host under the launcher's permissions. */
const KEY = 'a-local-key-of-the-test'
const servers: Server[] = []
let root: string
let vault: OwnedVault
let host: NativeHost

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  vault = await OwnedVault.create()
  host = await NativeHost.start(vault.home, writeLauncher(root, CLI, vault.home, root))
})
afterAll(async () => {
  await host.close()
  await Promise.all(servers.map(closeServer))
  await vault.remove()
  rmSync(root, { recursive: true, force: true })
})

/** Start a server with Jan's list of models, add it as the control room does, and test it. @param key null: it asks for none. */
async function examined(id: string, listenAt: string, key: string | null) {
  const server = createServer((request, response) => {
    const isGood = key === null || request.headers.authorization === `Bearer ${key}`
    sendJson(response, isGood ? 200 : 401, { object: 'list', data: [] })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, listenAt, resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const parts = { preset: 'jan', baseUrls: [baseUrl], local: { address: null }, capabilities: [] }
  await host.order({ name: 'service-add', id, ...parts, secrets: { token: KEY } })
  return host.order({ name: 'service-test', id })
}

test.runIf(process.platform === 'linux').each([
  ['one that others on the network reach', 'open', '0.0.0.0', KEY, 'accepted', ['0.0.0.0']],
  ['one that asks them for no key either', 'keyless', '0.0.0.0', null, 'no-key-needed', ['0.0.0.0']],
  ['one on loopback, not at all', 'good', '127.0.0.1', KEY, 'accepted', null],
] as const)('warns of %s', async (_, id, listenAt, key, outcome, addresses) => {
  const result = await examined(id, listenAt, key)
  expect(result).toMatchObject({ outcome })
  const warned =
    addresses === null ? undefined : [expect.objectContaining({ code: 'open-to-network', addresses })]
  expect(result.warnings).toEqual(warned)
  expect(host.stderr()).toBe('')
})
