import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exportAudit } from '../../native-host/audit/read-audit.ts'
import { callAsOwner } from '../../native-host/broker/call-as-owner.ts'
import { Inventory } from '../../native-host/broker/inventory.ts'
import { fetcher, fetchNothingHere } from '../../native-host/references/fetcher.ts'
import { References } from '../../native-host/references/references.ts'
import { Live } from '../../native-host/sessions/live.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { findService } from '../../native-host/store/services.ts'
import { createUpstream } from '../../native-host/upstream/send.ts'
import type { AuditRecord } from '../../shared/model/audit-record.ts'
import type { Rule } from '../../shared/model/capability.ts'
import { type Canary, describeFindings, makeCanary, searchFor } from '../support/canary.ts'
import { searchFiles } from '../support/canary-files.ts'
import { done } from '../support/hard.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'

/** A marked value in every place of a request, on calls that end in every way: none of them may be in the log. */
const SITE = 'https://agent.example'
const PLACES = [
  'key',
  'query',
  'bare query',
  'header',
  'json body',
  'stream body',
  'fragment',
  'userinfo',
  'redirect',
] as const

let canaries: Record<(typeof PLACES)[number], Canary>
let all: Canary[]
let server: Server
let base: string
let vault: OwnedVault
let host: NativeHost
let document: number

