import { afterEach, expect, test } from 'vitest'
import type { FrameToBackground } from '../../shared/protocol/native-frames.ts'
import { AdversaryStage } from '../support/adversary-stage.ts'
import { makeCanary } from '../support/canary.ts'
import { answerOf, type RawUpstream, startRawUpstream } from '../support/upstreams/raw-upstream.ts'

/** A page that forges frames, against a server that records bytes and parses nothing. */
const CANARY = makeCanary('bearer', 'sk-canary-')
const SMUGGLED = 'DELETE /v1/customers/1 HTTP/1.1\r\nhost: x\r\n\r\n'

let raw: RawUpstream
let stage: AdversaryStage | null = null
afterEach(async () => {
  await stage?.close()
  stage = null
  await raw.close()
})

async function open(react?: Parameters<typeof startRawUpstream>[0]): Promise<AdversaryStage> {
  raw = await startRawUpstream(react)
  stage = await AdversaryStage.open(raw.url, CANARY)
  return stage
}

interface Forged {
  method: string
  path?: string
  /** Null: the page says it knows no length. */
  length?: number | null
  headers?: [string, string][]
  /** Absent: the page says that there is no body. */
  body?: string | Uint8Array
  redirect?: 'follow' | 'manual' | 'error'
}

type Ended = Extract<FrameToBackground, { type: 'end' | 'cut' | 'problem' }>

/** Send the frames of one call as they are given, whatever a browser would have made of them. */
async function forge(on: AdversaryStage, call: Forged): Promise<Ended> {
  const id = on.host.id()
  const { method, path = '/v1/charges', length = null, headers = [], body, redirect = 'follow' } = call
  const hasBody = body !== undefined
  on.host.send({
    type: 'ask',
    id,
    document: on.document,
    method,
    url: raw.url + path,
    headers,
    hasBody,
    bodyLength: length,
    redirect,
  })
  if (hasBody) {
    if (body.length > 0) on.host.send({ type: 'body', id, base64: Buffer.from(body).toString('base64') })
    on.host.send({ type: 'body-end', id })
  }
  return on.host.next<Ended>(
    (frame) => ['end', 'cut', 'problem'].includes(frame.type) && 'id' in frame && frame.id === id,
  )
}

test('a GET or HEAD with a body is refused: it could be the next site’s request', async () => {
  const on = await open()
  for (const method of ['GET', 'get', 'HEAD']) {
    for (const length of [null, SMUGGLED.length, 0]) {
      const ended = await forge(on, { method, length, body: SMUGGLED })
      expect(ended, `${method} ${length}`).toMatchObject({ type: 'problem', code: 'malformed' })
    }
  }
  expect(raw.text()).toBe('')
})

for (const method of ['DELETE', 'OPTIONS']) {
  test(`after a ${method} with a body the connection is used for nobody else`, async () => {
    const on = await open()
    for (let count = 0; count < 3; count++)
      await forge(on, { method, length: SMUGGLED.length, body: SMUGGLED })
    expect(raw.received).toHaveLength(3)
    for (const bytes of raw.received) {
      expect(bytes.toString('latin1').match(/^(DELETE|OPTIONS) \/v1\/charges HTTP/gm)).toHaveLength(1)
      expect(bytes.toString('latin1')).toMatch(/^connection: close\r$/m)
    }
  })
}

test('a body that is shorter or longer than it was said to be is never a whole request', async () => {
  const on = await open((socket, all) => {
    // Answers only what is whole by its own account.
    const [head, body = ''] = all.toString('latin1').split('\r\n\r\n')
    const length = Number(/^content-length: (\d+)$/m.exec(head ?? '')?.[1] ?? -1)
    if (body.length === length && length > 0) socket.write(answerOf('whole'))
  })
  for (const [length, body] of [
    [5, 'abc'],
    [3, 'abcdef'],
    [0, 'abc'],
    [3, ''],
  ] as const) {
    const ended = await forge(on, { method: 'POST', length, body })
    expect(ended.type, `${length} said, ${body.length} sent`).toBe('problem')
  }
  expect(raw.text()).not.toContain('def')
})

