import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { ProcessWatch } from '../../native-host/budgets/processes.ts'
import { runningCallsOf } from '../../native-host/budgets/reservation-rows.ts'
import { list as budgetList } from '../../native-host/owner/budgets.ts'
import { unendedSessions } from '../../native-host/sessions/session-rows.ts'
import { sessionById } from '../../native-host/sessions/sessions.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import type { CapabilityLimits } from '../../shared/model/capability.ts'
import type { Session } from '../../shared/model/grant.ts'
import type { BudgetSummary } from '../../shared/protocol/budget-commands.ts'
import { done, times } from '../support/hard.ts'
import { NativeHost, type PageCall } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { type LoopbackServer, startLoopbackServer } from '../support/upstreams/loopback-server.ts'
import { type ModelAsk, type ModelUpstream, startModelUpstream } from '../support/upstreams/model-upstream.ts'

/** Budgets of the real host process, counted at the server that would send the bill. */
vi.setConfig({ testTimeout: times(120_000, 900_000) })

const KEY = 'sk-budget-0123456789abcdef'
const SITE = 'https://agent.example'
const OTHER_SITE = 'https://other.example'
const JSON_TYPE: [string, string] = ['Content-Type', 'application/json']
const PRICES = { currency: 'USD', input: 1_000_000, output: 2_000_000, request: 5 }

let model: ModelUpstream
let bytes: LoopbackServer
let vault: OwnedVault
let hosts: NativeHost[]
let session: Session

beforeAll(async () => {
  model = await startModelUpstream(KEY)
  bytes = await startLoopbackServer((request, response) => {
    // An answer given before the body is all there may reach the page before the body has spent what is left.
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' })
      const size = Number(request.url?.split('/').at(-1) ?? 0)
      for (let sent = 0; sent < size; sent += 50_000)
        response.write(randomBytes(Math.min(50_000, size - sent)))
      response.end()
    })
  })
})
afterAll(async () => {
  await model.close()
  await bytes.close()
})
beforeEach(async () => {
  hosts = []
  Object.assign(model.sold, { tokens: 0, calls: 0, most: 0 })
  vault = await OwnedVault.create()
})
afterEach(async () => {
  for (const host of hosts) await host.close()
  await vault.remove()
})

/** A service, a capability with these limits, and a session. */
function connect(limits: Partial<CapabilityLimits>, upstream: LoopbackServer = model): void {
  vault.addService('model', `${upstream.url}/v1`, KEY)
  vault.addCapability('chat', 'model', ['POST /v1/**', 'GET /v1/**'], { limits })
  const capability = findCapability(vault.store, vault.keys, 'chat')
  if (capability === null) throw new Error('no capability')
  session = vault.connect(SITE, capability)
}

async function page(origin = SITE): Promise<{ host: NativeHost; document: number }> {
  const host = await NativeHost.start(vault.home)
  hosts.push(host)
  const { id } = await host.document({ origin })
  return { host, document: id }
}

type Page = Awaited<ReturnType<typeof page>>

function chat({ host, document }: Page, ask: ModelAsk): PageCall {
  const body = JSON.stringify(ask)
  return host.ask(document, 'POST', `${model.url}/v1/chat/completions`, { headers: [JSON_TYPE], body })
}

/** How a call ended: a status, or the code of its problem or cut. */
async function endOf(call: PageCall): Promise<number | string> {
  const ended = await call.ended()
  return ended.type === 'end' ? (await call.head()).status : ended.code
}

function budget(): BudgetSummary {
  const now = Date.now
  const [found] = budgetList({ store: vault.store, keys: vault.keys, now, by: 'cli' })
  if (found === undefined) throw new Error('no budget')
  return found
}

/** Wait until it holds; fails with what it last failed with. */
const soon = (holds: () => void) => vi.waitFor(holds, { timeout: 30_000, interval: 20 })

/** What `chat` with these tokens reserves: its bytes for the input, and its maximum. */
const most = (ask: ModelAsk): number => JSON.stringify(ask).length + (ask.max_tokens ?? 0)

