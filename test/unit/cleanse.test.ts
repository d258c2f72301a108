import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Needle } from '../../native-host/auth/needle.ts'
import { cleanse } from '../../native-host/broker/cleanse.ts'
import { Problem } from '../../native-host/problem.ts'
import type { UpstreamResponse } from '../../native-host/upstream/send.ts'
import { KEY } from './auth-fixture.ts'

const secrets: Needle[] = [{ bytes: Buffer.from(KEY), pieces: true }]
const withheld = (reason: string) => expect.objectContaining({ code: 'response-withheld', reason })

function responseOf(over: Partial<UpstreamResponse> & { chunks?: Iterable<Uint8Array> } = {}) {
  const seen = { destroyed: false, chunks: 0 }
  async function* body() {
    for (const chunk of over.chunks ?? []) {
      seen.chunks++
      yield chunk
    }
  }
  const destroy = () => {
    seen.destroyed = true
  }
  const response = { status: 200, statusText: 'OK', headers: [], body: body(), destroy, ...over }
  return { response: response as UpstreamResponse, seen }
}
const REQUEST = {
  method: 'GET',
  url: 'https://api.example.com/',
  origin: 'https://api.example.com',
  path: '/',
  query: [],
  headers: [],
}
function cleansed(over: Parameters<typeof responseOf>[0], method = 'GET', needles: Needle[] = secrets) {
  return cleanse(responseOf(over).response, needles, { ...REQUEST, method })
}
async function bytesOf(body: AsyncIterable<Uint8Array>) {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test('headers pass by allow-list, in order, and nothing that only the browser or the host may say', () => {
  const passing: [string, string][] = [
    ['content-type', 'application/json'],
    ['x-ratelimit-remaining', '9'],
    ['openai-processing-ms', '12'],
    ['anthropic-ratelimit-requests-limit', '5'],
    ['x-request-id', 'r'],
    ['x-fal-request-id', 'f'],
    ['x-notion-request-id', 'n'],
    ['x-amz-request-id', 'a'],
    ['x-amz-id-2', 'b'],
    ['link', '<https://api.example.com/?page=2>; rel="next"'],
    ['retry-after', '3'],
    ['stripe-should-retry', 'false'],
    ['tus-resumable', '1.0.0'],
    ['upload-offset', '9'],
    ['range', 'bytes=0-8'],
    ['upload-length', '10'],
    ['upload-expires', 'Wed, 25 Nov 2026 16:00:00 GMT'],
    ['mcp-session-id', 'one'],
    ['mcp-protocol-version', '2025-11-25'],
    ['grpc-status', '5'],
    ['grpc-message', 'nobody'],
    ['x-amzn-errortype', 'ValidationException'],
    ['x-amzn-requestid', 'q'],
    ['dropbox-api-result', '{"name":"a.txt"}'],
    ['upstash-sync-token', 'after-one'],
    ['x-clickhouse-summary', '{"written_rows":"1"}'],
  ]
  const dropped = [
    'set-cookie set-cookie2 www-authenticate proxy-authenticate authentication-info alt-svc location refresh',
    'strict-transport-security content-security-policy report-to nel reporting-endpoints clear-site-data sourcemap',
    'valet-key-problem access-control-allow-origin connection transfer-encoding trailer content-encoding server x-any',
    'x-other-request-id x-amz-security-token',
  ].flatMap((names) => names.split(' '))
  const headers = [...dropped.map((name): [string, string] => [name, 'identity']), ...passing]
  expect(cleansed({ headers }).headers).toEqual(passing)
})

test('a service lists further headers, but none that only the browser or the host may say', () => {
  const listed = [
    'x-cursor',
    'x-any-*',
    'location',
    'set-cookie*',
    'valet-*',
    'content-*',
    'www-authenticate',
    'proxy-*',
  ]
  const passing: [string, string][] = [
    ['x-cursor', 'a'],
    ['x-any-of-these', 'b'],
    ['content-type', 'text/plain'],
    ['content-note', 'c'],
  ]
  const dropped = [
    'set-cookie set-cookie2 location valet-key-problem content-encoding content-digest www-authenticate',
    'proxy-authenticate x-cursors x-any refresh authentication-info',
  ].flatMap((names) => names.split(' '))
  const headers = [...dropped.map((name): [string, string] => [name, 'identity']), ...passing]
  const { response } = responseOf({ headers })
  expect(cleanse(response, secrets, REQUEST, undefined, undefined, listed).headers).toEqual(passing)
})

test('secrets go from header values, header names and the reason phrase, and are counted', () => {
  const clean = cleansed({
    statusText: `No ${KEY}\u0001`,
    headers: [
      ['x-request-id', `id-${Buffer.from(KEY).toString('base64')}`],
      [`x-ratelimit-${KEY.toLowerCase()}`, '1'],
      ['etag', '"1"'],
    ],
  })
  expect(clean.statusText).toBe('No [redacted]')
  expect(clean.headers).toEqual([
    ['x-request-id', 'id-[redacted]='],
    ['etag', '"1"'],
  ])
  expect(clean.redactions()).toBe(3)
})

test('a reason phrase is cut after the redaction, so that half a key does not stay', () => {
  const clean = cleansed({ statusText: `${'x'.repeat(250)}${KEY}` })
  expect(clean.statusText).toBe(`${'x'.repeat(250)}[redac`)
})

test('every coding is decoded, redacted, and no longer named', async () => {
  const plain = Buffer.from(`a ${KEY} b `.repeat(500))
  const expected = 'a [redacted] b '.repeat(500)
  for (const [coding, coded] of [
    ['gzip', gzipSync(plain)],
    ['X-GZIP', gzipSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['zstd', zstdCompressSync(plain)],
    ['deflate', deflateSync(plain)],
    ['deflate', deflateRawSync(plain)],
    ['identity', plain],
  ] as const) {
    const headers: [string, string][] = [
      ['content-encoding', coding],
      ['content-length', String(coded.length)],
    ]
    const clean = cleansed({ headers, chunks: [coded.subarray(0, 9), new Uint8Array(0), coded.subarray(9)] })
    expect(clean.headers).toEqual([])
    expect((await bytesOf(clean.body)).toString()).toBe(expected)
    expect(clean.redactions()).toBe(500)
  }
})

test('content-length passes where the body cannot change', () => {
  const headers: [string, string][] = [['content-length', '7']]
  expect(cleansed({ headers }, 'GET', []).headers).toEqual(headers)
  expect(cleansed({ headers }, 'HEAD').headers).toEqual(headers)
  expect(cleansed({ headers }, 'GET').headers).toEqual([])
  const empty: [string, string][] = [['content-length', '0']]
  expect(cleansed({ headers: empty }, 'GET').headers).toEqual(empty)
  expect(cleansed({ headers: [...empty, ['content-encoding', 'gzip']] }, 'GET').headers).toEqual([])
  expect(cleansed({ headers: [...headers, ['content-encoding', 'gzip']] }, 'HEAD').headers).toEqual([])
})

test('a chain of codings, an unknown one and an unknown status are withheld, and the connection is let go', () => {
  for (const [over, reason] of [
    [{ headers: [['content-encoding', 'gzip, gzip']] }, 'coding-chain'],
    [
      {
        headers: [
          ['content-encoding', 'gzip'],
          ['content-encoding', 'br'],
        ],
      },
      'coding-chain',
    ],
    [{ headers: [['content-encoding', 'compress']] }, 'coding-unknown'],
    [{ headers: [['content-encoding', 'aes128gcm']] }, 'coding-unknown'],
    [{ status: 999 }, 'status-unknown'],
    [{ status: 101 }, 'status-unknown'],
  ] as const) {
    const { response, seen } = responseOf(over as Parameters<typeof responseOf>[0])
    const request = { method: 'GET', url: '', origin: '', path: '/', query: [], headers: [] }
    expect(() => cleanse(response, secrets, request)).toThrow(withheld(reason))
    expect(seen.destroyed).toBe(true)
  }
})

test('a bomb ends early, whatever its coding', async () => {
  const zeros = Buffer.alloc(100_000_000)
  for (const [coding, coded] of [
    ['br', brotliCompressSync(zeros, { params: { 1: 5 } })],
    ['gzip', gzipSync(zeros)],
  ] as const) {
    const clean = cleansed({ headers: [['content-encoding', coding]], chunks: [coded] })
    let bytes = 0
    const read = async () => {
      for await (const chunk of clean.body) bytes += chunk.length
    }
    await expect(read()).rejects.toThrow(withheld('decoded-too-large'))
    expect(bytes).toBeLessThan(60_000_000)
  }
})

test('an honest large body comes through whole', async () => {
  const block = Buffer.from(
    Array.from({ length: 60_000 }, (_, n) => `{"n":${n},"v":"${n * 7919}"},`).join(''),
  )
  const coded = gzipSync(block, { level: 1 })
  const times = Math.ceil(210_000_000 / block.length)
  const clean = cleansed({ headers: [['content-encoding', 'gzip']], chunks: Array(times).fill(coded) })
  let bytes = 0
  for await (const chunk of clean.body) bytes += chunk.length
  expect(bytes).toBe(block.length * times)
})

test('a coded body that is broken or cut short is an error, not an end', async () => {
  const coded = gzipSync(Buffer.from('x'.repeat(1000) + Math.random()))
  for (const chunks of [[coded.subarray(0, -9)], [Buffer.from('not gzip')], [coded.subarray(0, 3)]]) {
    const clean = cleansed({ headers: [['content-encoding', 'gzip']], chunks })
    await expect(bytesOf(clean.body)).rejects.toThrow(withheld('coding-broken'))
  }
  for (const coding of ['br', 'zstd', 'deflate']) {
    const clean = cleansed({ headers: [['content-encoding', coding]], chunks: [Buffer.from([8, 1, 2, 3])] })
    await expect(bytesOf(clean.body)).rejects.toThrow(withheld('coding-broken'))
  }
})

test('a coded body without a byte is an empty body', async () => {
  for (const coding of ['gzip', 'br', 'deflate', 'zstd']) {
    const clean = cleansed({ headers: [['content-encoding', coding]], chunks: [new Uint8Array(0)] })
    expect((await bytesOf(clean.body)).length).toBe(0)
  }
})

test('a body that ends inside a key gives up what was held back', async () => {
  const start = KEY.slice(0, 11)
  expect((await bytesOf(cleansed({ chunks: [Buffer.from(`a ${start}`)] }).body)).toString()).toBe(
    `a ${start}`,
  )
})

test('what the upstream fails with is what the reader gets, decoded or not', async () => {
  async function* broken() {
    yield gzipSync('abc')
    throw new Problem('upstream-timeout', 'idle-timeout')
  }
  for (const headers of [[], [['content-encoding', 'gzip']]] as [string, string][][]) {
    const clean = cleansed({ headers, body: broken() })
    await expect(bytesOf(clean.body)).rejects.toThrow(expect.objectContaining({ reason: 'idle-timeout' }))
  }
})

test('HEAD and the null-body statuses have no body and let the connection go', async () => {
  const cases: [string, number][] = [
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 205],
    ['GET', 304],
  ]
  for (const [method, status] of cases) {
    const { response, seen } = responseOf({ status, chunks: [Buffer.from('x')] })
    const request = { method, url: '', origin: '', path: '/', query: [], headers: [] }
    expect((await bytesOf(cleanse(response, secrets, request).body)).length).toBe(0)
    expect(seen).toEqual({ destroyed: true, chunks: 0 })
  }
})

test('a reader that leaves lets the connection go', async () => {
  const { response, seen } = responseOf({ chunks: [Buffer.from('{}'), Buffer.from('{}')] })
  const request = { method: 'GET', url: '', origin: '', path: '/', query: [], headers: [] }
  for await (const _ of cleanse(response, secrets, request).body) break
  expect(seen).toEqual({ destroyed: true, chunks: 1 })
})
