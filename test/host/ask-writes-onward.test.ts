import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { listGrants } from '../../native-host/store/grants.ts'
import { makeCanary, searchFor } from '../support/canary.ts'
import {
  type LoopbackServer,
  readBody,
  sendJson,
  startLoopbackServer,
} from '../support/upstreams/loopback-server.ts'
import { ApprovalStage, type Page, PLACEHOLDER, SITE } from './approvals-fixture.ts'

/** Changes that the owner wants to be asked about, and that do not end where they were sent: redirects and failovers. */
let stage: ApprovalStage
beforeEach(async () => {
  stage = await ApprovalStage.create()
})
afterEach(() => stage.remove())

const BODY = {
  headers: [PLACEHOLDER, ['Content-Type', 'application/json']] as [string, string][],
  body: '{"sum":1}',
}
const ANYTHING = [{ effect: 'allow' as const, pattern: '* /v1/**' }]

/** Be asked before each change that the capability's grant lets through, or not. */
async function wish({ host }: Page, capability: string, askWrites: boolean): Promise<void> {
  const id = listGrants(stage.vault.store, stage.vault.keys).find(
    (each) => each.capability === capability,
  )?.id
  await host.order({ name: 'grant-ask-writes', id: id ?? '', askWrites })
}

/** What arrived, as `METHOD /path`. */
const arrived = ({ journal }: LoopbackServer = stage.upstream) =>
  journal.calls.map(({ method, target }) => `${method} ${target}`)

describe('a redirect of a change', () => {
  async function asking(): Promise<Page> {
    stage.addCapability({ rules: ANYTHING })
    const page = await stage.page(await stage.host())
    await wish(page, 'careful', true)
    return page
  }

  test.each([
    ['POST', 307],
    ['POST', 308],
    ['PUT', 302],
    ['DELETE', 301],
  ])(
    'that stays one, %s by %i, is asked about anew and not sent before the owner says yes',
    async (method, status) => {
      const page = await asking()
      const call = page.ask(method, `/v1/hop?${status}`, method === 'DELETE' ? {} : BODY)
      const first = await stage.answerNext(page.host, 'once')
      const [second] = await stage.waiting(page.host)
      expect(second).toMatchObject({ why: 'write', method, rule: `${method} /v1/**` })
      expect(second?.url).toBe(`${stage.upstream.url}/v1/asked`)
      expect(second?.digest).not.toBe(first.digest)
      expect(arrived()).toEqual([`${method} /v1/hop?${status}`])
      await stage.answerNext(page.host, 'once')
      await call.text()
      expect(arrived()).toEqual([`${method} /v1/hop?${status}`, `${method} /v1/asked`])
      expect(stage.upstream.journal.last.body.toString()).toBe(method === 'DELETE' ? '' : BODY.body)
    },
  )

  test('is not sent where the owner says no to it', async () => {
    const page = await asking()
    const call = page.ask('POST', '/v1/hop?307', BODY)
    await stage.answerNext(page.host, 'once')
    await stage.answerNext(page.host, 'deny')
    expect(await call.ended()).toMatchObject({ type: 'problem', code: 'approval-denied' })
    expect(arrived()).toEqual(['POST /v1/hop?307'])
  })

  test.each([302, 303])('that becomes a GET by %i only reads: nobody is asked again', async (status) => {
    const page = await asking()
    const call = page.ask('POST', `/v1/hop?${status}`, BODY)
    await stage.answerNext(page.host, 'once')
    expect(await call.text()).toBe('{"got":""}')
    expect(arrived()).toEqual([`POST /v1/hop?${status}`, 'GET /v1/asked'])
    expect(stage.decided().map(({ reason }) => reason)).toEqual(['rule-allow', 'write-ask'])
  })

  test('is covered by an answer for the session, as the same change sent by the page is', async () => {
    const page = await asking()
    const call = page.ask('POST', '/v1/hop?307', BODY)
    await stage.answerNext(page.host, 'session')
    expect(await call.text()).toContain('sum')
    expect(arrived()).toEqual(['POST /v1/hop?307', 'POST /v1/asked'])
  })
})

describe('a change that goes on to another service, with another key', () => {
  const OTHER = makeCanary('the other key', 'sk-other-')
  let other: LoopbackServer
  beforeEach(async () => {
    other = await startLoopbackServer(async (request, response) => {
      const body = await readBody(request)
      const isKeyed = request.headers.authorization === `Bearer ${OTHER.key}`
      sendJson(response, isKeyed ? 200 : 401, { other: body.toString() })
    })
  })
  afterEach(async () => {
    const written = stage.hosts.flatMap((host) => host.written)
    expect(searchFor([OTHER], Buffer.concat(written), 'the wire')).toEqual([])
    await other.close()
  })

  /** Both capabilities granted to the site, each with the owner's wish. */
  async function asking(wishes: { careful: boolean; other: boolean }): Promise<Page> {
    const { vault } = stage
    vault.addService('other', `${other.url}/v1`, OTHER.key)
    vault.addCapability('other', 'other', ['* /v1/**'])
    const failover = { capability: 'other', on: ['5xx' as const], models: [], wait: null }
    stage.addCapability({ rules: ANYTHING, failover })
    const found = findCapability(vault.store, vault.keys, 'other')
    if (found === null) throw new Error('no capability')
    vault.connect(SITE, found)
    const page = await stage.page(await stage.host())
    await wish(page, 'careful', wishes.careful)
    await wish(page, 'other', wishes.other)
    return page
  }

  test('is asked about at both, each time as it would be sent there', async () => {
    const page = await asking({ careful: true, other: true })
    const call = page.ask('POST', '/v1/down', BODY)
    const first = await stage.answerNext(page.host, 'once')
    const [second] = await stage.waiting(page.host)
    expect([first.url, second?.url]).toEqual([`${stage.upstream.url}/v1/down`, `${other.url}/v1/down`])
    expect(second).toMatchObject({ why: 'write', capability: 'other' })
    expect([arrived(), arrived(other)]).toEqual([['POST /v1/down'], []])
    await stage.answerNext(page.host, 'once')
    expect(await call.text()).toContain('other')
    expect(arrived(other)).toEqual(['POST /v1/down'])
  })

  test('an answer for the session at the one is none at the other', async () => {
    const page = await asking({ careful: true, other: true })
    const call = page.ask('POST', '/v1/down', BODY)
    await stage.answerNext(page.host, 'session')
    await stage.answerNext(page.host, 'deny')
    // What the first service answered is what the page gets.
    expect(await call.head()).toMatchObject({ status: 503 })
    expect(arrived(other)).toEqual([])
    expect(stage.decided()[0]).toMatchObject({ capability: 'other', reason: 'approval-denied' })
  })

  test('is asked about where only the other one’s changes are', async () => {
    const page = await asking({ careful: false, other: true })
    const call = page.ask('POST', '/v1/down', BODY)
    const asked = await stage.answerNext(page.host, 'once')
    expect(asked.url).toBe(`${other.url}/v1/down`)
    expect(await call.text()).toContain('other')
    const read = page.ask('GET', '/v1/down')
    expect(await read.text()).toContain('other')
  })

  test('is not asked about again where the owner wants that of the first one alone', async () => {
    const page = await asking({ careful: true, other: false })
    const call = page.ask('POST', '/v1/down', BODY)
    await stage.answerNext(page.host, 'once')
    expect(await call.text()).toContain('other')
    expect(arrived(other)).toEqual(['POST /v1/down'])
  })
})