describe('many processes at one budget', () => {
  const PROCESSES = times(3, 8)
  const PER_PROCESS = times(8, 150)
  const ALL = PROCESSES * PER_PROCESS

  /** Every process asks as fast as it can until it is refused; how many calls were answered and refused. */
  async function rush(
    limits: Partial<CapabilityLimits>,
    perProcess: number,
  ): Promise<Map<string | number, number>> {
    connect(limits)
    const pages = await Promise.all(Array.from({ length: PROCESSES }, () => page()))
    const ends = new Map<string | number, number>()
    await Promise.all(
      pages.map(async (each) => {
        const calls = Array.from({ length: perProcess }, (_, n) => {
          const how = (['json', 'stream', 'silent'] as const)[n % 3] ?? 'json'
          return chat(each, { max_tokens: 40 + (n % 5), uses: n % 40, how, wait: n % 7 })
        })
        for (const call of calls) {
          const end = await endOf(call)
          ends.set(end, (ends.get(end) ?? 0) + 1)
        }
      }),
    )
    expect(budget()).toMatchObject({ tokens: { reserved: 0 } })
    expect(verifyAudit(vault.store, vault.keys)).toMatchObject({ ok: true })
    done(`calls of ${PROCESSES} processes raced at one budget`, PROCESSES * perProcess)
    return ends
  }

  test('none spends a token more than there is', async () => {
    const limit = ALL * 30
    const ends = await rush({ maxTokens: limit }, PER_PROCESS)
    expect(model.sold.tokens).toBeLessThanOrEqual(limit)
    expect(budget().tokens.spent).toBeGreaterThanOrEqual(model.sold.tokens)
    expect(budget().tokens.spent).toBeLessThanOrEqual(limit)
    expect(ends.get(200)).toBe(model.sold.calls)
    expect(ends.get('budget-spent')).toBeGreaterThan(0)
  })

  test('none spends a millionth more than there is', async () => {
    const limit = ALL * 50
    await rush({ maxCost: limit, prices: PRICES }, PER_PROCESS)
    const bill = model.sold.tokens - model.sold.calls
    expect(2 * bill + model.sold.calls * (1 + PRICES.request)).toBeLessThanOrEqual(limit)
    expect(model.sold.calls).toBeGreaterThan(0)
    expect(budget().cost?.spent).toBeLessThanOrEqual(limit)
  })

  test('none makes a call more, and no more run at once', async () => {
    const requests = Math.floor(ALL / 2)
    const ends = await rush({ maxRequests: requests, concurrent: 5 }, PER_PROCESS)
    expect(model.sold.calls).toBeLessThanOrEqual(requests)
    expect(model.sold.calls).toBe(ends.get(200))
    expect(model.sold.most).toBeLessThanOrEqual(5)
    expect(sessionById(vault.store, vault.keys, session.id)?.requests).toBe(model.sold.calls)
  })
})

test('sites share what may run at once over all sessions, and a place is free when a call has ended', async () => {
  connect({ concurrent: 2, concurrentInAll: 3 })
  const capability = findCapability(vault.store, vault.keys, 'chat')
  if (capability === null) throw new Error('no capability')
  vault.connect(OTHER_SITE, capability)
  const [one, two] = [await page(), await page(OTHER_SITE)]
  const hang: ModelAsk = { how: 'hangs' }
  const [first] = [chat(one, hang), chat(one, hang), chat(two, hang)]
  await soon(() => expect(model.sold.calls).toBe(3))
  expect(await endOf(chat(two, {}))).toBe('rate-limited')
  const refusals = listAudit(vault.store, vault.keys, { limit: 9 }).filter(({ kind }) => kind === 'refusal')
  expect(refusals).toMatchObject([{ reason: 'concurrency-limited', origin: OTHER_SITE }])
  first.cancel()
  await soon(() => expect(runningCallsOf(vault.store, vault.keys, 'chat')).toBe(2))
  expect(await endOf(chat(two, {}))).toBe(200)
})

