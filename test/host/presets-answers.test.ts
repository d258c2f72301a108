import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addFromPreset } from '../../native-host/owner/services.ts'
import { testService } from '../../native-host/owner/test-service.ts'
import { fromHere } from '../../native-host/references/fetch-here.ts'
import { fetcher } from '../../native-host/references/fetcher.ts'
import { References } from '../../native-host/references/references.ts'
import { createUpstream, type Upstream } from '../../native-host/upstream/send.ts'
import type { Preset } from '../../shared/model/preset.ts'
import type { PresetExamples } from '../../shared/model/preset-examples.ts'
import { PRESETS } from '../../shared/presets/catalogue.ts'
import { secretNames } from '../../shared/presets/secret-names.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { examplesOf } from '../support/preset-examples.ts'

/**
 * No server here gives out tokens or has a region in its name: those presets' answers are read by the unit tests, and
 * their schemes have servers of their own.
 */
const ELSEWHERE: readonly string[] = ['google-service-account', 'oauth2-refresh', 'sigv4']
const KEY = 'Q7w2Er5Ty8Ui1Op4As6Df9Gh3Jk0LzXc'

/** What the server answers next, and how the key has to come. */
let scene: { preset: Preset; examples: PresetExamples; status: number; body: string }
let arrived: string[]
let server: Server
let base: string
let vault: OwnedVault
let upstream: Upstream
let references: References
let added = 0

beforeAll(async () => {
  vault = await OwnedVault.create()
  upstream = createUpstream({})
  references = new References(fetcher(fromHere(vault.home), upstream))
  server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const problem = faultOf(request, Buffer.concat(parts).toString())
    arrived.push(problem ?? 'as documented')
    // A local server is asked again without its key, and this one wants it.
    const isBare = problem !== null && scene.preset.keyOptional
    response.writeHead(problem === null ? scene.status : isBare ? 401 : 418)
    response.end(problem === null ? scene.body : problem)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await upstream.close()
  server.close()
  await vault.remove()
})

/** What is wrong with a test call; null: it is the one the examples name, with the key in the places they name. */
function faultOf(request: IncomingMessage, body: string): string | null {
  const { preset, examples } = scene
  const [call, places] = examples.testCall
  const url = new URL(request.url ?? '', base)
  const found = placesOf(request, url, body)
  for (const [name, value] of url.searchParams) if (value === KEY) url.searchParams.delete(name)
  const made = `${request.method} ${url.pathname}${url.search}`
  if (made !== call) return `another call: ${made}`
  for (const [name, value] of Object.entries(preset.requiredHeaders)) {
    if (request.headers[name] !== value) return `no ${name}`
  }
  return found === places ? null : `the key is elsewhere: ${found}`
}

/** Where the key is in a request, as the examples write it. */
function placesOf(request: IncomingMessage, url: URL, body: string): string {
  const headers = Object.entries(request.headers).flatMap(([name, value]) => {
    const text = String(value)
    const plain = text.startsWith('Basic ') ? `Basic ${atob(text.slice(6))}` : text
    return plain.includes(KEY) ? [`${name}: ${plain.replace(KEY, 'KEY')}`] : []
  })
  const names = [...url.searchParams].flatMap(([name, value]) => (value === KEY ? [`query ${name}`] : []))
  const fields = body.includes(KEY) ? Object.entries(JSON.parse(body) as Record<string, unknown>) : []
  const members = fields.flatMap(([name, value]) => (value === KEY ? [`json /${name}`] : []))
  return [...headers.sort(), ...names, ...members].join(', ')
}

const TESTED = PRESETS.filter(({ auth }) => !auth.some((one) => ELSEWHERE.includes(one.auth.kind)))

describe.each(TESTED.map((preset) => [preset.id, preset] as const))('the test call of %s', (id, preset) => {
  const examples = examplesOf(id)
  test.each(examples.answers)('%i %s: %s', async (status, body, outcome) => {
    scene = { preset, examples, status, body }
    arrived = []
    const context = { store: vault.store, keys: vault.keys, now: Date.now, by: 'cli' as const }
    const name = `made-${added++}`
    addFromPreset(context, {
      id: name,
      preset: id,
      baseUrls: [base],
      local: { address: null },
      secrets: new Map(secretNames(preset.auth).map((secret) => [secret, Buffer.from(KEY)])),
      capabilities: [],
      values: examples.values ?? {},
    })
    const result = await testService(context, name, upstream, references)
    expect(result).toMatchObject({ outcome, status })
    expect(arrived[0]).toBe('as documented')
    expect(JSON.stringify(result)).not.toContain(KEY)
  })
})

test('a server that is not there, and one that lives elsewhere, are told from each other and from a wrong key', async () => {
  const context = { store: vault.store, keys: vault.keys, now: Date.now, by: 'cli' as const }
  const secrets = new Map([['token', Buffer.from(KEY)]])
  const closed = createServer()
  await new Promise<void>((done) => closed.listen(0, '127.0.0.1', done))
  const gone = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`
  await new Promise((done) => closed.close(done))
  const local = { address: null }
  addFromPreset(context, { id: 'gone', preset: 'groq', baseUrls: [gone], local, secrets, capabilities: [] })
  expect(await testService(context, 'gone', upstream, references)).toMatchObject({
    outcome: 'unreachable',
    status: null,
  })
  const preset = PRESETS.find(({ id }) => id === 'groq') as Preset
  scene = { preset, examples: examplesOf('groq'), status: 302, body: '' }
  arrived = []
  addFromPreset(context, { id: 'moved', preset: 'groq', baseUrls: [base], local, secrets, capabilities: [] })
  expect(await testService(context, 'moved', upstream, references)).toMatchObject({
    outcome: 'wrong-base-url',
    status: 302,
  })
})

test.each([
  ['huggingface', 'https://huggingface.co'],
  ['fal', 'https://queue.fal.run'],
  ['mistral', 'https://api.mistral.ai'],
])('of the several hosts of %s the test call goes to %s', async (id, origin) => {
  const context = { store: vault.store, keys: vault.keys, now: Date.now, by: 'cli' as const }
  const preset = PRESETS.find((one) => one.id === id) as Preset
  const secrets = new Map(secretNames(preset.auth).map((secret) => [secret, Buffer.from(KEY)]))
  addFromPreset(context, { id: `hosts-${id}`, preset: id, secrets, capabilities: [] })
  const asked: string[] = []
  // Nothing may leave for the real service: what would be sent is looked at instead.
  const watched: Upstream = {
    ...upstream,
    send: (outbound) => {
      asked.push(new URL(outbound.url).origin)
      return Promise.reject(new Error('not sent'))
    },
  }
  await testService(context, `hosts-${id}`, watched, references)
  expect(asked).toEqual([origin])
})
