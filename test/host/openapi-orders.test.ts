import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import type { CapabilityDraft } from '../../shared/model/capability-draft.ts'
import { CommandSchema } from '../../shared/protocol/commands.ts'
import { MAX_PACKED_DOCUMENT } from '../../shared/protocol/document-limits.ts'
import { times } from '../support/hard.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { packed } from '../support/packed-document.ts'
import { type LoopbackServer, startLoopbackServer } from '../support/upstreams/loopback-server.ts'

/** What an owner orders of the real host process to make a capability from an OpenAPI document. */
vi.setConfig({ testTimeout: times(60_000, 300_000) })

const SITE = 'https://agent.example'
const KEY = 'sk-openapi-0123456789'

let server: LoopbackServer
const reached: string[] = []
let vault: OwnedVault
let host: NativeHost

beforeAll(async () => {
  server = await startLoopbackServer((request, response) => {
    reached.push(`${request.method} ${request.url}`)
    response.end('{}')
  })
  vault = await OwnedVault.create()
  vault.addService('api', server.url, KEY)
  host = await NativeHost.start(vault.home)
})
afterAll(async () => {
  await host?.close()
  await vault?.remove()
  await server?.close()
})

const PATHS = {
  '/pets': {
    get: { operationId: 'listPets', tags: ['pets'] },
    post: { operationId: 'addPet', tags: ['pets'] },
  },
  '/pets/{id}': { delete: { operationId: 'removePet', tags: ['pets'] } },
  '/pets/search': { post: { operationId: 'searchPets', tags: ['pets'], summary: 'Look for pets' } },
  '/session/token': { get: { operationId: 'getToken' } },
}
const document = (members: object = {}) => {
  const info = { title: 'Pets', version: '1' }
  return { openapi: '3.1.0', info, servers: [{ url: `${server.url}/v2` }], paths: PATHS, ...members }
}
const read = (text: unknown, service = 'api') =>
  host.order({ name: 'openapi-read', service, document: packed(text) })
const refusal = (order: Promise<unknown>): Promise<string> =>
  order.then(
    () => 'done',
    ({ code }) => code,
  )
const records = () => listAudit(vault.store, vault.keys, { limit: 500 })

describe('a document', () => {
  test('is listed with what each operation would become, and nothing is fetched, saved or written down', async () => {
    const before = records().length
    const elsewhere = { '/far': { $ref: `${server.url}/paths.json` } }
    const reading = await read(document({ paths: { ...PATHS, ...elsewhere } }))
    expect(reading).toMatchObject({ title: 'Pets', isElsewhere: false, elsewhere: 1, id: 'api-read' })
    expect(reading).toMatchObject({ baseUrl: `${server.url}/v2`, limits: { ttl: 28_800 } })
    expect(reading.operations.map(({ rule, reads, marks }) => [rule, reads, ...marks])).toEqual([
      ['GET /v2/pets?', true],
      ['POST /v2/pets?', false, 'writes'],
      ['DELETE /v2/pets/*?', false, 'deletes'],
      ['POST /v2/pets/search?', true],
      ['GET /v2/session/token', false, 'mints'],
    ])
    expect(reading.operations[3]).toMatchObject({
      operation: 'searchPets',
      summary: 'Look for pets',
      reason: { code: 'name-reads', method: 'POST', word: 'search' },
    })
    expect(reached).toEqual([])
    expect(records()).toHaveLength(before)
    expect(JSON.stringify(reading)).not.toContain(KEY)
  })

  test('of another place is said to be one, and its rules still lie below the service', async () => {
    const servers = [{ url: 'https://other.example/v9' }]
    const reading = await read(document({ servers }))
    expect(reading).toMatchObject({ isElsewhere: true, described: 'https://other.example/v9' })
    expect(reading.operations[0]?.rule).toBe('GET /pets?')
    expect(await read(document({ servers: [] }))).toMatchObject({ isElsewhere: false, described: null })
  })

  test('with names beyond measure is cut, and the whole answer fits', async () => {
    const long = '\u202e<img src=x>'.repeat(1000)
    const operation = { operationId: long, tags: Array.from({ length: 50 }, () => long), summary: long }
    const reading = await read(
      document({ info: { title: long }, paths: { [`/${long}`]: { get: operation } } }),
    )
    const [listed] = reading.operations
    expect(listed?.operation).toHaveLength(200)
    expect(listed?.path).toHaveLength(500)
    expect(listed?.tags.map(({ length }) => length)).toEqual(Array.from({ length: 8 }, () => 80))
    expect(listed?.rule).toBeNull()
    expect(reading.title).toHaveLength(200)
  })

  test('that cannot be taken is refused with a code, and the host goes on', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 4000 }, (_, at) => [`/a${at}`, { get: { summary: 'x'.repeat(100) } }]),
    )
    const bad: [unknown, string][] = [
      ['hello', 'invalid'],
      ['{"openapi":"3.1.0","paths":{', 'invalid'],
      // No deep nesting here: it takes a second to refuse, and a busy machine's time runs out before.
      [document({ paths: {} }), 'invalid'],
      [document({ paths: many }), 'too-large'],
      [`{"openapi":"3.1.0","x":"${'a'.repeat(8_000_000)}"}`, 'too-large'],
      [`openapi: 3.1.0\nx: ${'a'.repeat(3_000_000)}\n`, 'too-large'],
      // What unpacks to a thousand times its size.
      ['a'.repeat(30_000_000), 'too-large'],
    ]
    for (const [text, code] of bad) expect(await refusal(read(text))).toBe(code)
    expect(await refusal(read(document(), 'nobody'))).toBe('unknown')
    const raw = (text: string) =>
      refusal(host.order({ name: 'openapi-read', service: 'api', document: text }))
    expect(await raw(Buffer.from('no gzip').toString('base64'))).toBe('invalid')
    expect(await raw(packed(document()).slice(0, 200))).toBe('invalid')
    expect(await read(document())).toMatchObject({ title: 'Pets' })
    // What is longer than a frame has room for never gets so far.
    const long = 'A'.repeat(MAX_PACKED_DOCUMENT + 1)
    const order = (text: string) => ({ name: 'openapi-read', service: 'api', document: text })
    expect(CommandSchema.safeParse(order(long.slice(1))).success).toBe(true)
    for (const text of [long, 'not base64', ''])
      expect(CommandSchema.safeParse(order(text)).success).toBe(false)
  })
})

