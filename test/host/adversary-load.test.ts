import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { CHUNK_BYTES, WINDOW_BYTES } from '../../shared/protocol/limits.ts'
import { AdversaryStage, SITE } from '../support/adversary-stage.ts'
import { makeCanary } from '../support/canary.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/** A page that wants the host's memory, time or the owner's view. */
const CANARY = makeCanary('bearer', 'sk-canary-')

let flow: LoopbackServer
let stage: AdversaryStage | null = null
afterEach(async () => {
  await stage?.close()
  stage = null
  await flow.close()
})

async function open(capability: Parameters<typeof AdversaryStage.open>[2] = {}): Promise<AdversaryStage> {
  flow = await startFlowUpstream(CANARY.key)
  stage = await AdversaryStage.open(`${flow.url}/v1`, CANARY, capability)
  return stage
}

/** Resident memory of the host, MiB. */
function memory(on: AdversaryStage): number {
  const status = readFileSync(`/proc/${on.host.process.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

test.skipIf(process.platform !== 'linux')(
  'bodies that never end take a bounded part of the memory, and other sites go on',
  async () => {
    const on = await open({ capability: { body: [{ op: 'present', pointer: '/x' }] } })
    const before = memory(on)
    const calls = Array.from({ length: 12 }, () => {
      const id = on.host.id()
      on.host.send({
        type: 'ask',
        id,
        document: on.document,
        method: 'POST',
        url: `${flow.url}/v1/small`,
        headers: [['content-type', 'application/json']],
        hasBody: true,
        bodyLength: null,
        redirect: 'follow',
      })
      return { id, sent: 0 }
    })
    const piece = Buffer.alloc(CHUNK_BYTES, ' ').toString('base64')
    // As much as the host lets each send, up to 24 MiB.
    const credited = (id: number) =>
      on.host.frames.reduce(
        (sum, frame) => sum + (frame.type === 'credit' && frame.id === id ? frame.bytes : 0),
        0,
      )
    for (let round = 0; round < 60; round++) {
      for (const call of calls) {
        const room = Math.min(credited(call.id) + WINDOW_BYTES, 24 * 1024 * 1024)
        for (; call.sent + CHUNK_BYTES <= room; call.sent += CHUNK_BYTES) {
          on.host.send({ type: 'body', id: call.id, base64: piece })
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    // Two bodies of 24 MiB, a window each for the others, and what the frames on their way take.
    expect(calls.filter(({ sent }) => sent > 2 * WINDOW_BYTES).length).toBeLessThanOrEqual(2)
    expect(memory(on) - before).toBeLessThan(200)
    const other = await otherSite(on)
    const text = await on.host.ask(other, 'POST', `${flow.url}/v1/small`, jsonBody('{"x":1}')).text()
    expect(text).toContain('here')
    for (const { id } of calls.slice(0, 2)) on.host.send({ type: 'cancel', id })
    // Room that came free goes to whoever waits.
    await expect.poll(() => credited(calls[2]?.id ?? 0), { timeout: 20_000 }).toBeGreaterThan(0)
  },
)

const jsonBody = (body: string) => ({
  body,
  headers: [['content-type', 'application/json']] as [string, string][],
})

async function otherSite(on: AdversaryStage): Promise<number> {
  const origin = 'https://other.example'
  on.vault.addCapability('other', 'target', ['* /**'])
  const capability = findCapability(on.vault.store, on.vault.keys, 'other')
  if (capability === null) throw new Error('no capability')
  on.vault.connect(origin, capability)
  const { id } = await on.host.document({ origin })
  await on.host.next((frame) => frame.type === 'catch' && frame.document === id && frame.baseUrls.length > 0)
  return id
}

test('a body longer than it was said to be is refused before it is held', async () => {
  const on = await open({ capability: { body: [{ op: 'present', pointer: '/x' }] } })
  const id = on.host.id()
  on.host.send({
    type: 'ask',
    id,
    document: on.document,
    method: 'POST',
    url: `${flow.url}/v1/small`,
    headers: [['content-type', 'application/json']],
    hasBody: true,
    bodyLength: 2,
    redirect: 'follow',
  })
  on.host.send({ type: 'body', id, base64: Buffer.alloc(CHUNK_BYTES, ' ').toString('base64') })
  expect(await on.host.next((frame) => frame.type === 'problem' && frame.id === id)).toMatchObject({
    code: 'malformed',
  })
})

test('a call whose body is still coming in is cut by a revoke', async () => {
  const on = await open({ capability: { body: [{ op: 'present', pointer: '/x' }] } })
  const id = on.host.id()
  on.host.send({
    type: 'ask',
    id,
    document: on.document,
    method: 'POST',
    url: `${flow.url}/v1/small`,
    headers: [['content-type', 'application/json']],
    hasBody: true,
    bodyLength: null,
    redirect: 'follow',
  })
  on.host.send({ type: 'body', id, base64: Buffer.from('{"x":').toString('base64') })
  await on.host.next((frame) => frame.type === 'credit' && frame.id === id)
  await on.host.order({ name: 'session-revoke', all: true })
  expect(await on.host.next((frame) => frame.type === 'problem' && frame.id === id)).toMatchObject({
    code: 'session-ended',
  })
  expect(flow.journal.calls).toEqual([])
})

test('calls with the longest addresses do not hide the log from its owner', async () => {
  const on = await open()
  const long = 'x'.repeat(16_000)
  for (let count = 0; count < 80; count++) {
    await on.ask('GET', `${flow.url}/v1/${count}-${long}`).ended()
  }
  const records = await on.host.order({ name: 'audit-list', limit: 500 })
  expect(records.length).toBeGreaterThan(50)
  const newest = records.find((record) => record.kind === 'intent')
  expect(newest).toMatchObject({ origin: SITE, url: expect.stringContaining('/v1/79-') })
  expect(await on.host.order({ name: 'session-list' })).toHaveLength(1)
})

test('a site that takes every connection it can get takes no other site’s, and shares none with it', async () => {
  const on = await open()
  const greedy = Array.from({ length: 300 }, () => on.ask('GET', `${flow.url}/v1/never`))
  await expect.poll(() => flow.journal.calls.length, { timeout: 50_000, interval: 200 }).toBe(256)
  const other = await otherSite(on)
  expect(await on.host.ask(other, 'GET', `${flow.url}/v1/small`).text()).toContain('here')
  expect(flow.journal.calls).toHaveLength(257)
  for (const call of greedy) call.cancel()
})

test('three hundred calls at once all end, each with its intent and its outcome', async () => {
  const on = await open()
  const calls = Array.from({ length: 300 }, () => on.ask('GET', `${flow.url}/v1/small`))
  const ends = () => on.host.frames.filter((frame) => frame.type === 'end').length
  await expect.poll(ends, { timeout: 50_000, interval: 200 }).toBe(calls.length)
  const records = listAudit(on.vault.store, on.vault.keys, { limit: 1000 })
  expect(records.filter((record) => record.kind === 'intent')).toHaveLength(300)
  await expect
    .poll(
      () =>
        listAudit(on.vault.store, on.vault.keys, { limit: 1000 }).filter(
          (record) => record.kind === 'outcome' && record.result === 'sent',
        ).length,
      { timeout: 20_000 },
    )
    .toBe(300)
  expect(verifyAudit(on.vault.store, on.vault.keys)).toMatchObject({ ok: true })
})
