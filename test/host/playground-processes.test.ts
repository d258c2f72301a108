import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { PlaygroundWatch } from '../../native-host/owner/playground-watch.ts'
import { unlock } from '../../native-host/owner/vault.ts'
import { listGrants } from '../../native-host/store/grants.ts'
import { listServices } from '../../native-host/store/services.ts'
import { eventually } from '../support/eventually.ts'
import { writeLauncher } from '../support/launched-host.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { serverAt } from '../support/server-at.ts'
import { CLI, type LocalServer, localServer } from './cli-fixture.ts'

/** One playground, and several processes that have its vault open: two browsers' hosts, as installed, and the command. */
const KEY = 'a-key-that-no-stranger-may-use'

let root: string
let launcher: string
let upstream: LocalServer
/** What reached the other service with its key. */
let served = 0
let vault: OwnedVault
let hosts: [NativeHost, NativeHost]

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  upstream = await localServer((request, response) => {
    if (request.headers.authorization === `Bearer ${KEY}`) served += 1
    response.writeHead(200, { 'content-type': 'text/plain' }).end('served')
  })
  vault = await OwnedVault.create(root)
  vault.addService('other', `${upstream.url}/v1`, KEY)
  vault.addCapability('other', 'other', ['GET /v1/**'])
  launcher = writeLauncher(root, CLI, vault.home, root)
  hosts = [await start(), await start()]
})
afterAll(async () => {
  await Promise.all(hosts.map(kill))
  await vault.remove()
  await upstream.close()
  rmSync(root, { recursive: true, force: true })
})
beforeEach(async () => {
  served = 0
  const [one, other] = hosts
  hosts = [isRunning(one) ? one : await start(), isRunning(other) ? other : await start()]
})
afterEach(async () => {
  const host = hosts.find(isRunning)
  host?.process.kill('SIGCONT')
  await host?.order({ name: 'playground-close' })
})

const start = () => NativeHost.start(vault.home, launcher)
const isRunning = ({ process: { exitCode, signalCode } }: NativeHost) =>
  exitCode === null && signalCode === null
const owner = () => ({ store: vault.store, keys: vault.keys, now: Date.now, by: 'cli' as const })
const services = () => listServices(vault.store, vault.keys).map(({ id }) => id)
const grantsAt = (at: string) =>
  listGrants(vault.store, vault.keys).filter(({ origin, topOrigin }) => [origin, topOrigin].includes(at))
const open = (host: NativeHost) => host.order({ name: 'playground-open' })
const isThere = (url: string) =>
  fetch(url).then(
    ({ status }) => status === 200,
    () => false,
  )

/** Connect the playground's page to the other service, in a tab of this host's browser. @returns its call. */
async function connectOther(host: NativeHost, origin: string): Promise<() => ReturnType<NativeHost['ask']>> {
  await host.order({ name: 'connect', origin, topOrigin: origin, capability: 'other', ttl: 600 })
  const { id } = await host.document({ origin })
  return () => host.ask(id, 'GET', `${upstream.url}/v1/x`)
}

async function kill(host: NativeHost): Promise<void> {
  host.process.kill('SIGKILL')
  await host.exited
}

/** The command, until it ends. */
function command(...args: string[]) {
  const env = { PATH: process.env.PATH ?? '', HOME: root, VALETKEY_HOME: vault.home }
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], { env })
  return { child, ended: once(child, 'exit') as Promise<[number | null, string | null]> }
}

test('a stranger on the port of a killed host’s playground gets nothing through another browser’s host', async () => {
  const [killed, other] = hosts
  const { origin } = await open(killed)
  const call = await connectOther(other, origin)
  expect(await call().text()).toBe('served')
  await kill(killed)
  const stranger = await serverAt(Number(new URL(origin).port))
  try {
    expect(await call().ended()).toMatchObject({ type: 'problem', code: 'session-ended' })
    expect((await other.document({ origin })).caught).toEqual([])
    expect(served).toBe(1)
    await eventually('it is forgotten', services, (ids) => !ids.includes('playground'))
    expect([services(), grantsAt(origin)]).toEqual([['other'], []])
    expect(await call().ended()).toMatchObject({ type: 'problem', code: 'session-ended' })
    const next = await open(other)
    expect(next.origin).not.toBe(origin)
  } finally {
    await stranger.close()
  }
})

test('another browser that asks for it is shown the one that is open, and may close it', async () => {
  const [one, other] = hosts
  const place = await open(one)
  expect(await open(other)).toEqual(place)
  await connectOther(one, place.origin)
  expect(await other.order({ name: 'playground-close' })).toBeNull()
  expect([services(), grantsAt(place.origin)]).toEqual([['other'], []])
  await eventually(
    'its own host has closed it',
    () => isThere(place.url),
    (is) => !is,
  )
})

test('two that open it at once open one', async () => {
  const [first, second] = await Promise.all(hosts.map(open))
  expect(first).toEqual(second)
  expect(await isThere(first?.url ?? '')).toBe(true)
  expect(services()).toEqual(['other', 'playground'])
})

test('unlocking again, by another process, takes nothing from one that is open', async () => {
  const [one, other] = hosts
  const { url, origin } = await open(one)
  const call = await connectOther(other, origin)
  await unlock(vault.store, { kind: 'key-file', path: join(dirname(vault.home), 'key-file') }, 'cli')
  const { ended } = command('unlock', '--key-file', join(dirname(vault.home), 'key-file'))
  expect((await ended)[0]).toBe(0)
  expect([services(), grantsAt(origin).length]).toEqual([['other', 'playground'], 1])
  expect([await isThere(url), await call().text()]).toEqual([true, 'served'])
})

test('a host that is stopped for long is not taken for one that is gone', async () => {
  const [stopped] = hosts
  const { url, origin } = await open(stopped)
  await connectOther(stopped, origin)
  stopped.process.kill('SIGSTOP')
  const watch = new PlaygroundWatch(owner(), () => {}, 2 ** 30)
  for (let looks = 0; looks < 100; looks += 1) watch.look()
  watch.close()
  stopped.process.kill('SIGCONT')
  expect([services(), grantsAt(origin).length]).toEqual([['other', 'playground'], 1])
  expect(await isThere(url)).toBe(true)
})

test('the command says where it is open, and leaves it to whoever has it open', async () => {
  const place = await open(hosts[0])
  const { child, ended } = command('playground', '--json')
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  expect(JSON.parse(String(line))).toEqual(place)
  expect(await ended).toEqual([0, null])
  expect(await isThere(place.url)).toBe(true)
})

test('the command that serves it ends when it is closed from a browser', async () => {
  const { child, ended } = command('playground', '--json')
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const place = JSON.parse(String(line)) as { url: string }
  expect(await open(hosts[0])).toEqual(place)
  await hosts[0].order({ name: 'playground-close' })
  expect(await ended).toEqual([0, null])
  expect(await isThere(place.url)).toBe(false)
  expect(services()).toEqual(['other'])
})

test('a command that is killed leaves a playground that gives nothing, and is forgotten', async () => {
  const { child, ended } = command('playground', '--json')
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { origin } = JSON.parse(String(line)) as { origin: string }
  const call = await connectOther(hosts[0], origin)
  expect(await call().text()).toBe('served')
  child.kill('SIGKILL')
  await ended
  expect(await call().ended()).toMatchObject({ type: 'problem', code: 'session-ended' })
  await eventually('it is forgotten', services, (ids) => !ids.includes('playground'))
  expect(served).toBe(1)
})