test('tokens of JSON and of streams are settled at what the answer said, and stand in the log', async () => {
  connect({ maxTokens: 10_000, prices: PRICES })
  const on = await page()
  for (const how of ['json', 'stream'] as const)
    expect(await endOf(chat(on, { max_tokens: 500, uses: 30, how }))).toBe(200)
  await soon(() => expect(budget().tokens).toMatchObject({ spent: 62, reserved: 0, left: 9938 }))
  expect(budget()).toMatchObject({ calls: 2, unknown: 0, cost: { spent: 2 * (1 + 60 + 5), currency: 'USD' } })
  const outcomes = listAudit(vault.store, vault.keys, { limit: 9 }).filter(({ kind }) => kind === 'outcome')
  const said = { tokens: { input: 1, output: 30 }, cost: 66 }
  expect(outcomes).toMatchObject([said, said])
  // Of the session itself, too: the budget may be shared.
  const [session] = unendedSessions(vault.store, vault.keys)
  expect(session).toMatchObject({ requests: 2, tokens: 62, cost: 132 })
})

test.each([
  ['says nothing of usage', { how: 'silent' }, 200],
  ['breaks off', { how: 'breaks' }, 'upstream-unreachable'],
] as const)('an answer that %s counts as the most it was asked for', async (_, asked, end) => {
  connect({ maxTokens: 10_000 })
  const on = await page()
  const ask = { max_tokens: 500, uses: 30, ...asked }
  expect(await endOf(chat(on, ask))).toBe(end)
  await soon(() => expect(budget()).toMatchObject({ unknown: 1, tokens: { spent: most(ask) } }))
})

test('a call the page gives up counts as the most it asked for', async () => {
  connect({ maxTokens: 10_000 })
  const on = await page()
  const ask: ModelAsk = { max_tokens: 500, how: 'hangs' }
  const call = chat(on, ask)
  await soon(() => expect(model.sold.calls).toBe(1))
  expect(budget().tokens).toMatchObject({ spent: 0, reserved: most(ask) })
  call.cancel()
  await soon(() => expect(budget().tokens).toMatchObject({ spent: most(ask), reserved: 0 }))
})

test('a call the service refuses spends nothing, nor one that never reached it', async () => {
  connect({ maxTokens: 10_000 })
  const on = await page()
  expect(await endOf(chat(on, { max_tokens: 500, how: 'refuses' }))).toBe(400)
  const gone = await startModelUpstream(KEY)
  await gone.close()
  vault.addService('model', `${gone.url}/v1`, KEY)
  const other = await page()
  const body = JSON.stringify({ max_tokens: 500 })
  const ask = { headers: [JSON_TYPE], body }
  const call = other.host.ask(other.document, 'POST', `${gone.url}/v1/chat/completions`, ask)
  expect(await endOf(call)).toBe('upstream-unreachable')
  await soon(() => expect(budget().tokens).toMatchObject({ spent: 0, reserved: 0 }))
})

test('a call that names no maximum keeps others waiting for none, and a GET passes', async () => {
  connect({ maxTokens: 10_000 })
  const on = await page()
  const first = chat(on, { wait: 300, uses: 5 })
  await soon(() => expect(model.sold.calls).toBe(1))
  expect(await endOf(chat(on, { max_tokens: 1 }))).toBe('budget-spent')
  expect(await endOf(on.host.ask(on.document, 'GET', `${model.url}/v1/models`))).toBe(200)
  expect(await endOf(first)).toBe(200)
  await soon(() => expect(budget().tokens.spent).toBe(6))
})

test('what a killed process had in flight counts as all it held, and no longer as running', async () => {
  connect({ maxTokens: 1_000_000, concurrent: 3 })
  const rounds = times(1, 40)
  const ask: ModelAsk = { max_tokens: 50, how: 'hangs' }
  const watch = new ProcessWatch({ store: vault.store, keys: vault.keys, now: Date.now }, 1_000_000)
  for (let round = 0; round < rounds; round += 1) {
    const on = await page()
    for (let n = 0; n < 3; n += 1) chat(on, ask)
    await soon(() => expect(budget().sessions[0]?.running).toBeGreaterThan(round % 3))
    const before = budget()
    on.host.process.kill('SIGKILL')
    await on.host.exited
    const after = budget()
    expect(after.tokens.reserved).toBeGreaterThanOrEqual(before.tokens.reserved)
    for (let look = 0; look < 40; look += 1) watch.look()
    expect(budget().sessions[0]?.running).toBe(0)
    expect(budget().tokens).toMatchObject({ reserved: 0, spent: after.tokens.spent + after.tokens.reserved })
    done('processes killed between intent and outcome, their calls counted in full', 1)
  }
  expect(model.sold.tokens).toBeLessThanOrEqual(budget().tokens.spent)
  watch.close()
  hosts = []
})

