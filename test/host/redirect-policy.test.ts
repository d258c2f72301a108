import { afterEach, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { endSession } from '../../native-host/sessions/sessions.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Service } from '../../shared/model/service.ts'
import { AdversaryStage } from '../support/adversary-stage.ts'
import { makeCanary } from '../support/canary.ts'
import type { AskOptions } from '../support/native-host.ts'
import { answerOf, type RawUpstream, startRawUpstream } from '../support/upstreams/raw-upstream.ts'

/** A hop on the service's own origin is a request like any other: what may not be asked for is not redirected to. */
const CANARY = makeCanary('redirected', 'sk-canary-')
let raw: RawUpstream
let stage: AdversaryStage | null = null
let beforeAnswer = () => {}
/** Each request as its bytes came, one at a time. */
let arrivals: string[] = []
afterEach(async () => {
  beforeAnswer = () => {}
  arrivals = []
  await stage?.close()
  stage = null
  await raw.close()
})

const rule = (effect: 'allow' | 'ask' | 'deny', pattern: string) => ({ effect, pattern })
const RULES = [
  rule('allow', '* /v1/start'),
  rule('allow', 'GET /v1/next/**'),
  rule('allow', 'GET /v1/listed?page'),
  rule('deny', 'GET /v1/next/secret'),
  rule('ask', 'GET /v1/asked'),
]

/** A server whose `/v1/start` sends on to `target`, and a page connected to it. */
async function sendingTo(
  target: string | (() => string),
  over: { capability?: Partial<Capability>; service?: Partial<Service>; code?: () => number } = {},
): Promise<AdversaryStage> {
  const { code = () => 307, capability, service = {} } = over
  raw = await startRawUpstream((socket, _all, piece) => {
    const text = piece.toString('latin1')
    if (/^[A-Z]+ \//.test(text)) arrivals.push(text)
    else arrivals.push((arrivals.pop() ?? '') + text)
    if (/^\w+ \/v1\/start/.test(text)) {
      beforeAnswer()
      socket.write(
        answerOf('', `location: ${typeof target === 'string' ? target : target()}\r\n`, `${code()} Moved`),
      )
    } else if (/^\w+ \//.test(text)) socket.write(answerOf('arrived'))
  })
  stage = await AdversaryStage.open(raw.url, CANARY, { service, capability: { rules: RULES, ...capability } })
  return stage
}

const start = (on: AdversaryStage, method = 'GET', options: AskOptions = {}) =>
  on.ask(method, `${raw.url}/v1/start`, options)
/** Request lines that came, in order. */
const asked = () => arrivals.map((text) => text.slice(0, text.indexOf(' HTTP')))

test('a hop that the capability allows is sent with the credential, and both requests are in the log', async () => {
  const on = await sendingTo('/v1/next/page')
  const call = start(on)
  expect(await call.text()).toBe('arrived')
  expect(await call.head()).toMatchObject({ url: `${raw.url}/v1/next/page`, redirected: true })
  expect(asked()).toEqual(['GET /v1/start', 'GET /v1/next/page'])
  expect(raw.text().match(/^authorization: .*$/gm)).toEqual(
    Array(2).fill(`authorization: Bearer ${CANARY.key}`),
  )
  await call.ended()
  const kinds = listAudit(on.vault.store, on.vault.keys, { limit: 100 }).map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'intent')).toHaveLength(2)
})

test('a hop to what may not be asked for is not sent', async () => {
  let target = ''
  const on = await sendingTo(() => target, {
    service: { denyAlways: ['GET /v1/next/keys'], credentialMinting: ['GET /v1/next/tokens'] },
  })
  for (const [why, place] of [
    ['a rule denies it', '/v1/next/secret'],
    ['no rule allows it', '/v1/elsewhere'],
    ['no rule allows it with that query', '/v1/listed?page=1&admin=1'],
    ['the service marks it as dangerous', '/v1/next/keys'],
    ['its answer is a credential', '/v1/next/tokens'],
  ] as const) {
    target = place
    expect(await start(on).ended(), why).toMatchObject({ type: 'problem', code: 'denied' })
  }
  expect(asked()).toEqual(Array(5).fill('GET /v1/start'))
})

test('a hop that the owner would be asked about is not sent without an answer', async () => {
  const on = await sendingTo('/v1/asked')
  const call = start(on)
  // However long the owner may take: nothing has gone by the time that another call is answered.
  await expect.poll(asked, { timeout: 30_000 }).toEqual(['GET /v1/start'])
  await Promise.race([call.ended(), new Promise((resolve) => setTimeout(resolve, 1000))])
  expect(asked()).toEqual(['GET /v1/start'])
  call.cancel()
})

test('a hop counts: it is not sent where the session has no call left', async () => {
  const limits = { ttl: 3600, idle: null, ratePerMinute: null, concurrent: null, maxBytes: null }
  const on = await sendingTo('/v1/next/page', {
    capability: { limits: { ...limits, maxRequests: 1 } as Capability['limits'] },
  })
  expect(await start(on).ended()).toMatchObject({ type: 'problem', code: 'budget-spent' })
  expect(asked()).toEqual(['GET /v1/start'])
})

test('a hop is not sent where the session ended while the service answered', async () => {
  const on = await sendingTo('/v1/next/page')
  beforeAnswer = () => {
    endSession(on.vault.store, on.vault.keys, on.session.id, 'revoked', Date.now())
  }
  const ended = await start(on).ended()
  expect(ended.type).not.toBe('end')
  expect(asked()).toEqual(['GET /v1/start'])
})

test('after a POST, 301, 302 and 303 ask with GET and without the body, 307 and 308 again with both', async () => {
  let code = 0
  const on = await sendingTo('/v1/next/page', {
    code: () => code,
    capability: { rules: [rule('allow', '* /v1/**')] },
  })
  const json: [string, string][] = [['content-type', 'application/json']]
  for (code of [301, 302, 303, 307, 308]) {
    expect(await start(on, 'POST', { body: '"abc"', headers: json }).text()).toBe('arrived')
    expect(asked().slice(-2), `${code}`).toEqual([
      'POST /v1/start',
      code < 307 ? 'GET /v1/next/page' : 'POST /v1/next/page',
    ])
    const second = () => arrivals.at(-1)
    if (code < 307) expect(second(), `${code}`).not.toMatch(/^content-|"abc"/m)
    else await expect.poll(second, { message: `${code}` }).toMatch(/^content-length: 5\r$[\s\S]*"abc"$/m)
  }
})

const OCTETS: [string, string][] = [['content-type', 'application/octet-stream']]

test('a body of any type is sent again after 307 where it has 256 KiB at most', async () => {
  const on = await sendingTo('/v1/next/page', { capability: { rules: [rule('allow', '* /v1/**')] } })
  const body = 'x'.repeat(256 * 1024)
  expect(await start(on, 'POST', { body, headers: OCTETS }).text()).toBe('arrived')
  expect(asked()).toEqual(['POST /v1/start', 'POST /v1/next/page'])
  await expect.poll(() => arrivals[1]?.endsWith(`\r\n\r\n${body}`)).toBe(true)
})

test('a body that has streamed away is not asked for again: the hop that needs it is withheld', async () => {
  const on = await sendingTo('/v1/next/page', { capability: { rules: [rule('allow', '* /v1/**')] } })
  const call = start(on, 'POST', { body: 'x'.repeat(256 * 1024 + 1), headers: OCTETS })
  expect(await call.ended()).toMatchObject({ type: 'problem', code: 'response-withheld' })
  expect(asked()).toEqual(['POST /v1/start'])
})

test('of a stream of the page no browser follows such a hop, whatever was held of it', async () => {
  const on = await sendingTo('/v1/next/page', { capability: { rules: [rule('allow', '* /v1/**')] } })
  for (const type of ['application/octet-stream', 'application/x-www-form-urlencoded']) {
    const call = start(on, 'POST', { body: 'a=b', isStream: true, headers: [['content-type', type]] })
    expect(await call.ended(), type).toMatchObject({ type: 'cut', code: 'response-withheld' })
  }
  expect(asked()).toEqual(Array(2).fill('POST /v1/start'))
})

test('the placeholder of a page is taken out of a hop as it is out of a call', async () => {
  const on = await sendingTo('/v1/next/page?key=sk-valetkey-placeholder', {
    service: { strip: { headers: [], query: ['key'], jsonFields: [] } },
  })
  expect(await start(on).text()).toBe('arrived')
  expect(asked()).toEqual(['GET /v1/start', 'GET /v1/next/page'])
})

test('an address beyond ASCII is asked for as browsers ask for it, byte by byte', async () => {
  const on = await sendingTo('/v1/next/zoë-日')
  expect(await start(on).text()).toBe('arrived')
  expect(asked()).toEqual(['GET /v1/start', 'GET /v1/next/zo%C3%AB-%E6%97%A5'])
})
