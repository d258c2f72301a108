import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { unlock } from '../../native-host/owner/vault.ts'
import { listCapabilities } from '../../native-host/store/capabilities.ts'
import { listGrants } from '../../native-host/store/grants.ts'
import { findService, listServices, putService, removeService } from '../../native-host/store/services.ts'
import { exampleService } from '../support/examples.ts'
import { writeLauncher } from '../support/launched-host.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { CLI } from './cli-fixture.ts'

/** The playground as the control room orders it: by the host as a browser starts it, under the permission model. */
let root: string
let vault: OwnedVault
let host: NativeHost

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  vault = await OwnedVault.create()
  vault.addService('other', 'https://api.other.example/v1', 'a-key-that-is-not-used')
  vault.addCapability('other-chat', 'other', ['POST /v1/**'])
})
afterAll(async () => {
  await host.close()
  await vault.remove()
  rmSync(root, { recursive: true, force: true })
})
beforeEach(async () => {
  if (isRunning()) return
  host = await NativeHost.start(vault.home, writeLauncher(root, CLI, vault.home, root))
})
afterEach(async () => {
  if (isRunning()) await host.order({ name: 'playground-close' })
})

const isRunning = () => host?.process.exitCode === null && host.process.signalCode === null
const open = () => host.order({ name: 'playground-open' })
const services = () => listServices(vault.store, vault.keys).map(({ id }) => id)
const capabilities = () => listCapabilities(vault.store, vault.keys).map(({ id }) => id)
const grants = () => listGrants(vault.store, vault.keys)
const connect = (origin: string, capability: string) =>
  host.order({ name: 'connect', origin, topOrigin: origin, capability, ttl: 600 })
const PROMPT = { model: 'echo', stream: true, messages: [{ role: 'user', content: 'Are you there?' }] }

/** A look at an address under a name of one's own choosing, as after a rebound DNS name. */
function statusUnder(url: string, name: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { host: name } }, (answer) => resolve(answer.resume().statusCode))
    asked.once('error', reject).end()
  })
}

test('is a page under a policy that lets it speak to what it was given and nobody else', async () => {
  const { url, origin } = await open()
  const before = await fetch(url)
  expect(await before.text()).toContain('<meta name="reaches" content="">')
  expect(before.headers.get('content-security-policy')).toContain("connect-src 'self';")
  expect(before.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  await connect(origin, 'other-chat')
  const after = await fetch(url)
  expect(await after.text()).toContain('<meta name="reaches" content="https://api.other.example">')
  expect(after.headers.get('content-security-policy')).toContain(
    "connect-src 'self' https://api.other.example;",
  )
})

test('is found by its address alone: no other path, method or name has anything', async () => {
  const { url, origin } = await open()
  for (const name of ['playground.js', 'playground.css', 'words.js', 'stream.js', 'mark.svg'])
    expect((await fetch(url + name)).status, name).toBe(200)
  const wrong = [`${origin}/`, `${origin}/index.html`, `${url}main.mjs`, `${url}..%2fmain.mjs`, `${url}x`]
  for (const other of wrong) expect((await fetch(other)).status, other).toBe(404)
  expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(404)
  expect(await statusUnder(url, `playground.example:${new URL(url).port}`)).toBe(404)
  expect(await statusUnder(url, new URL(url).host)).toBe(200)
})

test('has a model that answers whoever has the key: the page’s call through the broker, and no call of its own', async () => {
  const { origin, capability, service } = await open()
  const { placeholder } = (await host.order({ name: 'service-list' })).find(({ id }) => id === service) ?? {}
  const [to, body] = [`${origin}/v1/chat/completions`, JSON.stringify(PROMPT)]
  const authorization = `Bearer ${placeholder}`
  const headers = { authorization, 'content-type': 'application/json' }
  expect((await fetch(to, { method: 'POST', headers, body })).status).toBe(401)
  await connect(origin, capability)
  const document = await host.document({ origin })
  expect(document.caught).toContain(`${origin}/v1`)
  const call = host.ask(document.id, 'POST', to, { headers: Object.entries(headers), body })
  expect((await call.head()).status).toBe(200)
  const answer = await call.text()
  const said = answer.match(/"content":"(?:[^"\\]|\\.)*"/g)?.map((piece) => JSON.parse(`{${piece}}`).content)
  expect(said?.join('')).toContain('You said: “Are you there?”.')
  expect(said?.join('')).toContain('which: [redacted] – did it get through?')
  expect(said?.length).toBeGreaterThan(10)
  expect(Buffer.concat(host.written).toString()).not.toContain('sk-playground-')
})

