import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { cleanse } from '../../native-host/broker/cleanse.ts'
import { inject } from '../../native-host/broker/inject.ts'
import type { Auth } from '../../shared/model/service.ts'
import { done } from '../support/hard.ts'
import { KEY, secretsOf, serviceWith } from '../unit/auth-fixture.ts'
import { bytesOf, closeAll, type Served, serveBytes, upstreamWith } from './upstream-fixture.ts'

afterAll(closeAll)

const secrets = secretsOf({ token: KEY })
const SCHEMES: Auth[] = [
  { kind: 'bearer', secret: 'token' },
  { kind: 'header', headers: [{ name: 'x-api-key', format: '{}', secret: 'token' }] },
  { kind: 'basic', username: 'owner', secret: 'token' },
  { kind: 'query', param: 'key', secret: 'token' },
  { kind: 'json-field', pointer: '/key', secret: 'token' },
]

const bytes = Buffer.from(KEY)
const pair = Buffer.from(`owner:${KEY}`)
const each = (write: (code: number) => string) => [...bytes].map(write).join('')
const FORMS = [
  KEY,
  bytes.toString('base64'),
  Buffer.from(`a${KEY}b`).toString('base64url'),
  Buffer.from(`ab${KEY}b`).toString('base64'),
  pair.toString('base64'),
  bytes.toString('hex'),
  bytes.toString('hex').toUpperCase(),
  each((code) => `%${code.toString(16)}`),
  each((code) => `\\u00${code.toString(16)}`),
  each((code) => `&#${code};`),
  each((code) => `&#x${code.toString(16)};`),
  [...KEY].reverse().join(''),
  // The password alone in other letters, and no more than a piece of it.
  KEY.toUpperCase(),
  KEY.slice(0, 12),
  KEY.slice(-12),
]

/** Pieces of each form, long enough to be no chance: none of them may be in what the page gets. */
const PIECES = FORMS.flatMap((form) =>
  [0.3, 0.5].map((at) => form.slice(form.length * at, form.length * at + 9)),
)

function answer(form: string, coded: (body: Buffer) => Buffer, coding: string): string {
  const events = coded(Buffer.from(`data: {"echo":"${form}"}\n\ndata: ${form}\n\n`))
  const head = [
    // Before the answer, an interim one (RFC 9110 section 15.2): nothing of it goes on.
    'HTTP/1.1 103 Early Hints',
    `Link: <https://a.example/?early=${form}>; rel=preload`,
    '',
    `HTTP/1.1 200 You sent ${form}`,
    'Content-Type: text/event-stream',
    `Content-Encoding: ${coding}`,
    `X-Request-Id: ${form}`,
    `Link: <https://a.example/?k=${form}>; rel="next"`,
    `Set-Cookie: k=${form}`,
    `Location: /${form}`,
    `X-RateLimit-${KEY}: 1`,
    `WWW-Authenticate: Bearer realm="${form}"`,
    'Transfer-Encoding: chunked',
    'Trailer: X-Request-Id-2',
  ].join('\r\n')
  const middle = Math.floor(events.length / 2)
  const chunks = [events.subarray(0, middle), events.subarray(middle)]
  const body = chunks.map((part) => `${part.length.toString(16)}\r\n${part.toString('latin1')}\r\n`).join('')
  return `${head}\r\n\r\n${body}0\r\nX-Request-Id-2: ${form}\r\n\r\n`
}

async function seenByPage(auth: Auth, server: Served): Promise<{ text: string; redactions: number }> {
  const url = `${server.origin}/v1/x`
  const headers: [string, string][] = [['content-type', 'application/json']]
  const request = { method: 'POST', url, origin: server.origin, path: '/v1/x', query: [], headers }
  const service = serviceWith(auth, { baseUrls: [server.origin], local: { address: null } })
  const { outbound, needles } = inject(request, Buffer.from('{"a":1}'), null, service, auth, secrets)
  const response = await upstreamWith().send(outbound, service, { signal: new AbortController().signal })
  const clean = cleanse(response, needles, request)
  const body = await bytesOf(clean.body)
  return {
    text: JSON.stringify([clean.statusText, clean.headers, body.toString()]),
    redactions: clean.redactions(),
  }
}

const CODINGS = {
  identity: (body: Buffer) => body,
  gzip: gzipSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
} as const

test.each(SCHEMES)(
  'a service that gives its $kind credential back in every form and place gives the page none',
  async (auth) => {
    let cases = 0
    for (const [coding, coded] of Object.entries(CODINGS)) {
      for (const form of FORMS) {
        const server = await serveBytes(answer(form, coded, coding))
        const { text, redactions } = await seenByPage(auth, server)
        for (const piece of PIECES) expect(text).not.toContain(piece)
        expect(text.toLowerCase()).not.toContain(KEY.toLowerCase())
        // Reason phrase, two headers, a header's name, two events.
        expect(redactions).toBe(6)
        expect(text).toContain('data: ')
        expect(text).not.toContain('early')
        expect(text.toLowerCase()).not.toContain('x-request-id-2')
        cases++
      }
    }
    expect(cases).toBe(FORMS.length * 4)
    done('answers that gave the credential back in every place', cases)
  },
)

test('the service itself gets the credential, once', async () => {
  for (const auth of SCHEMES) {
    const got = Promise.withResolvers<string>()
    const server = await serveBytes('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    server.sockets.add = (socket) => {
      let text = ''
      socket.on('data', (data) => {
        text += data.toString()
        got.resolve(text)
      })
      return server.sockets
    }
    await seenByPage(auth, server)
    const sent = auth.kind === 'basic' ? pair.toString('base64') : KEY
    expect((await got.promise).split(sent).length).toBe(2)
  }
})
