import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { endSession } from '../../native-host/sessions/sessions.ts'
import { raiseLock } from '../../native-host/vault/lock.ts'
import { eventually } from '../support/eventually.ts'
import { times } from '../support/hard.ts'
import { ApprovalStage, codeOf, type Page } from './approvals-fixture.ts'

let stage: ApprovalStage
beforeEach(async () => {
  stage = await ApprovalStage.create()
})
afterEach(() => stage.remove())

const sent = () => stage.upstream.journal.calls.length
const noRows = () =>
  eventually(
    'no row is left',
    () => stage.rows(),
    (rows) => rows === 0,
  )

/** A call of a new page that waits in a new host. */
async function parked() {
  const host = await stage.host()
  const page = await stage.page(host)
  const call = page.ask('POST', '/v1/pay')
  const [asked] = await stage.waiting(host)
  if (asked === undefined) throw new Error('nothing waits')
  return { host, page, call, asked }
}

describe('silence', () => {
  test('is no once the wall clock says so, also where the machine has slept; the answer comes too late', async () => {
    const { host, move } = await stage.hostWithClock()
    const page = await stage.page(host)
    const call = page.ask('POST', '/v1/pay')
    const [asked] = await stage.waiting(host)
    if (asked === undefined) throw new Error('nothing waits')
    await move(45_000)
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(stage.rows()).toBe(1)
    await move(61_000)
    expect(await call.ended()).toMatchObject({ type: 'problem', code: 'approval-denied', instance: asked.id })
    expect(stage.decided()[0]).toMatchObject({ kind: 'refusal', reason: 'approval-timeout' })
    expect(await codeOf(stage.answer(host, asked, 'once'))).toBe('unknown')
    expect(stage.rows()).toBe(0)
    expect(sent()).toBe(0)
  })

  test.skipIf(times(0, 1) === 0)('is no after 60 s, also by a wall clock that stands still', async () => {
    const { host, freeze } = await stage.hostWithClock()
    const page = await stage.page(host)
    await freeze()
    const began = performance.now()
    const call = page.ask('POST', '/v1/pay')
    await stage.waiting(host)
    expect(await call.ended()).toMatchObject({ type: 'problem', code: 'approval-denied' })
    expect(performance.now() - began).toBeGreaterThan(59_000)
    expect(stage.decided()[0]).toMatchObject({ reason: 'approval-timeout' })
  })
})

describe('a mute', () => {
  test('follows three denials in 30 s, binds every host, spares other sites, and ends after 60 s', async () => {
    const { host, move } = await stage.hostWithClock()
    const [page, other] = [await stage.page(host), await stage.page(host, 'https://other.example')]
    const deny = async () => {
      const call = page.ask('POST', '/v1/pay')
      await stage.answerNext(host, 'deny')
      expect(await call.ended()).toMatchObject({ code: 'approval-denied' })
    }
    for (const _ of [1, 2, 3]) await deny()
    await expectMuted(page)
    const second = await stage.host()
    await expectMuted(await stage.page(second))
    other.ask('POST', '/v1/pay')
    const [asked] = await stage.waiting(host)
    expect(asked?.origin).toBe('https://other.example')
    await move(70_000)
    const again = page.ask('POST', '/v1/pay')
    await stage.answerNext(host, 'once')
    expect(await again.text()).toBe('{"got":""}')
    expect(sent()).toBe(1)
  })

  async function expectMuted(page: Page) {
    expect(await page.ask('POST', '/v1/pay').ended()).toMatchObject({ code: 'approval-denied' })
    expect(stage.decided()[0]).toMatchObject({ kind: 'refusal', reason: 'approval-muted', decision: 'ask' })
  }
})