describe('bytes', () => {
  test('a response is cut at the last byte of the session, whichever call it is', async () => {
    connect({ maxBytes: 400_000 }, bytes)
    const on = await page()
    const calls = [1, 2, 3].map(() => on.host.ask(on.document, 'GET', `${bytes.url}/v1/300000`))
    const ends = await Promise.all(calls.map(endOf))
    expect(ends).toContain('budget-spent')
    const delivered = calls.reduce((sum, call) => sum + call.bytes().length, 0)
    expect(delivered).toBeLessThanOrEqual(400_000)
    await soon(() => {
      const bytesNow = budget().sessions[0]?.bytes
      expect(bytesNow).toMatchObject({ spent: delivered, reserved: 0, left: 400_000 - delivered })
    })
    const last = on.host.ask(on.document, 'GET', `${bytes.url}/v1/500000`)
    expect(await endOf(last)).toBe('budget-spent')
    expect(delivered + last.bytes().length).toBe(400_000)
    expect(await endOf(on.host.ask(on.document, 'GET', `${bytes.url}/v1/1`))).toBe('budget-spent')
  })

  test('a body beyond what the session may send is refused before it leaves', async () => {
    connect({ maxBytesUp: 100_000 }, bytes)
    const on = await page()
    const send = (size: number) =>
      on.host.ask(on.document, 'POST', `${bytes.url}/v1/1`, { body: Buffer.alloc(size, 1) })
    expect(await endOf(send(60_000))).toBe(200)
    expect(await endOf(send(60_000))).toBe('budget-spent')
    expect(await endOf(send(40_000))).toBe(200)
    expect(bytes.journal.calls.at(-1)?.bodyBytes).toBe(40_000)
    expect(budget().sessions[0]?.bytesUp).toMatchObject({ spent: 100_000, left: 0 })
  })

  test('a body of unknown length stops at what is left', async () => {
    connect({ maxBytesUp: 150_000 }, bytes)
    bytes.journal.clear()
    const { host, document } = await page()
    const id = host.id()
    const url = `${bytes.url}/v1/1`
    const ask = { type: 'ask', id, document, method: 'POST', url, headers: [], redirect: 'follow' }
    host.send({ ...ask, hasBody: true, bodyLength: null })
    for (let n = 0; n < 5; n += 1)
      host.send({ type: 'body', id, base64: Buffer.alloc(50_000, 1).toString('base64') })
    const ended = await host.next((frame) => frame.type === 'problem' && frame.id === id)
    expect(ended).toMatchObject({ code: 'budget-spent' })
    for (const { bodyBytes } of bytes.journal.calls) expect(bodyBytes).toBeLessThanOrEqual(150_000)
  })
})

test('the extension may list and reset, and a reset is in the log', async () => {
  connect({ maxTokens: 600 })
  const on = await page()
  const ask: ModelAsk = { max_tokens: 500, how: 'silent' }
  expect(await endOf(chat(on, ask))).toBe(200)
  expect(await endOf(chat(on, ask))).toBe('budget-spent')
  expect(await on.host.order({ name: 'budget-list' })).toMatchObject([
    { capability: 'chat', unknown: 1, tokens: { limit: 600, spent: most(ask) } },
  ])
  const after = await on.host.order({ name: 'budget-reset', capability: 'chat' })
  expect(after).toMatchObject({ unknown: 0, tokens: { spent: 0, left: 600 } })
  expect(await endOf(chat(on, ask))).toBe(200)
  await expect(on.host.order({ name: 'budget-reset', capability: 'other' })).rejects.toMatchObject({
    code: 'unknown',
  })
  const acts = listAudit(vault.store, vault.keys, { limit: 20 }).filter(({ kind }) => kind === 'act')
  expect(acts).toMatchObject([{ act: 'budget.reset', subject: 'chat', by: 'extension' }])
})
