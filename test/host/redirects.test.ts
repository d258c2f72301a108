import { afterAll, beforeAll, expect, test } from 'vitest'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { putSecret } from '../../native-host/store/services.ts'
import type { Auth } from '../../shared/model/service.ts'
import { makeCanary, searchFor } from '../support/canary.ts'
import { authority } from '../support/certificates.ts'
import { done, times } from '../support/hard.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { answerOf, type RawUpstream, startRawUpstream } from '../support/upstreams/raw-upstream.ts'
import { type RawRequest, startTlsUpstream, type TlsUpstream } from '../support/upstreams/tls-upstream.ts'
import { HOPS, type Hop, type Place } from './redirect-hops.ts'

/** The host process, a service for each way to give a credential, and a server that sends them all away. */
const CANARY = makeCanary('redirected', 'sk-canary-')
const SITE = 'https://agent.example'
const HOST = 'api.test.example'
const CODES = [301, 302, 303, 307, 308]
const STYLES: Record<string, Auth> = {
  bearer: { kind: 'bearer', secret: 'token' },
  header: { kind: 'header', headers: [{ name: 'x-api-key', format: '{}', secret: 'token' }] },
  formatted: { kind: 'header', headers: [{ name: 'authorization', format: 'Token {}', secret: 'token' }] },
  basic: { kind: 'basic', username: 'someone', secret: 'token' },
  query: { kind: 'query', param: 'key', secret: 'token' },
  json: { kind: 'json-field', pointer: '/key', secret: 'token' },
  cookie: { kind: 'cookie', cookie: 'sid', secret: 'token' },
  none: { kind: 'none' },
}

let own: TlsUpstream
let second: TlsUpstream
let secondPlain: RawUpstream
let vault: OwnedVault
let host: NativeHost
let document: number

beforeAll(async () => {
  const root = authority()
  // Good for every name a hop could lead to: what is not sent there is not kept back by a bad certificate.
  const everywhere = root.issue(HOST, {
    names: [HOST, `*.${HOST}`, 'test.example', 'evil.example', 'localhost', '127.0.0.1'],
  })
  own = await startTlsUpstream(everywhere, answer)
  second = await startTlsUpstream(everywhere, () => answerOf('stolen'))
  secondPlain = await startRawUpstream()
  vault = await OwnedVault.create()
  for (const [style, auth] of Object.entries(STYLES)) {
    vault.addService(style, `https://${HOST}:${own.port}/${style}`, CANARY.key, {
      local: { address: '127.0.0.1' },
      ca: root.ca,
      auth: [{ paths: ['/**'], auth }],
    })
    vault.addCapability(style, style, [`* /${style}/**`, '* /outside', `* /${foreignTo(style)}/**`])
    putSecret(vault.store, vault.keys, style, 'token', Buffer.from(CANARY.key))
    const capability = findCapability(vault.store, vault.keys, style)
    if (capability !== null) vault.connect(SITE, capability)
  }
  host = await NativeHost.start(vault.home)
  document = (await host.document({ origin: SITE })).id
})
afterAll(async () => {
  await host.close()
  await vault.remove()
  await Promise.all([own.close(), second.close(), secondPlain.close()])
})

const foreignTo = (style: string) => (style === 'bearer' ? 'header' : 'bearer')
const placeOf = (style: string): Place => ({
  host: HOST,
  port: own.port,
  origin: `https://${HOST}:${own.port}`,
  base: `/${style}`,
  foreign: `/${foreignTo(style)}`,
  tls: second.port,
  plain: Number(new URL(secondPlain.url).port),
  key: CANARY.key,
})

/** `/STYLE/start?CODE.HOP`, or the same again after a hop to itself, sends away; every other place says `arrived`. */
let current: { code: number; hop: Hop; style: string }
function answer({ target }: RawRequest): string {
  if (!/^\/\w+\/start/.test(target)) return answerOf('arrived')
  const { code, hop, style } = current
  const place = placeOf(style)
  const headers = hop.headers(place).map((line) => `${line}\r\n`)
  return answerOf(hop.body?.(place) ?? 'moved', headers.join(''), `${code} Moved`)
}

const keyed = (request: RawRequest) => searchFor([CANARY], request.text, 'own').length > 0

async function ask(method: string, redirect: 'follow' | 'manual' | 'error') {
  own.requests.length = 0
  const url = `https://${HOST}:${own.port}/${current.style}/start`
  const json: [string, string][] = [['content-type', 'application/json']]
  const call = host.ask(document, method, url, {
    redirect,
    ...(method === 'POST' ? { body: '{"prompt":"hello"}', headers: json } : {}),
  })
  const ended = await call.ended()
  const head = host.frames.find((frame) => frame.type === 'head' && frame.id === call.id)
  return { ended, head, text: call.bytes().toString() }
}

/** Every style, or one of them in turn. */
function stylesFor(hop: Hop, code: number): string[] {
  const all = Object.keys(STYLES)
  return times(1, 2) === 2 ? all : [all[(HOPS.indexOf(hop) + CODES.indexOf(code)) % all.length] ?? 'bearer']
}