beforeEach(async () => {
  const made = PLACES.map((name) => [name, makeCanary(name, name === 'key' ? 'sk-' : '')] as const)
  canaries = Object.fromEntries(made) as typeof canaries
  all = made.map(([, canary]) => canary)
  server = createServer((request, response) => {
    request.resume()
    const goes = request.url?.startsWith('/v1/go') ?? false
    if (request.url?.startsWith('/v1/drop')) return response.destroy()
    const location = `/v1/end?next=${canaries.redirect.key}&${canaries.redirect.key}`
    response.writeHead(goes ? 307 : 200, goes ? { location } : { 'content-type': 'text/plain' })
    response.end(`you said ${request.url}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  vault = await OwnedVault.create()
  vault.addService('echo', base, canaries.key.key)
  vault.addCapability('echoes', 'echo', ['* /v1/**'], { rules: RULES })
  const capability = findCapability(vault.store, vault.keys, 'echoes')
  if (capability === null) throw new Error('no capability')
  vault.connect(SITE, capability)
  host = await NativeHost.start(vault.home)
  document = (await host.document({ origin: SITE })).id
})
afterEach(async () => {
  await host.close()
  await vault.remove()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const RULES: Rule[] = [
  { effect: 'allow', pattern: '* /v1/**' },
  { effect: 'deny', pattern: '* /v1/denied/**' },
]

/** An address of the service with a marked query, fragment and the like. */
function marked(path: string, before = ''): string {
  const url = new URL(`${base}${path}`)
  const query = `q=${canaries.query.key}&${canaries['bare query'].key}`
  return `${url.protocol}//${before}${url.host}${url.pathname}?${query}`
}

const headers = (type: string): [string, string][] => [
  ['content-type', type],
  ['if-match', `"${canaries.header.key}"`],
  ['x-request-id', canaries.header.key],
]

async function asks(method: string, url: string, type: string, body?: string): Promise<string> {
  const call = host.ask(document, method, url, {
    headers: headers(type),
    ...(body === undefined ? {} : { body }),
  })
  return (await call.ended()).type
}

async function askInEveryWay(): Promise<string[]> {
  const json = JSON.stringify({ text: canaries['json body'].key })
  // More than is held for a second time.
  const stream = canaries['stream body'].key.repeat(10_000)
  const ends: string[] = []
  for (const path of ['/x', '/denied/x', '/go', '/drop']) {
    ends.push(await asks('GET', marked(path), 'text/plain'))
    ends.push(await asks('POST', marked(path), 'application/json', json))
    ends.push(await asks('POST', marked(path), 'application/octet-stream', stream))
  }
  const user = `${canaries.userinfo.key}:${canaries.userinfo.key}@`
  ends.push(await asks('GET', marked('/x', user), 'text/plain'))
  ends.push(await asks('GET', `${marked('/x')}#${canaries.fragment.key}`, 'text/plain'))
  ends.push(await asks('GET', `${marked('/x')};${canaries.query.key}`, 'text/plain'))
  ends.push(await asks('GET', `${marked('/a/../b')}`, 'text/plain'))
  ends.push(await asks('BREW', marked('/x'), 'text/plain'))
  return ends
}

/** The owner's own call, through the same line. */
async function ownerCalls(method: string, path: string, body: Uint8Array | null): Promise<void> {
  const { store, keys } = vault
  const capability = findCapability(store, keys, 'echoes')
  const service = findService(store, keys, 'echo')
  if (capability === null || service === null) throw new Error('no target')
  const nothing = () => {}
  const live = new Live({ store, keys, now: Date.now }, { change: nothing, activity: nothing, lock: nothing })
  const upstream = createUpstream({})
  const references = new References(fetcher(fetchNothingHere, upstream))
  const context = {
    store,
    keys,
    inventory: new Inventory(store, keys),
    live,
    upstream,
    references,
    now: Date.now,
  }
  const bodyLength = body?.length ?? null
  const claimed = {
    method,
    url: marked(path),
    headers: headers('application/json'),
    redirect: 'follow',
    bodyLength,
  } as const
  const call = { claimed, body: null, received: () => bodyLength ?? 0, abort: new AbortController() }
  try {
    const reply = await callAsOwner(call, body, { capability, service }, context as never)
    for await (const _ of reply.body);
  } catch (error) {
    if (path !== '/denied/x' && path !== '/drop') throw error
  } finally {
    live.close()
    await upstream.close()
  }
}

test('no value of a query, header or body, no fragment, userinfo or key is in the log or in any file, however a call ends', async () => {
  const ends = await askInEveryWay()
  expect(new Set(ends)).toEqual(new Set(['end', 'problem']))
  const json = Buffer.from(JSON.stringify({ text: canaries['json body'].key }))
  for (const path of ['/x', '/denied/x', '/go', '/drop']) {
    await ownerCalls('GET', path, null)
    await ownerCalls('POST', path, json)
  }
  await host.order({ name: 'service-test', id: 'echo' })

  const records = [...exportAudit(vault.store, vault.keys)]
  const findings = searchFor(all, JSON.stringify(records), 'the opened log')
  const shown = await host.order({ name: 'audit-list', limit: 500 })
  findings.push(...searchFor(all, JSON.stringify(shown), 'the activity'))
  const files = await searchFiles(vault.home, all)
  findings.push(...files.findings)
  expect(describeFindings(findings)).toEqual([])
  expect(files.bytes).toBeGreaterThan(100_000)
  // The search would have found what is there: these names are.
  expect(searchFor([{ name: 'name', key: 'if-match' }], JSON.stringify(records), 'the log')).not.toEqual([])
  expectAllKinds(records)
  done('calls with marked values in every place, none of them in the log', ends.length + 9)
})

function expectAllKinds(records: readonly AuditRecord[]): void {
  const calls = records.flatMap((record) =>
    record.kind === 'intent' || record.kind === 'refusal' ? [record] : [],
  )
  expect(calls.filter(({ kind }) => kind === 'refusal').length).toBeGreaterThanOrEqual(6)
  expect(calls.filter(({ kind }) => kind === 'intent').length).toBeGreaterThanOrEqual(15)
  const allowed = calls.find(
    ({ kind, method, headers: names }) => kind === 'intent' && method === 'POST' && names.length > 0,
  )
  expect(allowed).toMatchObject({
    query: ['q', '(unnamed)'],
    headers: ['content-type', 'if-match', 'x-request-id', 'accept', 'user-agent'],
  })
  const hop = calls.find(({ url }) => url?.endsWith('/v1/end'))
  expect(hop?.query).toEqual(['next', '(unnamed)'])
  const outcomes = records.flatMap((record) => (record.kind === 'outcome' ? [record] : []))
  expect(new Set(outcomes.map(({ result }) => result))).toContain('failed')
  const whole = outcomes.find(({ result, responseDigest }) => result === 'sent' && responseDigest !== null)
  expect(whole?.durations).toMatchObject({ decide: expect.any(Number), upstream: expect.any(Number) })
  expect(outcomes.filter(({ requestDigest }) => requestDigest !== null).length).toBeGreaterThan(0)
}