describe('a call that waits is over at once', () => {
  test.each([
    ['its session is revoked in this browser', 'session-revoke'],
    ['every session is revoked', 'session-revoke-all'],
    ['its grant is removed', 'grant-remove'],
    ['its service is removed', 'service-remove'],
  ])('when %s', async (_, order) => {
    const { host, page, call, asked } = await parked()
    const [grant] = await host.order({ name: 'grant-list' })
    if (order === 'session-revoke') await host.order({ name: 'session-revoke', id: page.session })
    if (order === 'session-revoke-all') await host.order({ name: 'session-revoke', all: true })
    if (order === 'grant-remove') await host.order({ name: 'grant-remove', id: grant?.id ?? '' })
    if (order === 'service-remove') await host.order({ name: 'service-remove', id: 'api' })
    expect(stage.rows()).toBe(0)
    expect(await codeOf(stage.answer(host, asked, 'once'))).toBe('unknown')
    expect(await call.ended()).toMatchObject({ type: 'problem', code: 'session-ended' })
    expect(stage.decided()[0]).toMatchObject({ kind: 'refusal', id: asked.id, reason: 'session-ended' })
    expect(sent()).toBe(0)
  })

  test('when its session is revoked by another process', async () => {
    const { page, call } = await parked()
    endSession(stage.vault.store, stage.vault.keys, page.session, 'revoked', Date.now())
    expect(stage.rows()).toBe(0)
    expect(await call.ended()).toMatchObject({ type: 'problem', code: 'session-ended' })
    expect(sent()).toBe(0)
  })

  test('when the capability that asked is changed', async () => {
    const { host, call, asked } = await parked()
    stage.addCapability({ limits: { maxRequests: 5 } })
    expect(await call.ended()).toMatchObject({ type: 'problem', code: 'approval-denied' })
    expect(stage.decided()[0]).toMatchObject({ kind: 'refusal', reason: 'approval-stale' })
    expect(await codeOf(stage.answer(host, asked, 'once'))).toBe('unknown')
    expect(sent()).toBe(0)
  })

  test('when its document is gone, or the page gives it up', async () => {
    const { host, page, asked } = await parked()
    host.send({ type: 'document-gone', document: page.document })
    await noRows()
    expect(await codeOf(stage.answer(host, asked, 'once'))).toBe('unknown')
    const next = await stage.page(host, 'https://next.example')
    const call = next.ask('POST', '/v1/pay')
    await stage.waiting(host)
    call.cancel()
    await noRows()
    expect(sent()).toBe(0)
  })

  test('when the vault is locked, or the browser closes', async () => {
    const { host } = await parked()
    await host.close()
    expect(stage.rows()).toBe(0)
    const second = await stage.host()
    const page = await stage.page(second, 'https://second.example')
    page.ask('POST', '/v1/pay')
    await stage.waiting(second)
    raiseLock(stage.vault.store)
    await second.exited
    expect(stage.rows()).toBe(0)
    expect(sent()).toBe(0)
  })

  test('when its process is killed: the answer says that nobody waits, and does nothing', async () => {
    const { host, asked } = await parked()
    const other = await stage.host()
    await stage.waiting(other)
    host.process.kill('SIGKILL')
    await host.exited
    expect(await codeOf(stage.answer(other, asked, 'session'))).toBe('unknown')
    expect(stage.rows()).toBe(0)
    expect(stage.vault.store.get('SELECT count(*) AS n FROM standing_answers')).toEqual({ n: 0 })
    expect(sent()).toBe(0)
  })
})

describe('what may wait is bounded', () => {
  test('20 calls of a session; the next is refused at once', async () => {
    const { host, page } = await parked()
    for (let n = 0; n < 19; n++) page.ask('POST', `/v1/pay/${n}`)
    await stage.waiting(host, 20)
    expect(await page.ask('POST', '/v1/pay').ended()).toMatchObject({ code: 'rate-limited' })
    expect(stage.decided()[0]).toMatchObject({ kind: 'refusal', reason: 'too-many-waiting' })
  })

  test('as many as the session may have in flight, and bodies that can be shown', async () => {
    stage.addCapability({ limits: { concurrent: 1 } })
    const { page } = await parked()
    expect(await page.ask('POST', '/v1/pay').ended()).toMatchObject({ code: 'rate-limited' })
    expect(stage.decided()[0]).toMatchObject({ reason: 'concurrency-limited' })
    const { host, document } = page
    const id = host.id()
    const url = `${stage.upstream.url}/v1/large`
    const claimed = { method: 'POST', url, headers: [], redirect: 'follow', hasBody: true }
    host.send({ type: 'ask', id, document, ...claimed, bodyLength: 33 * 1024 * 1024 })
    const ended = await host.next((frame) => frame.type === 'problem' && frame.id === id)
    expect(ended).toMatchObject({ code: 'too-large' })
  })

  test('bodies whose length nobody said wait with the room they take, not with that of the longest', async () => {
    const { host, page } = await parked()
    for (let n = 0; n < 5; n++) {
      const id = host.id()
      const url = `${stage.upstream.url}/v1/pay/${n}`
      const claimed = {
        method: 'POST',
        url,
        headers: [],
        redirect: 'follow',
        hasBody: true,
        bodyLength: null,
      }
      host.send({ type: 'ask', id, document: page.document, ...claimed })
      host.send({ type: 'body', id, base64: Buffer.from(`body ${n}`).toString('base64') })
      host.send({ type: 'body-end', id })
    }
    const waiting = await stage.waiting(host, 6)
    expect(waiting.map(({ body }) => body?.text ?? null)).toContain('body 4')
  })
})