let hops = 0
test.each(HOPS)('a redirect to $kind: $end', async (hop) => {
  for (const code of CODES) {
    for (const style of stylesFor(hop, code)) {
      for (const method of methodsFor(code, style)) {
        current = { code, hop, style }
        // A key that was never sent is not known as one.
        if (style === 'none' && hop.kind.startsWith('itself with the key')) continue
        await expectEnd(method)
        hops += 1
      }
    }
  }
  expect(second.connections).toBe(0)
  expect(secondPlain.received).toEqual([])
})
afterAll(() => done('redirects, none of which took a byte to a second server', hops))

/** Both where all is done, else the one with a body for every other code; a field of a body goes with a body. */
function methodsFor(code: number, style: string): string[] {
  if (style === 'json') return ['POST']
  return times(1, 2) === 2 ? ['GET', 'POST'] : [code % 2 === 0 ? 'POST' : 'GET']
}

/** The hop to where the call came from. */
const ROUND = 'itself, again and again'

async function expectEnd(method: string): Promise<void> {
  const { hop, code, style } = current
  const what = `${code} ${method} ${style} ${hop.kind}`
  const { ended, head, text } = await ask(method, 'follow')
  const targets = own.requests.map(({ target }) => target.replace(/\?.*/, ''))
  const carriers = own.requests.filter(keyed)
  expect(own.requests[0] && keyed(own.requests[0]), what).toBe(style !== 'none')
  // A field of a body has no place in the GET that these codes make of a POST, and nothing leaves without its credential.
  if ((hop.end === 'followed' || hop.kind === ROUND) && style === 'json' && code < 307) {
    expect(ended, what).toMatchObject({ type: 'problem', code: 'malformed' })
    expect(targets.length, what).toBe(1)
    return
  }
  if (hop.end === 'withheld' || hop.end === 'refused') {
    const type = hop.end === 'refused' ? 'cut' : 'problem'
    expect(ended, what).toMatchObject({ type, code: 'response-withheld' })
    expect(head, what).toBeUndefined()
    // No place was asked but the one the page named, and that only again where it sent to itself.
    expect(new Set(targets), what).toEqual(new Set([`/${style}/start`]))
    expect(targets.length, what).toBe(hop.kind === ROUND ? 21 : 1)
    return
  }
  expect(ended, what).toMatchObject({ type: 'end' })
  const followed = hop.end === 'followed'
  expect(head, what).toMatchObject({ status: followed ? 200 : code, redirected: followed })
  expect(targets.length, what).toBe(followed ? 2 : 1)
  if (followed) expect(text, what).toBe('arrived')
  if (style !== 'none') expect(carriers.length, what).toBe(followed ? 2 : 1)
  const headers = head?.type === 'head' ? head.headers.map(([name]) => name) : []
  expect(headers, what).not.toContain('location')
  expect(headers, what).not.toContain('refresh')
  expect(headers, what).not.toContain('alt-svc')
}

test('asked not to follow, the host gives the page the answer without its target; asked to fail, nothing', async () => {
  let seen = 0
  for (const hop of HOPS.filter(({ end }) => end !== 'shown')) {
    for (const code of times(CODES.slice(0, 1), CODES)) {
      current = { code, hop, style: 'bearer' }
      const manual = await ask('GET', 'manual')
      expect(manual.ended.type, hop.kind).toBe('end')
      expect(manual.head).toMatchObject({
        status: code,
        redirected: false,
        url: expect.stringMatching(/\/start$/),
      })
      expect(JSON.stringify(manual.head)).not.toMatch(/location|evil/)
      expect(own.requests).toHaveLength(1)
      const error = await ask('GET', 'error')
      expect(error.ended.type, hop.kind).toBe('cut')
      expect(error.head).toBeUndefined()
      expect(own.requests).toHaveLength(1)
      seen += 2
    }
  }
  expect(second.connections).toBe(0)
  done('redirects a page asked not to follow', seen)
})

test('of what a call has made the page is told where, but never a place that is not the service’s own', async () => {
  const ways = { told: 0, kept: 0 }
  for (const hop of HOPS) {
    current = { code: 201, hop, style: 'bearer' }
    const [line = ''] = hop.headers(placeOf('bearer'))
    // Bytes as they came: a page is told them percent-encoded.
    const location = /^location: ([^?#@]*)$/.exec(line)?.[1]?.replace(/[\u0080-\u00ff]/g, escape)
    const { head, ended } = await ask('POST', 'follow')
    expect(ended.type, hop.kind).toBe('end')
    if (head?.type !== 'head') throw new Error('there is no head')
    const told = head.headers.filter(([name]) => name === 'location').map(([, value]) => value)
    const isOwn = hop.end === 'followed' || hop.kind === ROUND || hop.kind === 'nowhere'
    expect(told, hop.kind).toEqual(isOwn && location !== undefined ? [location] : [])
    expect(JSON.stringify(head), hop.kind).not.toContain(CANARY.key)
    ways[told.length > 0 ? 'told' : 'kept'] += 1
  }
  expect(ways.told).toBeGreaterThan(2)
  expect(ways.kept).toBeGreaterThan(20)
  expect(second.connections).toBe(0)
})