test('says no to a body that is no chat, and to one that is too large, and goes on', async () => {
  const { origin, capability } = await open()
  await connect(origin, capability)
  const { id } = await host.document({ origin })
  const statusOf = async (body: string) => {
    const headers: [string, string][] = [['content-type', 'application/json']]
    const call = host.ask(id, 'POST', `${origin}/v1/chat/completions`, { headers, body })
    const { status } = await call.head()
    await call.ended()
    return status
  }
  const long = { ...PROMPT, messages: [{ role: 'user', content: 'x'.repeat(70_000) }] }
  expect(await statusOf('{')).toBe(400)
  expect(await statusOf('{"model":"echo","messages":[]}')).toBe(400)
  expect(await statusOf(JSON.stringify(long))).toBe(400)
  expect(await statusOf(JSON.stringify({ ...PROMPT, stream: false }))).toBe(200)
})

test('that is open stays where it is, and comes anew where its service was removed', async () => {
  const first = await open()
  expect(await open()).toEqual(first)
  await host.order({ name: 'service-remove', id: first.service })
  const second = await open()
  expect(second.url).not.toBe(first.url)
  await expect(fetch(first.url)).rejects.toThrow()
  expect((await fetch(second.url)).status).toBe(200)
})

test('takes back what its page was given when it closes, of other services too', async () => {
  const { url, origin, capability, service } = await open()
  await connect(origin, capability)
  await connect(origin, 'other-chat')
  await connect('https://stays.example', 'other-chat')
  const { id } = await host.document({ origin })
  await host.order({ name: 'playground-close' })
  await expect(fetch(url)).rejects.toThrow()
  expect(services()).toEqual(['other'])
  expect(capabilities()).toEqual(['other-chat'])
  expect(grants().map((grant) => grant.origin)).toEqual(['https://stays.example'])
  const call = host.ask(id, 'POST', 'https://api.other.example/v1/x')
  expect(await call.ended()).toMatchObject({ type: 'problem' })
  expect(findService(vault.store, vault.keys, service)).toBeNull()
  expect(await host.order({ name: 'playground-close' })).toBeNull()
})

test('takes it back when the browser ends', async () => {
  const { origin, capability } = await open()
  await connect(origin, capability)
  await host.close()
  expect(services()).toEqual(['other'])
  expect(grants().map((grant) => grant.origin)).not.toContain(origin)
})

test('that a killed host left is forgotten when the vault is opened', async () => {
  const { origin } = await open()
  await connect(origin, 'other-chat')
  host.process.kill('SIGKILL')
  await host.exited
  expect(services()).toContain('playground')
  await unlock(vault.store, { kind: 'key-file', path: join(dirname(vault.home), 'key-file') }, 'cli')
  expect(services()).toEqual(['other'])
  expect(grants().map((grant) => grant.origin)).not.toContain(origin)
})

test('leaves a service of the owner’s with that name alone', async () => {
  putService(vault.store, vault.keys, exampleService({ id: 'playground' }))
  await expect(open()).rejects.toMatchObject({ code: 'exists' })
  await host.order({ name: 'playground-close' })
  await host.close()
  expect(services()).toContain('playground')
  removeService(vault.store, vault.keys, 'playground')
})

test('is opened by the command too, until that is told to end', async () => {
  const env = { PATH: process.env.PATH ?? '', HOME: root, VALETKEY_HOME: vault.home }
  const child = spawn(process.execPath, [CLI, 'playground', '--json'], { env })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { url } = JSON.parse(String(line)) as { url: string }
  expect((await fetch(url)).status).toBe(200)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  await expect(fetch(url)).rejects.toThrow()
  expect(services()).toEqual(['other'])
})
