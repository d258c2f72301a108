import { afterEach, beforeEach, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { eventually } from '../support/eventually.ts'
import { exampleCapability } from '../support/examples.ts'
import { InProcessHost } from '../support/in-process-host.ts'
import { NativeHost, type PageCall } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { runFromSource } from '../support/source-command.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/** The owner pauses everything, by one browser or by the command, and it binds in every process until they resume. */
const KEY = 'sk-of-the-pause'
const SITE = 'https://agent.example'

let flow: LoopbackServer
let vault: OwnedVault
beforeEach(async () => {
  flow = await startFlowUpstream(KEY)
  vault = await OwnedVault.create()
  vault.addService('flow', `${flow.url}/v1`, KEY)
  const rules = exampleCapability(['ask GET /v1/never', 'allow GET,POST /v1/**']).rules
  vault.addCapability('flows', 'flow', [], { rules })
  const capability = findCapability(vault.store, vault.keys, 'flows')
  if (capability !== null) vault.connect(SITE, capability)
})
afterEach(async () => {
  await vault.remove()
  await flow.close()
})

/** A host with one stream that has begun. */
async function streaming(): Promise<{ host: NativeHost; document: number; stream: PageCall }> {
  const host = await NativeHost.start(vault.home)
  const { id: document } = await host.document({ origin: SITE })
  const stream = host.ask(document, 'GET', `${flow.url}/v1/clock?every=20`)
  await host.next((frame) => frame.type === 'chunk' && frame.id === stream.id)
  return { host, document, stream }
}

const small = (of: { host: NativeHost; document: number }) =>
  of.host.ask(of.document, 'GET', `${flow.url}/v1/small`)
const told = (host: NativeHost) =>
  host.frames.filter((frame) => frame.type === 'changed').at(-1)?.paused === true
const arrivals = (path: string) => flow.journal.arrivals.filter(({ target }) => target.startsWith(path))
const sessions = async (host: NativeHost) =>
  (await host.order({ name: 'session-list' })).map(({ id, expiresAt, endReason }) => ({
    id,
    expiresAt,
    endReason,
  }))

test('a pause by one browser cuts the streams of two, and both refuse until the command resumes', async () => {
  const [one, other] = [await streaming(), await streaming()]
  const before = await sessions(one.host)
  const { since } = await one.host.order({ name: 'vault-pause' })
  // Whoever ordered it says nothing more of its calls after the answer.
  const after = one.host.frames.slice(one.host.frames.findLastIndex(({ type }) => type === 'reply'))
  expect(after.filter(({ type }) => type === 'chunk' || type === 'end')).toEqual([])
  const refused = { type: 'problem', code: 'paused', instance: expect.any(String) }
  for (const each of [one, other]) {
    expect(await each.stream.ended()).toMatchObject({ type: 'cut', code: 'paused' })
    expect(await small(each).ended()).toMatchObject(refused)
    await eventually('its browser is told', () => told(each.host), Boolean)
    expect(await each.host.order({ name: 'status' })).toMatchObject({ paused: since, liveSessions: 1 })
  }
  expect(arrivals('/v1/small')).toEqual([])
  expect(await other.host.order({ name: 'vault-pause' })).toEqual({ since })
  const resumed = await runFromSource(vault.home, ['resume', '--json'])
  expect(JSON.parse(resumed.stdout)).toEqual({ resumed: true })
  for (const each of [one, other]) {
    expect(JSON.parse(await small(each).text())).toMatchObject({ answer: 'here' })
    await eventually(
      'its browser is told',
      () => told(each.host),
      (paused) => !paused,
    )
  }
  // No session ended, and none was given time.
  expect(await sessions(other.host)).toEqual(before)
  for (const { host } of [one, other]) await host.close()
})

test('the log has each act once, the cut, and the refusals with their reason, and no intent between the two acts', async () => {
  const one = await streaming()
  await one.host.order({ name: 'vault-pause' })
  await one.host.order({ name: 'vault-pause' })
  await small(one).ended()
  expect(await one.host.order({ name: 'vault-resume' })).toEqual({ resumed: true })
  expect(await one.host.order({ name: 'vault-resume' })).toEqual({ resumed: false })
  await small(one).text()
  const records = listAudit(vault.store, vault.keys, { limit: 100 }).toReversed()
  const acts = records.flatMap((record) => (record.kind === 'act' ? [`${record.act} ${record.by}`] : []))
  expect(acts.filter((act) => act.startsWith('vault.'))).toEqual([
    'vault.pause extension',
    'vault.resume extension',
  ])
  const at = (act: string) => records.findIndex((record) => record.kind === 'act' && record.act === act)
  const between = records.slice(at('vault.pause'), at('vault.resume'))
  expect(between.filter(({ kind }) => kind === 'intent')).toEqual([])
  expect(between).toContainEqual(
    expect.objectContaining({ kind: 'outcome', result: 'cut', problem: 'vault-paused' }),
  )
  const about = { kind: 'refusal', reason: 'vault-paused', capability: 'flows', service: 'flow' }
  expect(between).toContainEqual(expect.objectContaining({ ...about, url: `${flow.url}/v1/small` }))
  const [session] = await one.host.order({ name: 'session-list' })
  expect(session).toMatchObject({ blocked: 1, requests: 2 })
  await one.host.close()
})

test('a pause by the command outlives the hosts, and the owner’s own calls and tests go on', async () => {
  const paused = await runFromSource(vault.home, ['pause', '--json'])
  expect(JSON.parse(paused.stdout)).toEqual({ since: expect.any(Number) })
  for (const _ of ['first', 'second']) {
    const host = await NativeHost.start(vault.home)
    const { id: document } = await host.document({ origin: SITE })
    await eventually('its browser is told', () => told(host), Boolean)
    expect(await small({ host, document }).ended()).toMatchObject({ type: 'problem', code: 'paused' })
    expect(await host.order({ name: 'site-refusal', topOrigin: SITE })).toMatchObject({
      reason: 'vault-paused',
    })
    expect(await host.order({ name: 'service-test', id: 'flow' })).toMatchObject({ outcome: 'accepted' })
    await host.close()
  }
  const own = await runFromSource(vault.home, ['call', 'flows', 'GET', `${flow.url}/v1/small`])
  expect(own).toMatchObject({ code: 0, stdout: expect.stringContaining('here') })
  const status = await runFromSource(vault.home, ['status'])
  expect(status.stdout).toMatch(/^paused +yes/m)
  expect(await runFromSource(vault.home, ['resume'])).toMatchObject({ code: 0, stdout: 'Resumed.\n' })
})

test('a call that waits for the owner, and one whose body still comes in, end with the pause and reach nobody', async () => {
  const [host, other] = [await InProcessHost.open(vault.home), await InProcessHost.open(vault.home)]
  const document = await host.document(SITE)
  const rest = { headers: [], bodyLength: null, redirect: 'follow' as const }
  const parked = host.id()
  void host.receive({
    type: 'ask',
    id: parked,
    document,
    method: 'GET',
    url: `${flow.url}/v1/never`,
    hasBody: false,
    ...rest,
  })
  const uploading = host.id()
  void host.receive({
    type: 'ask',
    id: uploading,
    document,
    method: 'POST',
    url: `${flow.url}/v1/small`,
    hasBody: true,
    ...rest,
  })
  await host.next('the parked call', (frame) => frame.type === 'changed' && frame.approvals === 1)
  await other.order({ name: 'vault-pause' })
  for (const id of [parked, uploading]) {
    const { frame } = await host.next('its end', (each) => each.type === 'problem' && each.id === id)
    expect(frame).toMatchObject({ code: 'paused' })
  }
  await host.order({ name: 'vault-resume' })
  const refused = listAudit(vault.store, vault.keys, { limit: 9 }).flatMap((record) =>
    record.kind === 'refusal' ? [`${record.reason} ${record.url}`] : [],
  )
  expect(refused).toEqual([`vault-paused ${flow.url}/v1/never`])
  expect((await host.order({ name: 'approval-list' })).frame).toMatchObject({ value: [] })
  expect(flow.journal.arrivals).toEqual([])
  for (const each of [host, other]) each.close()
})
