import { afterEach, beforeEach, expect, test } from 'vitest'
import { isLive } from '../../native-host/sessions/session-life.ts'
import { sessionById } from '../../native-host/sessions/sessions.ts'
import { done, times } from '../support/hard.ts'
import { ApprovalStage, codeOf, type Page } from './approvals-fixture.ts'

/** Answers, revokes and locks that come from other processes than the one that holds the call. */
let stage: ApprovalStage
beforeEach(async () => {
  stage = await ApprovalStage.create()
})
afterEach(() => stage.remove())

const sent = () => stage.upstream.journal.calls.length

test('another browser sees what waits, not as its own, and its answer lets the call pass', async () => {
  const [asking, other] = [await stage.host(), await stage.host()]
  const page = await stage.page(asking)
  const call = page.ask('POST', '/v1/pay', { body: 'x' })
  const [asked] = await stage.waiting(other)
  if (asked === undefined) throw new Error('nothing waits')
  expect(asked.here).toBe(false)
  expect(await other.order({ name: 'approval-deny-all' })).toEqual({ denied: 0 })
  await stage.answer(other, asked, 'once')
  // Whoever is told that the answer was taken need not wait for it: the row is gone.
  expect(stage.rows()).toBe(0)
  expect(await call.text()).toBe('{"got":"x"}')
  expect(await codeOf(stage.answer(asking, asked, 'once'))).toBe('unknown')
  expect(sent()).toBe(1)
})

test('two answers at once: one counts', async () => {
  const [asking, other] = [await stage.host(), await stage.host()]
  const page = await stage.page(asking)
  const codes: string[] = []
  for (let round = 0; round < 10; round++) {
    const call = page.ask('POST', '/v1/pay')
    const [asked] = await stage.waiting(other)
    if (asked === undefined) throw new Error('nothing waits')
    const both = [stage.answer(other, asked, 'once'), stage.answer(asking, asked, 'once')].map(codeOf)
    codes.push((await Promise.all(both)).sort().join())
    await call.text()
  }
  expect(codes).toEqual(Array(10).fill('done,unknown'))
  expect(sent()).toBe(10)
})

test('an answer races a revoke: once the revoke is acknowledged nothing is sent', async () => {
  const [asking, other] = [await stage.host(), await stage.host()]
  const races = times(20, 1000)
  const seen = { sent: 0, ended: 0, late: 0 }
  for (let round = 0; round < races; round += 5) {
    const pages: Page[] = []
    for (let n = round; n < round + 5; n++) pages.push(await stage.page(asking, `https://site-${n}.example`))
    const ends = await Promise.all(pages.map((page, n) => race(page, round + n, asking, other)))
    for (const end of ends) seen[end] += 1
  }
  done('answers raced against a revoke', seen.sent + seen.ended + seen.late)
  done('… in which the answer came first', seen.sent)
  expect(seen.late).toBe(0)
  expect(seen.sent + seen.ended).toBe(races)
  expect(stage.rows()).toBe(0)
}, 3_600_000)

type Host = Page['host']

/** What came first: `sent`, or `ended`; `late` where something was sent after the revoke was acknowledged. */
async function race(page: Page, n: number, asking: Host, other: Host): Promise<'sent' | 'ended' | 'late'> {
  const path = `/v1/race/${n}`
  const arrived = () => stage.upstream.journal.calls.some(({ target }) => target === path)
  const call = page.ask('POST', path, { body: 'race' })
  const asked = await listed(asking, page.session)
  const [answers, revokes] = n % 2 === 0 ? [asking, other] : [other, asking]
  const answered = pause(Math.random() * 15)
    .then(() => stage.answer(answers, asked, n % 3 === 0 ? 'session' : 'once'))
    .catch(() => {})
  await pause(Math.random() * 15)
  await revokes.order({ name: 'session-revoke', id: page.session })
  const session = sessionById(stage.vault.store, stage.vault.keys, page.session)
  expect(session !== null && isLive(session, Date.now())).toBe(false)
  const intents = () =>
    stage.decided().filter((each) => each.kind === 'intent' && each.session === page.session)
  const before = intents().length
  await answered
  const ended = await call.ended()
  await pause(30)
  // The log says what was sent, in order: an intent stands in it before the first byte leaves.
  if (intents().length > before || (arrived() && before === 0)) return 'late'
  if (before === 0) expect(ended).toMatchObject({ type: 'problem', code: 'session-ended' })
  return arrived() ? 'sent' : 'ended'
}

async function listed(host: Host, session: string) {
  for (;;) {
    const list = await host.order({ name: 'approval-list' })
    const asked = list.find((each) => each.session === session)
    if (asked !== undefined) return asked
    await pause(5)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
