import { describe, expect, test } from 'vitest'
import { acceptLanguage } from '../../native-host/policy/accept-language.ts'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import { explain } from '../../native-host/policy/explain.ts'
import { failoverRequest } from '../../native-host/policy/failover-request.ts'
import type { Sending } from '../../native-host/policy/sender-headers.ts'
import type { Service } from '../../shared/model/service.ts'
import type { CacheMode } from '../../shared/protocol/call-frames.ts'
import { MAX_HEADERS } from '../../shared/protocol/limits.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'

const SENDER = { languages: 'de-CH,fr', agent: 'Browser/1 (X)', isGecko: false }
const SAID = { accept: '*/*', 'accept-language': 'de-CH,de;q=0.9,fr;q=0.8', 'user-agent': 'Browser/1 (X)' }

function canonical(sending: Partial<Sending>, members: Partial<Service> = {}) {
  const service = exampleService(members)
  const claimed = { headers: [], ...sending, method: 'GET', url: `${service.baseUrls[0]}/x` }
  const made = canonicalise(claimed, service)
  if ('refused' in made) throw new Error(made.refused)
  return { claimed, service, request: made.request }
}

const sent = (sending: Partial<Sending>, members: Partial<Service> = {}) =>
  Object.fromEntries(canonical(sending, members).request.headers)

describe('what is said where the page says nothing', () => {
  test('is what its browser says, and where no page sends, any answer and a name', () => {
    expect(sent({ sender: SENDER })).toEqual(SAID)
    expect(sent({})).toEqual({ accept: '*/*', 'user-agent': 'valetkey' })
  })

  test('comes after what the page says, also nothing, and after what the service requires', () => {
    const headers = [
      ['Accept', ''],
      ['Accept-Language', 'la'],
    ] as const
    const requiredHeaders = { 'user-agent': 'required', accept: 'application/x' }
    expect(sent({ sender: SENDER, headers }, { requiredHeaders })).toEqual({
      accept: '',
      'accept-language': 'la',
      'user-agent': 'required',
    })
  })

  test('is never what the service strips, nor what the credential goes into', () => {
    expect(
      sent({ sender: SENDER }, { strip: { headers: ['accept-language'], query: [], jsonFields: [] } }),
    ).toEqual({
      accept: SAID.accept,
      'user-agent': SAID['user-agent'],
    })
    const headers = [{ name: 'user-agent', format: '{}', secret: 'token' }]
    const auth = [{ paths: ['* /**'], auth: { kind: 'header' as const, headers } }]
    expect(sent({ sender: SENDER }, { auth })).not.toHaveProperty('user-agent')
  })

  test('is nothing that no header can hold', () => {
    const odd = { ...SENDER, languages: 'de\r\nx: y', agent: 'Br\u00f6wser' }
    expect(sent({ sender: odd })).toEqual({ accept: '*/*', 'user-agent': 'valetkey' })
    expect(sent({ sender: { ...SENDER, agent: 'x'.repeat(513), languages: '' } })).toEqual({
      accept: '*/*',
      'user-agent': 'valetkey',
    })
  })

  test('leaves room: what is canonical stays so when it is made canonical again', () => {
    const headers = Array.from({ length: MAX_HEADERS - 1 }, (_, at) => [`x-stainless-${at}`, ''] as const)
    const { request, service } = canonical({ sender: SENDER, headers })
    expect(request.headers).toHaveLength(MAX_HEADERS)
    expect(canonicalise({ ...request, sender: SENDER }, service)).toEqual({ request })
  })

  test('is what `explain` says, for the other service of a failover what that requires', () => {
    const { claimed, request, service } = canonical({ sender: SENDER, headers: [['x-request-id', '1']] })
    const requiredHeaders = { 'user-agent': 'required', accept: 'a/b' }
    const to = exampleService({ requiredHeaders })
    const made = failoverRequest(request, null, { from: service, to }, [], claimed)
    const there = { ...SAID, accept: 'a/b', 'user-agent': 'required', 'x-request-id': '1' }
    expect('request' in made && Object.fromEntries(made.request.headers)).toEqual(there)
    const failover = { capability: 'other', on: ['5xx' as const], wait: null, models: [] }
    const capability = exampleCapability(['allow * /**'], { failover })
    const other = { capability: exampleCapability(['allow * /**'], { id: 'other' }), service: to }
    const explained = explain(claimed, null, capability, service, other)
    expect(explained.request?.headers).toEqual({ ...SAID, 'x-request-id': '1' })
    expect(explained.failover?.request?.headers).toEqual(there)
  })

  test('what the page says goes on to the other service, also where it says what the browser would', () => {
    const own: Sending = { sender: SENDER, headers: [['ACCEPT', '*/*']] }
    const { claimed, request, service } = canonical(own)
    const to = exampleService({ requiredHeaders: { accept: 'a/b' } })
    const made = failoverRequest(request, null, { from: service, to }, [], claimed)
    expect('request' in made && Object.fromEntries(made.request.headers)).toEqual(SAID)
  })
})