const HEADERS: [string, string][] = [
  ['content-length', '3'],
  ['transfer-encoding', 'chunked'],
  ['host', 'evil.example'],
  ['connection', 'authorization'],
  ['keep-alive', 'x'],
  ['expect', '100-continue'],
  ['te', 'trailers'],
  ['trailer', 'authorization'],
  ['upgrade', 'websocket'],
  ['content_length', '4'],
  ['proxy-authorization', 'x'],
  ['x-forwarded-for', '127.0.0.1'],
  ['forwarded', 'for=127.0.0.1'],
  ['x-http-method-override', 'DELETE'],
  ['x-original-url', '/admin'],
  ['cookie', 'a=b'],
  ['Authorization', 'Bearer of-the-page'],
  ['AUTHORIZATION', 'Bearer of-the-page'],
]
test('no header of a page changes a byte of what frames, routes or authorises the request', async () => {
  const on = await open()
  await forge(on, { method: 'GET' })
  const plain = raw.text()
  expect(plain.match(/^authorization: .*$/gm)).toEqual([`authorization: Bearer ${CANARY.key}`])
  for (const header of HEADERS) {
    const before = raw.text().length
    await forge(on, { method: 'GET', headers: [header] })
    expect(raw.text().slice(before), header.join()).toBe(plain)
  }
})

test('no redirect takes a keyed byte to a second server, whatever the code, the target and the method', async () => {
  const second = await startRawUpstream()
  let status = 0
  let location = ''
  const on = await open((socket, _all, piece) => {
    const text = piece.toString('latin1')
    if (/^\w+ \/start/.test(text)) {
      socket.write(`HTTP/1.1 ${status} Moved\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`)
    } else if (/^\w+ \/\S* HTTP/.test(text)) socket.write(answerOf('ok'))
  })
  const [own, other] = [new URL(raw.url).port, new URL(second.url).port]
  const targets = [
    `${second.url}/x`,
    `//127.0.0.1:${other}/x`,
    `http://localhost:${other}/x`,
    `http://localhost:${own}/x`,
    `http://127.1:${other}/x`,
    `http://user:pass@127.0.0.1:${other}/x`,
    `http://127.0.0.1:${own}@127.0.0.1:${other}/x`,
    `https://127.0.0.1:${other}/x`,
    `http:/\\127.0.0.1:${other}/x`,
    `\\\\127.0.0.1:${other}\\x`,
    `http://[::ffff:127.0.0.1]:${other}/x`,
    `/ok?key=${CANARY.key}`,
    'data:text/plain,x',
  ]
  for (status of [301, 302, 303, 307, 308]) {
    for (location of targets) {
      for (const method of ['GET', 'POST']) {
        const ended = await forge(on, {
          method,
          path: '/start',
          ...(method === 'POST' ? { body: 'abc' } : {}),
        })
        expect(ended, `${status} ${method} ${location}`).toMatchObject({ code: 'response-withheld' })
      }
    }
  }
  expect(second.text()).toBe('')
  await second.close()
})

test('an answer that comes before the body has ended is the answer, and the rest of the body goes nowhere', async () => {
  const on = await open((socket, _all, piece) => {
    if (/^(GET|POST) /.test(piece.toString('latin1'))) socket.write(answerOf('enough', '', '413 Too Large'))
  })
  const id = on.host.id()
  const url = `${raw.url}/v1/files`
  on.host.send({
    type: 'ask',
    id,
    document: on.document,
    method: 'POST',
    url,
    headers: [],
    hasBody: true,
    bodyLength: null,
    redirect: 'follow',
  })
  const body = () => on.host.send({ type: 'body', id, base64: Buffer.alloc(60_000, 'a').toString('base64') })
  body()
  await on.host.next((frame) => frame.type === 'end' && frame.id === id)
  const before = raw.text().length
  for (let count = 0; count < 20; count++) body()
  on.host.send({ type: 'body-end', id })
  expect(await forge(on, { method: 'GET' })).toMatchObject({ type: 'end' })
  expect(raw.text().slice(before)).toMatch(/^GET /)
  // Never the end of a chunked body: a truncated upload must not look whole.
  expect(raw.text()).not.toContain('\r\n0\r\n\r\n')
})
