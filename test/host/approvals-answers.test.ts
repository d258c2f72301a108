import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { ApprovalStage, codeOf, PLACEHOLDER, SITE } from './approvals-fixture.ts'

let stage: ApprovalStage
beforeEach(async () => {
  stage = await ApprovalStage.create()
})
afterEach(() => stage.remove())

const JSON_BODY: [string, string] = ['Content-Type', 'application/json']
const sent = () => stage.upstream.journal.calls.length
const jsonCall = (value: unknown) => ({ headers: [PLACEHOLDER, JSON_BODY], body: JSON.stringify(value) })

describe('what the owner is shown', () => {
  test('says who asks and what would be sent, without credential and placeholder', async () => {
    const host = await stage.host()
    const page = await stage.page(host)
    const body = {
      to: 'a@b.example',
      amounts: [1, 2.5],
      key: 'sk-valetkey-placeholder',
      deep: { 'a/b': null },
    }
    const call = page.ask('POST', '/v1/pay?draft=1', jsonCall(body))
    const [asked] = await stage.waiting(host)
    expect(asked).toMatchObject({
      origin: SITE,
      topOrigin: SITE,
      session: page.session,
      capability: 'careful',
      service: 'api',
      rule: 'POST /v1/**',
      method: 'POST',
      url: `${stage.upstream.url}/v1/pay?draft=1`,
      headers: [
        ['content-type', 'application/json'],
        ['accept', '*/*'],
        ['user-agent', 'valetkey'],
      ],
      tabId: 1,
      frameId: 0,
      here: true,
      more: 0,
    })
    expect(asked?.body?.fields).toEqual([
      { path: '/to', value: 'a@b.example' },
      { path: '/amounts/0', value: '1' },
      { path: '/amounts/1', value: '2.5' },
      { path: '/deep/a~1b', value: 'null' },
    ])
    expect(JSON.stringify(asked)).not.toContain('placeholder')
    expect((asked?.expiresAt ?? 0) - (asked?.at ?? 0)).toBe(60_000)
    expect(sent()).toBe(0)
    call.cancel()
  })

  test('counts what waits in `changed`, and other calls of the site in `more`', async () => {
    const host = await stage.host()
    const page = await stage.page(host)
    const other = await stage.page(host, 'https://other.example')
    for (const path of ['/v1/a', '/v1/b']) page.ask('POST', path)
    other.ask('POST', '/v1/c')
    const list = await stage.waiting(host, 3)
    // Sites take turns: the other one's call may have come between.
    expect(list.map(({ url, more }) => [new URL(url).pathname, more]).sort()).toEqual([
      ['/v1/a', 1],
      ['/v1/b', 1],
      ['/v1/c', 0],
    ])
    await host.next((frame) => frame.type === 'changed' && frame.approvals === 3)
    expect(await host.order({ name: 'approval-deny-all' })).toEqual({ denied: 3 })
    const last = () => host.frames.findLast((frame) => frame.type === 'changed')
    await eventually('nothing waits', last, (frame) => frame?.type === 'changed' && frame.approvals === 0)
  })
})

