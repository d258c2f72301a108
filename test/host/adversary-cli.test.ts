import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeCanary, searchFor } from '../support/canary.ts'
import { failsOnceGuarded } from '../support/fails-once-guarded.ts'
import { NativeHost } from '../support/native-host.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { CLI, type CommandHome, unlockedHome } from './cli-fixture.ts'

/** The built command beside hosts that are killed, locked or fed too much. */
const CANARY = makeCanary('bearer', 'sk-canary-')
const SITE = 'https://agent.example'

let home: CommandHome
let flow: LoopbackServer

beforeEach(async () => {
  flow = await startFlowUpstream(CANARY.key)
  home = await unlockedHome()
  const added = await home.run(
    [
      'service',
      'add',
      'flow',
      '--base-url',
      `${flow.url}/v1`,
      '--auth',
      'bearer',
      '--local',
      '--secret-stdin',
    ],
    CANARY.key,
  )
  expect(added).toMatchObject({ code: 0 })
  expect((await home.run(['capability', 'add', 'all', '--service', 'flow', '--allow', '* /**'])).code).toBe(0)
})
afterEach(async () => {
  await home.remove()
  await flow.close()
})

test('a host killed in the middle of a stream leaves a log that verifies and says what has no end', async () => {
  const host = await NativeHost.start(home.valetKeyHome)
  await host.order({ name: 'connect', origin: SITE, topOrigin: SITE, capability: 'all', ttl: 600 })
  const { id } = await host.document({ origin: SITE })
  await host.ask(id, 'GET', `${flow.url}/v1/small`).text()
  await host.ask(id, 'GET', `${flow.url}/v1/clock?every=10`).head()
  host.process.kill('SIGKILL')
  await host.exited
  const verified = await home.run(['audit', 'verify', '--json'])
  expect(verified.code).toBe(0)
  expect(verified.json()).toMatchObject({ ok: true, unfinished: 1 })
  expect((await home.run(['audit', 'verify'])).stdout).toContain('1 call has no outcome')
  const next = await NativeHost.start(home.valetKeyHome)
  const again = await next.document({ origin: SITE })
  expect(await next.ask(again.id, 'GET', `${flow.url}/v1/small`).text()).toContain('here')
  await next.close()
  expect((await home.run(['audit', 'verify', '--json'])).json()).toMatchObject({ ok: true, unfinished: 1 })
})

test('a call that streams when the vault is locked stops, and nobody is left with the key', async () => {
  const streaming = home.run(['call', 'all', 'GET', `${flow.url}/v1/clock?every=10`])
  await expect.poll(() => flow.journal.calls.length, { timeout: 20_000 }).toBe(1)
  expect((await home.run(['lock'])).code).toBe(0)
  const ran = await streaming
  expect(ran.code).toBe(3)
  await expect.poll(() => flow.journal.calls[0]?.outcome).toBe('cut')
  expect((await home.run(['status', '--json'])).json()).toMatchObject({ vault: 'locked' })
})

test('large bodies pass through the command whole, both ways', async () => {
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  const large = randomBytes(40 * 1024 * 1024)
  const server = createServer((request, response) => {
    const hash = createHash('sha256')
    request.on('data', (part: Buffer) => hash.update(part))
    request.on('end', () => response.end(hash.digest('hex')))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await home.run(
    ['service', 'add', 'sink', '--base-url', url, '--auth', 'bearer', '--local', '--secret-stdin'],
    CANARY.key,
  )
  await home.run(['capability', 'add', 'upload', '--service', 'sink', '--allow', 'POST /**'])
  const sent = await home.run(['call', 'upload', 'POST', `${url}/x`, '--body-file', '-'], large)
  expect(sent).toMatchObject({ code: 0, stdout: digest(large) })
  const got = await received(['call', 'all', 'GET', `${flow.url}/v1/bytes?mib=64`])
  expect(got).toMatchObject({ code: 0, bytes: 64 * 1024 * 1024 })
  server.closeAllConnections()
  server.close()
})

/** How a command ended and how many bytes it wrote, read slowly. */
function received(args: string[]): Promise<{ code: number | null; bytes: number }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], {
    env: home.env,
  })
  let bytes = 0
  child.stdout.on('data', (part: Buffer) => {
    bytes += part.length
  })
  child.stderr.resume()
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, bytes })))
}

test('an unforeseen error in the command is told by its class and nothing else', async () => {
  const preload = failsOnceGuarded(`throw new TypeError(${JSON.stringify(CANARY.key)})`)
  const child = spawn(process.execPath, ['--import', preload, CLI, 'audit', 'follow'], { env: home.env })
  const said: Buffer[] = []
  child.stdout.resume()
  child.stderr.on('data', (part: Buffer) => said.push(part))
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1)
  const text = Buffer.concat(said).toString()
  expect(text).toContain('unexpected failure (TypeError)')
  expect(searchFor([CANARY], text, 'stderr')).toEqual([])
})