describe('what caches on the way are told', () => {
  const NO_CACHE = { pragma: 'no-cache', 'cache-control': 'no-cache' }
  const FRESH = { 'cache-control': 'max-age=0' }
  const cacheHeaders = (cache: CacheMode | undefined, name: string | null, isGecko: boolean) => {
    const headers = name === null ? [] : [[name, '"x"'] as const]
    const { pragma, 'cache-control': control } = sent({ cache, headers, sender: { ...SENDER, isGecko } })
    return JSON.parse(JSON.stringify({ pragma, 'cache-control': control }))
  }

  test.each([
    ['no-store', null, NO_CACHE, NO_CACHE],
    ['reload', null, NO_CACHE, NO_CACHE],
    ['no-cache', null, FRESH, FRESH],
    ['force-cache', null, {}, {}],
    ['default', null, {}, {}],
    [undefined, null, {}, {}],
    [undefined, 'If-None-Match', FRESH, NO_CACHE],
    ['default', 'if-modified-since', FRESH, NO_CACHE],
    ['default', 'range', {}, {}],
    ['no-cache', 'if-match', FRESH, FRESH],
    ['no-store', 'if-match', NO_CACHE, NO_CACHE],
    ['force-cache', 'if-range', {}, {}],
  ] as const)('in mode %s, with the header %s', (cache, name, chromium, gecko) => {
    expect(cacheHeaders(cache, name, false)).toEqual(chromium)
    expect(cacheHeaders(cache, name, true)).toEqual(gecko)
  })

  test('is nothing where no page sends, and never replaces the page’s own words', () => {
    expect(sent({ headers: [['if-match', '"x"']] })).not.toHaveProperty('cache-control')
    const headers = [['Cache-Control', 'max-age=5']] as const
    expect(sent({ cache: 'no-store', headers, sender: SENDER })).toMatchObject({
      pragma: 'no-cache',
      'cache-control': 'max-age=5',
    })
  })
})

// Measured: what the two browsers sent of themselves with these languages.
test.each([
  ['de-CH,fr', 'de-CH,de;q=0.9,fr;q=0.8', 'de-CH,fr;q=0.9'],
  ['en-US,en', 'en-US,en;q=0.9', 'en-US,en;q=0.9'],
  ['en-US,en-GB,pt', 'en-US,en-GB;q=0.9,en;q=0.8,pt;q=0.7', 'en-US,en-GB;q=0.9,pt;q=0.8'],
  ['zh-Hant-TW', 'zh-Hant-TW,zh;q=0.9', 'zh-Hant-TW'],
  ['x-own,de', 'x-own,de;q=0.9', 'x-own,de;q=0.9'],
  ['', '', ''],
  [
    'a1,de,fr,it,es,nl,pl,sv,da,fi,nb,cs',
    'a1,de;q=0.9,fr;q=0.8,it;q=0.7,es;q=0.6,nl;q=0.5,pl;q=0.4,sv;q=0.3,da;q=0.2,fi;q=0.1,nb;q=0.1,cs;q=0.1',
    'a1,de;q=0.9,fr;q=0.8,it;q=0.7,es;q=0.6,nl;q=0.5,pl;q=0.4,sv;q=0.3,da;q=0.2,fi;q=0.1,nb;q=0.1,cs;q=0.1',
  ],
])('the languages %s are said as Chromium and as Firefox say them', (languages, chromium, gecko) => {
  expect(acceptLanguage({ languages, isGecko: false })).toBe(chromium)
  expect(acceptLanguage({ languages, isGecko: true })).toBe(gecko)
})