describe('a draft', () => {
  const wanted = (part: Partial<CapabilityDraft> = {}): CapabilityDraft => {
    const allow = ['GET /v2/pets?', 'POST /v2/pets/search?']
    return { id: 'pets', service: 'api', label: 'Pets', allow, limits: { maxRequests: 3 }, ...part }
  }
  const look = (draft: CapabilityDraft) => host.order({ name: 'capability-draft', draft })
  const add = (draft: CapabilityDraft, digest: string) =>
    host.order({ name: 'capability-add', draft, digest })
  const stored = () => findCapability(vault.store, vault.keys, 'pets')

  test('is shown first, is made as it was shown and as nothing else, and allows what was ticked', async () => {
    const { digest, capability } = await look(wanted())
    expect(capability).toMatchObject({
      rules: [
        { effect: 'allow', pattern: 'GET /v2/pets?' },
        { effect: 'allow', pattern: 'POST /v2/pets/search?' },
      ],
      limits: { ttl: 28_800, maxRequests: 3 },
      models: null,
    })
    expect(stored()).toBeNull()
    for (const other of [
      wanted({ allow: ['* /**'] }),
      wanted({ label: 'Cats' }),
      wanted({ limits: {} }),
      wanted({ id: 'cats' }),
    ])
      expect(await refusal(add(other, digest))).toBe('unknown')
    expect(await add(wanted(), digest)).toEqual(capability)
    expect(stored()).toEqual(capability)
    expect(records()[0]).toMatchObject({ act: 'capability.add', subject: 'pets' })
    expect(await refusal(add(wanted(), digest))).toBe('exists')
    expect(await read(document())).toMatchObject({ id: 'api-read' })
    vault.connect(SITE, capability)
    const { id } = await host.document({ origin: SITE })
    const called = async (method: string, path: string) =>
      (await host.ask(id, method, server.url + path).ended()).type
    expect(await called('GET', '/v2/pets')).toBe('end')
    expect(await called('POST', '/v2/pets')).toBe('problem')
    expect(await called('DELETE', '/v2/pets/1')).toBe('problem')
    expect(reached).toEqual(['GET /v2/pets'])
  })

  test('that makes no sense is refused', async () => {
    expect(await refusal(look(wanted({ id: 'x', service: 'nobody' })))).toBe('unknown')
    expect(await refusal(look(wanted({ id: 'x', allow: ['everything'] })))).toBe('invalid')
    expect(await refusal(look(wanted({ id: 'x', limits: { maxCost: 5 } })))).toBe('invalid')
    expect(await refusal(look(wanted()))).toBe('exists')
    expect(stored()?.label).toBe('Pets')
  })
})
