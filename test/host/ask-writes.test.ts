import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listGrants } from '../../native-host/store/grants.ts'
import { ApprovalStage, codeOf, PLACEHOLDER, SITE } from './approvals-fixture.ts'
import { commandOn } from './command-on.ts'

/** The owner's wish to be asked before a site's changes, in real hosts that hold one vault, with a server that takes its key. */
let stage: ApprovalStage
beforeEach(async () => {
  stage = await ApprovalStage.create()
  const rules = [
    { effect: 'allow' as const, pattern: '* /v1/**' },
    { effect: 'deny' as const, pattern: 'DELETE /v1/kept' },
  ]
  stage.addCapability({ rules })
})
afterEach(() => stage.remove())

const JSON_BODY = { headers: [PLACEHOLDER, ['Content-Type', 'application/json']] as [string, string][] }
const grant = () => listGrants(stage.vault.store, stage.vault.keys)[0]

/** A page whose site is asked about, by the order that the Sites room gives. */
async function asking() {
  const host = await stage.host()
  const page = await stage.page(host)
  const id = grant()?.id ?? ''
  const wish = (askWrites: boolean) => host.order({ name: 'grant-ask-writes', id, askWrites })
  await wish(true)
  return { host, page, id, wish }
}

test('reads go through, each write waits for the owner, and a denial stays one', async () => {
  const { host, page } = await asking()
  expect(await page.ask('GET', '/v1/models').text()).toBe('{"got":""}')
  const call = page.ask('POST', '/v1/pay', { ...JSON_BODY, body: '{"sum":12}' })
  const [asked] = await stage.waiting(host)
  expect(asked).toMatchObject({ why: 'write', rule: 'POST /v1/**', method: 'POST', here: true })
  expect(stage.upstream.journal.calls.filter(({ method }) => method === 'POST')).toEqual([])
  await stage.answerNext(host, 'once')
  expect(await call.text()).toContain('sum')
  expect(stage.decided()[0]).toMatchObject({
    kind: 'intent',
    decision: 'ask',
    reason: 'write-ask',
    rule: 'POST /v1/**',
    approvedBy: { by: 'extension', answer: 'once' },
  })
  const refused = page.ask('POST', '/v1/pay', { ...JSON_BODY, body: '{}' })
  await stage.answerNext(host, 'deny')
  expect(await refused.ended()).toMatchObject({ type: 'problem', code: 'approval-denied' })
  expect(await page.ask('DELETE', '/v1/kept').ended()).toMatchObject({ type: 'problem', code: 'denied' })
  expect(stage.decided()[0]).toMatchObject({ reason: 'rule-deny' })
})

test('an answer for the session is for one method, and is forgotten where the owner wishes to be asked anew', async () => {
  const { host, page, wish } = await asking()
  const first = page.ask('POST', '/v1/a', { ...JSON_BODY, body: '{}' })
  await stage.answerNext(host, 'session')
  await first.text()
  // The same, without being asked.
  expect(await page.ask('POST', '/v1/b', { ...JSON_BODY, body: '{}' }).text()).toContain('got')
  const other = page.ask('DELETE', '/v1/b')
  expect(await stage.answerNext(host, 'deny')).toMatchObject({ rule: 'DELETE /v1/**' })
  await other.ended()
  await wish(false)
  await wish(true)
  const again = page.ask('POST', '/v1/b', { ...JSON_BODY, body: '{}' })
  await stage.answerNext(host, 'once')
  await again.text()
})