describe('an answer', () => {
  test('`once` lets exactly that call pass; the same call again is asked about again', async () => {
    const host = await stage.host()
    const page = await stage.page(host)
    const first = page.ask('POST', '/v1/pay', jsonCall({ n: 1 }))
    const asked = await stage.answerNext(host, 'once')
    expect(JSON.parse(await first.text())).toEqual({ got: '{"n":1}' })
    expect(stage.rows()).toBe(0)
    const [intent] = stage.decided()
    expect(intent).toMatchObject({
      kind: 'intent',
      id: asked.id,
      decision: 'ask',
      rule: 'POST /v1/**',
      approvedBy: { by: 'extension', answer: 'once' },
    })
    const acts = stage.audit().filter((each) => each.kind === 'act' && each.act === 'approval.answer')
    expect(acts).toMatchObject([{ subject: asked.id, by: 'extension' }])
    const again = page.ask('POST', '/v1/pay', jsonCall({ n: 1 }))
    const [second] = await stage.waiting(host)
    expect(second?.id).not.toBe(asked.id)
    expect(second?.digest).toBe(asked.digest)
    // The first answer shown once more answers nothing.
    expect(await codeOf(stage.answer(host, asked, 'once'))).toBe('unknown')
    expect(sent()).toBe(1)
    again.cancel()
  })

  test.each(['ten-minutes', 'session'] as const)(
    '`%s` also lets later calls of the same rule and session pass',
    async (answer) => {
      const host = await stage.host()
      const page = await stage.page(host)
      const first = page.ask('POST', '/v1/pay')
      const asked = await stage.answerNext(host, answer)
      await first.text()
      await page.ask('POST', '/v1/other', jsonCall({ n: 2 })).text()
      expect(stage.decided()[0]).toMatchObject({ kind: 'intent', approvedBy: { by: 'extension', answer } })
      expect(stage.decided()[1]?.id).toBe(asked.id)
      // Another rule of the same capability is another question; so is another session.
      const otherRule = page.ask('GET', '/v1/asked')
      await stage.waiting(host)
      otherRule.cancel()
      const elsewhere = await stage.page(host, 'https://other.example')
      const otherSession = elsewhere.ask('POST', '/v1/pay')
      await eventuallyAsked(host, 'https://other.example')
      otherSession.cancel()
      expect(sent()).toBe(2)
    },
  )

  test('a standing answer ends with its session and with any change of the capability', async () => {
    const host = await stage.host()
    const page = await stage.page(host)
    const first = page.ask('POST', '/v1/pay')
    await stage.answerNext(host, 'session')
    await first.text()
    stage.addCapability({ limits: { maxRequests: 50 } })
    await stage.seen()
    const changed = page.ask('POST', '/v1/pay')
    await stage.answerNext(host, 'session')
    await changed.text()
    await host.order({ name: 'session-revoke', id: page.session })
    expect(stage.vault.store.get('SELECT count(*) AS n FROM standing_answers')).toEqual({ n: 0 })
    const again = await stage.page(host, `${SITE}:8443`)
    const call = again.ask('POST', '/v1/pay')
    await stage.waiting(host)
    call.cancel()
    expect(sent()).toBe(2)
  })

  test('`deny` refuses the call, and nothing is sent', async () => {
    const host = await stage.host()
    const page = await stage.page(host)
    const call = page.ask('POST', '/v1/pay')
    const asked = await stage.answerNext(host, 'deny')
    expect(await call.ended()).toMatchObject({ type: 'problem', code: 'approval-denied', instance: asked.id })
    expect(stage.decided()[0]).toMatchObject({ kind: 'refusal', reason: 'approval-denied', approvedBy: null })
    expect(sent()).toBe(0)
    expect(stage.rows()).toBe(0)
  })

  test('to another digest answers nothing', async () => {
    const host = await stage.host()
    const page = await stage.page(host)
    const calls = [
      page.ask('POST', '/v1/small', jsonCall({ n: 1 })),
      page.ask('POST', '/v1/large', jsonCall({ n: 2 })),
    ]
    const [small, large] = await stage.waiting(host, 2)
    if (small === undefined || large === undefined) throw new Error('two calls were to wait')
    expect(await codeOf(stage.answer(host, { ...large, digest: small.digest }, 'once'))).toBe('unknown')
    expect(await codeOf(stage.answer(host, { ...large, id: crypto.randomUUID() }, 'once'))).toBe('unknown')
    expect(await stage.waiting(host, 2)).toHaveLength(2)
    expect(sent()).toBe(0)
    for (const call of calls) call.cancel()
  })

  test('is asked for again at a redirect that an ask rule matches', async () => {
    const host = await stage.host()
    const page = await stage.page(host)
    const call = page.ask('POST', '/v1/hop')
    const first = await stage.answerNext(host, 'once')
    const [second] = await stage.waiting(host)
    expect(second).toMatchObject({
      method: 'GET',
      url: `${stage.upstream.url}/v1/asked`,
      rule: 'GET /v1/asked',
    })
    expect(second?.id).not.toBe(first.id)
    expect(sent()).toBe(1)
    await stage.answerNext(host, 'deny')
    expect(await call.ended()).toMatchObject({ type: 'problem', code: 'approval-denied' })
    expect(sent()).toBe(1)
  })
})

function eventuallyAsked(host: Parameters<ApprovalStage['waiting']>[0], origin: string) {
  return stage.waiting(host).then((list) => expect(list[0]?.origin).toBe(origin))
}
