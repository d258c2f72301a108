import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { explainerFor } from '../../native-host/owner/explain.ts'
import type { BodyRule } from '../../shared/model/capability.ts'
import { byHand, labVault } from '../support/lab-vault.ts'
import { NativeHost } from '../support/native-host.ts'
import type { OwnedVault } from '../support/owned-vault.ts'
import {
  type LoopbackServer,
  readBody,
  sendJson,
  startLoopbackServer,
} from '../support/upstreams/loopback-server.ts'

/** What ModelsLab denies to every capability, asked of the real host by pages that may call all of it. */
// A host process starts, and makes two dozen calls, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

const KEY = 'lab-0123456789abcdefghijklmnopqrstuvwxyz'
const SITE = 'https://agent.example'
/** Its capability has a condition that names a webhook. */
const NAMING_SITE = 'https://naming.example'
const EVIL = 'https://evil.example/take'
const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'
const PARTS_TYPE = 'multipart/form-data; boundary=x'
const IMAGE = '/api/v6/images/text2img'

const parts = (name: string) =>
  `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${EVIL}\r\n--x--\r\n`

let lab: LoopbackServer
let vault: OwnedVault
let host: NativeHost
let document: number
/** Calls of the tests before this one. */
let before: number

beforeAll(async () => {
  lab = await startLoopbackServer(async (request, response) => {
    await readBody(request)
    sendJson(response, 200, { status: 'success' })
  })
  vault = await labVault(lab.url, KEY)
  const all = ['POST /**', 'DELETE /**', 'GET /**']
  vault.connect(SITE, byHand(vault, 'all', all))
  const body: BodyRule[] = [{ op: 'in', pointer: '/webhook', values: [EVIL] }]
  vault.connect(NAMING_SITE, byHand(vault, 'naming', all, { body }))
  host = await NativeHost.start(vault.home)
})
afterAll(async () => {
  await host.close()
  await vault.remove()
  await lab.close()
})
beforeEach(() => {
  before = lab.journal.calls.length
})

/** A page of a site with a capability made by hand. */
async function open(origin: string): Promise<void> {
  document = (await host.document({ origin })).id
}

async function post(path: string, body: string, type = JSON_TYPE, method = 'POST'): Promise<number | string> {
  const headers: [string, string][] = [['content-type', type]]
  const call = host.ask(document, method, `${lab.url}${path}`, { headers, body })
  const ended = await call.ended()
  return ended.type === 'end' ? (await call.head()).status : ended.code
}

const arrived = () => lab.journal.calls.length - before

const explained = (path: string, body: string, type = JSON_TYPE) => {
  const context = { store: vault.store, keys: vault.keys, now: Date.now, by: 'cli' as const }
  const claimed = {
    method: 'POST',
    url: `${lab.url}${path}`,
    headers: [['content-type', type]] as [string, string][],
  }
  return explainerFor(context, 'all')(claimed, new TextEncoder().encode(body))
}

const REFUSED: [what: string, path: string, body: string, type: string, reason: string][] = [
  ['JSON', IMAGE, JSON.stringify({ prompt: 'a cat', webhook: EVIL }), JSON_TYPE, 'field-denied'],
  ['what a webhook is told by', IMAGE, JSON.stringify({ track_id: 7 }), JSON_TYPE, 'field-denied'],
  ['another spelling', IMAGE, JSON.stringify({ WebHook: EVIL }), JSON_TYPE, 'field-denied'],
  ['an object in JSON', IMAGE, JSON.stringify({ a: [{ b: { webhook: EVIL } }] }), JSON_TYPE, 'field-denied'],
  ['a form', IMAGE, `webhook=${encodeURIComponent(EVIL)}`, FORM_TYPE, 'field-denied'],
  ['an object in a form', IMAGE, `a%5Bwebhook%5D=${encodeURIComponent(EVIL)}`, FORM_TYPE, 'field-denied'],
  ['multipart', IMAGE, parts('webhook'), PARTS_TYPE, 'field-denied'],
  ['an object in multipart', IMAGE, parts('a[b][webhook]'), PARTS_TYPE, 'field-denied'],
  ['the address', `${IMAGE}?webhook=${encodeURIComponent(EVIL)}`, '{}', JSON_TYPE, 'field-denied'],
  [
    'a path no preset names',
    '/api/v6/3d/text_to_3d',
    JSON.stringify({ webhook: EVIL }),
    JSON_TYPE,
    'field-denied',
  ],
  ['chat', '/api/v7/llm/chat/completions', JSON.stringify({ webhook: EVIL }), JSON_TYPE, 'field-denied'],
  ['text that is JSON to some', IMAGE, JSON.stringify({ webhook: EVIL }), 'text/plain', 'body-malformed'],
  [
    'chat as text, which nobody else holds',
    '/api/v7/llm/chat/completions',
    JSON.stringify({ webhook: EVIL }),
    'text/plain',
    'body-malformed',
  ],
]

describe('a webhook at ModelsLab, for a site that may call all of it', () => {
  test('is refused in whatever it comes, before anything is sent, and explain says why', async () => {
    await open(SITE)
    for (const [what, path, body, type, reason] of REFUSED) {
      expect([what, await post(path, body, type)]).toEqual([
        what,
        reason === 'field-denied' ? 'denied' : 'malformed',
      ])
      expect([what, explained(path, body, type).reason]).toEqual([what, reason])
    }
    expect(arrived()).toBe(0)
    const refusals = listAudit(vault.store, vault.keys, { limit: 50 }).filter(
      ({ kind }) => kind === 'refusal',
    )
    expect(refusals.map((one) => 'reason' in one && one.reason).reverse()).toEqual(
      REFUSED.map(([, , , , reason]) => reason),
    )
    expect(explained(IMAGE, JSON.stringify({ webhook: EVIL })).rule).toBe('no field webhook')
    // A DELETE with a body is a call with a body.
    expect(await post('/api/v6/x', JSON.stringify({ webhook: EVIL }), JSON_TYPE, 'DELETE')).toBe('denied')
  })

  test('is all that is refused: other calls, and a tool of a chat with such a parameter, go on', async () => {
    await open(SITE)
    const tool = { function: { name: 'f', parameters: { properties: { webhook: { type: 'string' } } } } }
    expect(await post(IMAGE, JSON.stringify({ prompt: 'a webhook', about: ['webhook'] }))).toBe(200)
    // As the service's own package for Python writes down all that its schema knows.
    expect(await post(IMAGE, JSON.stringify({ prompt: 'a', webhook: null, track_id: null }))).toBe(200)
    expect(await post('/api/v7/llm/x', 'prompt=webhook', FORM_TYPE)).toBe(200)
    expect(await post('/api/v7/llm/x', parts('prompt'), PARTS_TYPE)).toBe(200)
    expect(await post('/api/v7/llm/chat/completions', JSON.stringify({ tools: [tool] }))).toBe(200)
    expect(arrived()).toBe(5)
  })

  test('is sent where a condition of the owner’s own names it, at that place and with that value alone', async () => {
    await open(NAMING_SITE)
    expect(await post(IMAGE, JSON.stringify({ webhook: EVIL }))).toBe(200)
    for (const other of [
      { webhook: `${EVIL}/other` },
      { webhook: EVIL, track_id: 7 },
      { webhook: EVIL, options: { webhook: 'https://other.example' } },
      { webhook: EVIL, Webhook: 'https://other.example' },
    ]) {
      expect([other, await post(IMAGE, JSON.stringify(other))]).toEqual([other, 'denied'])
    }
    expect(arrived()).toBe(1)
  })
})