describe('what the owner changes', () => {
  test('binds at once, both ways, without connecting again, and is in the log', async () => {
    const { host, page, id, wish } = await asking()
    const [before] = await host.order({ name: 'session-list' })
    expect(before).toMatchObject({ askWrites: true })
    expect(await wish(false)).toMatchObject({ id, askWrites: false })
    expect(await page.ask('POST', '/v1/a', { ...JSON_BODY, body: '{}' }).text()).toContain('got')
    const [after] = await host.order({ name: 'session-list' })
    expect(after).toMatchObject({ id: before?.id, askWrites: false, endReason: null })
    const acts = stage.audit().flatMap((each) => (each.kind === 'act' ? [[each.act, each.subject]] : []))
    expect(acts.slice(0, 2)).toEqual([
      ['grant.stop-asking', id],
      ['grant.ask-writes', id],
    ])
    // What is so already is no act.
    await wish(false)
    expect(stage.audit()[0]).not.toMatchObject({ kind: 'act' })
    const unknown = { name: 'grant-ask-writes', id: crypto.randomUUID(), askWrites: true } as const
    expect(await codeOf(host.order(unknown))).toBe('unknown')
  })

  test('holds when the site is connected again, until they say otherwise', async () => {
    const { host } = await asking()
    const connect = (wish: { askWrites?: boolean }) =>
      host.order({ name: 'connect', origin: SITE, topOrigin: SITE, capability: 'careful', ttl: 60, ...wish })
    expect(await connect({})).toMatchObject({ askWrites: true })
    expect(await connect({ askWrites: false })).toMatchObject({ askWrites: false })
    expect(await connect({})).toMatchObject({ askWrites: false })
    expect(await connect({ askWrites: true })).toMatchObject({ askWrites: true })
  })

  test('by another process counts for the next call here, and a call that was let through before it is not sent', async () => {
    const host = await stage.host()
    const page = await stage.page(host)
    // Decided only when its body is all there: then the wish is known.
    const id = host.id()
    const claimed = { method: 'POST', url: `${stage.upstream.url}/v1/a`, redirect: 'follow' } as const
    const body = { hasBody: true, bodyLength: 2 }
    host.send({ type: 'ask', id, document: page.document, ...claimed, ...JSON_BODY, ...body })
    host.send({ type: 'body', id, base64: btoa('{') })
    await host.next((frame) => frame.type === 'credit' && frame.id === id)
    const made = await valetkey('grant', 'edit', grant()?.id ?? '', '--ask-writes', '--json')
    expect([made.code, JSON.parse(made.stdout)]).toEqual([0, { ...grant(), askWrites: true }])
    host.send({ type: 'body', id, base64: btoa('}') })
    host.send({ type: 'body-end', id })
    const ended = await host.next((frame) => frame.type === 'problem' && frame.id === id)
    expect(ended).toMatchObject({ code: 'approval-denied' })
    expect(stage.upstream.journal.calls).toEqual([])
    expect(stage.decided()[0]).toMatchObject({ kind: 'refusal', reason: 'approval-stale' })
    const next = page.ask('POST', '/v1/a', { ...JSON_BODY, body: '{}' })
    await stage.answerNext(host, 'once')
    await next.text()
  })
})

test('is told of a call that is tried, for the site of a grant of that capability', async () => {
  const { host, id, wish } = await asking()
  const call = { method: 'POST', url: `${stage.upstream.url}/v1/pay` }
  const tried = (more: object) => host.order({ name: 'explain', capability: 'careful', ...call, ...more })
  expect(await tried({ grant: id })).toMatchObject({ decision: 'ask', reason: 'write-ask' })
  expect(await tried({})).toMatchObject({ decision: 'allow', reason: 'rule-allow' })
  expect(await tried({ grant: id, method: 'GET' })).toMatchObject({ decision: 'allow' })
  await wish(false)
  expect(await tried({ grant: id })).toMatchObject({ decision: 'allow' })
  expect(await codeOf(tried({ grant: crypto.randomUUID() }))).toBe('unknown')
  const made = ['capability', 'add', 'other', '--service', 'api', '--allow', 'POST /v1/**']
  expect((await valetkey(...made)).code).toBe(0)
  const elsewhere = { capability: 'other', grant: id }
  expect(await codeOf(tried(elsewhere))).toBe('unknown')
})

test('the command line says it, sets it with a grant, and explains by it', async () => {
  const added = await valetkey('grant', 'add', 'https://other.example', 'careful', '--ask-writes', '--json')
  expect(JSON.parse(added.stdout)).toMatchObject({ askWrites: true })
  expect((await valetkey('grant', 'list')).stdout).toContain('asks before writes')
  expect((await valetkey('session', 'list')).stdout).toContain('asks before writes')
  const url = `${stage.upstream.url}/v1/pay`
  const explained = await valetkey('explain', 'careful', 'POST', url, '--ask-writes', '--json')
  expect([explained.code, JSON.parse(explained.stdout)]).toMatchObject([
    4,
    { decision: 'ask', reason: 'write-ask', rule: 'POST /v1/**' },
  ])
  const plain = await valetkey('explain', 'careful', 'POST', url, '--json')
  expect(JSON.parse(plain.stdout)).toMatchObject({ decision: 'allow', reason: 'rule-allow' })
  expect((await valetkey('grant', 'edit', JSON.parse(added.stdout).id)).code).not.toBe(0)
  const off = await valetkey('grant', 'edit', JSON.parse(added.stdout).id, '--no-ask-writes')
  expect(off.stdout).toContain('does not ask before writes any more')
  expect((await valetkey('grant', 'list')).stdout).not.toContain('asks before writes')
})

const valetkey = (...args: string[]) => commandOn(stage.vault.home, ...args)
