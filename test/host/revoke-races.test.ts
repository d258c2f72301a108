import diagnostics from 'node:diagnostics_channel'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import type { FrameToBackground } from '../../shared/protocol/native-frames.ts'
import { authority } from '../support/certificates.ts'
import { eventually } from '../support/eventually.ts'
import { done, times } from '../support/hard.ts'
import { InProcessHost, type Written } from '../support/in-process-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import { FullServer, type Gate, startTlsGate } from '../support/upstreams/gates.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/**
 * A revoke against a call in each phase of its life, at a random moment of it: by the host that runs the call, and by
 * another browser's. What is asserted is order: of frames on the wire, and of heads given to sockets.
 */
const KEY = 'sk-of-the-races'
/** Races that run at once on one vault. */
const BATCH = 20
/** Thousands of vaults are made, and nothing is asked of the disk. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : undefined
/** Longest a cut may take on a loaded machine, ms. What it took is printed. */
const BOUND = 2000

const trust = authority()
let flow: LoopbackServer
let tls: Gate[]
let full: FullServer | null = null
/** Answers the resolver owes, by name. */
const names = new Map<string, (addresses: { address: string }[]) => void>()
/** When the head of each request was given to its socket, by its path. */
const sent = new Map<string, number>()
const onSent = (message: unknown) => {
  const { request } = message as { request: { path: string } }
  sent.set(request.path, performance.now())
}

beforeAll(async () => {
  diagnostics.subscribe('undici:client:sendHeaders', onSent)
  flow = await startFlowUpstream(KEY)
  const certificate = trust.issue('127.0.0.1')
  tls = await Promise.all(Array.from({ length: BATCH }, () => startTlsGate(certificate)))
  if (process.platform === 'linux') full = await FullServer.start()
})
afterAll(async () => {
  diagnostics.unsubscribe('undici:client:sendHeaders', onSent)
  full?.close()
  await Promise.all([flow.close(), ...tls.map((gate) => gate.close())])
})

interface Phase {
  readonly name: string
  /** Origin of the service of the n-th race of a batch. */
  readonly origin: (n: number) => string
  readonly path: string
  readonly post?: { readonly type: string; readonly length: number | null }
  /** Resolves when the call is in the phase. Absent: it is in it when it has been asked. */
  readonly reached?: (race: Race) => Promise<unknown>
  /** What held the n-th call up goes on, in the same turn as the acknowledgement. */
  readonly release?: (n: number) => void
  /** No request of the phase has been sent before the revoke, so none may be at all. */
  readonly unsent?: true
}

const onFlow = { origin: () => flow.url }
const name = (n: number) => `race-${n}.example`

const PHASES: Phase[] = [
  { name: 'queue', ...onFlow, path: '/v1/clock?every=1' },
  {
    name: 'body held for the policy',
    ...onFlow,
    path: '/v1/never',
    post: { type: 'application/json', length: 9 },
    unsent: true,
  },
  {
    name: 'body on its way to the service',
    ...onFlow,
    path: '/v1/never',
    post: { type: 'application/octet-stream', length: null },
    reached: (race) => arrival(race),
  },
  {
    name: 'DNS',
    origin: (n) => `https://${name(n)}`,
    path: '/v1/x',
    reached: ({ n }) => eventually('the name is asked for', () => names.has(name(n)), Boolean),
    // A name that would be refused: what it resolves to is not asked for any more.
    release: (n) => names.get(name(n))?.([{ address: '10.0.0.1' }]),
    unsent: true,
  },
  { name: 'TCP', origin: () => `http://127.0.0.1:${full?.port ?? 9}`, path: '/v1/x', unsent: true },
  {
    name: 'TLS',
    origin: (n) => `https://127.0.0.1:${tls[n]?.port}`,
    path: '/v1/x',
    reached: ({ n }) =>
      eventually(
        'the handshake waits',
        () => tls[n]?.sockets.size,
        (size) => size === 1,
      ),
    release: (n) => tls[n]?.release(),
    unsent: true,
  },
  { name: 'headers', ...onFlow, path: '/v1/never', reached: (race) => arrival(race) },
  { name: 'the head as it comes', ...onFlow, path: '/v1/late?after=10', reached: (race) => arrival(race) },
  {
    name: 'body',
    ...onFlow,
    path: '/v1/clock?every=1',
    reached: ({ host, call }) => host.next('a chunk', (frame) => frame.type === 'chunk' && frame.id === call),
  },
]

interface Race {
  /** Its place in the batch. */
  readonly n: number
  readonly host: InProcessHost
  readonly call: number
  readonly path: string
}

const arrival = ({ path }: Race) =>
  eventually('the request arrives', () => flow.journal.calls.some(({ target }) => target === path), Boolean)

/** What a phase's races came to. */
interface Count {
  races: number
  /** From the acknowledgement to the last byte for the page, ms; zero where none came after it. */
  late: number[]
}

let serial = 0
const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

function ask(host: InProcessHost, document: number, url: string, { post }: Phase): number {
  const id = host.id()
  const headers: [string, string][] = post === undefined ? [] : [['content-type', post.type]]
  const method = post === undefined ? 'GET' : 'POST'
  const body = { hasBody: post !== undefined, bodyLength: post?.length ?? null }
  void host.receive({ type: 'ask', id, document, method, url, headers, ...body, redirect: 'follow' })
  if (post !== undefined) {
    void host.receive({ type: 'body', id, base64: Buffer.from('{"a":').toString('base64') })
  }
  return id
}

const PAYLOAD = ['head', 'chunk', 'end']
const isEnd = ({ type }: FrameToBackground) => type === 'end' || type === 'cut' || type === 'problem'

/** One race: the call is brought into its phase, revoked at some moment of it, and what was sent after is looked at. */
async function race(phase: Phase, site: Site, { host, by }: Hosts, count: Count): Promise<void> {
  serial += 1
  const { n, session, document } = site
  const path = `${phase.path}${phase.path.includes('?') ? '&' : '?'}race=${serial}`
  const call = ask(host, document, phase.origin(n) + path, phase)
  await phase.reached?.({ n, host, call, path })
  if (phase.name === 'queue') for (let turns = serial % 4; turns > 0; turns--) await Promise.resolve()
  else await later(Math.random() * 15)
  const answer = await by.order({ name: 'session-revoke', id: session })
  const wasOver = host.of(call).some(({ frame, at }) => isEnd(frame) && at < answer.at)
  phase.release?.(n)
  const end = await host.next('the end', (frame) => 'id' in frame && frame.id === call && isEnd(frame))
  await later(20)
  const label = `${phase.name}, race ${serial}`
  if (by === host) expectOrder(host, call, answer, label)
  expectCut(host, call, { answer, end, wasOver: wasOver && by !== host }, label)
  // No head of a request is given to a socket after the acknowledgement; in the phases before that, none ever.
  const head = sent.get(path)
  if (phase.unsent) expect(head, label).toBeUndefined()
  else if (head !== undefined) expect(head, label).toBeLessThanOrEqual(answer.at)
  const chunks = host.of(call).filter(({ frame, at }) => frame.type === 'chunk' && at > answer.at)
  count.late.push(Math.max(0, ...chunks.map(({ at }) => at - answer.at)))
  count.races += 1
}

/** On the wire of the host that was told, nothing of the call but its end follows the acknowledgement. */
function expectOrder(host: InProcessHost, call: number, answer: Written, label: string): void {
  const following = host.written
    .slice(host.written.indexOf(answer))
    .filter(({ frame }) => 'id' in frame && frame.id === call && PAYLOAD.includes(frame.type))
  expect(following, label).toEqual([])
}

function expectCut(
  host: InProcessHost,
  call: number,
  { answer, end, wasOver }: { answer: Written; end: Written; wasOver: boolean },
  label: string,
): void {
  const frames = host.of(call)
  const hasHead = frames.some(({ frame }) => frame.type === 'head')
  const lateHeads = frames.filter(({ frame, at }) => frame.type === 'head' && at > answer.at)
  expect(lateHeads, label).toEqual([])
  expect(end.at - answer.at, label).toBeLessThan(BOUND)
  if (wasOver || end.frame.type === 'end') return expect(end.at, label).toBeLessThanOrEqual(answer.at)
  expect(end.frame, label).toMatchObject({ type: hasHead ? 'cut' : 'problem', code: 'session-ended' })
}

interface Site {
  readonly n: number
  readonly session: string
  readonly document: number
}

interface Hosts {
  readonly host: InProcessHost
  /** The one the owner revokes through. */
  readonly by: InProcessHost
}

async function batch(phase: Phase, size: number, count: Count): Promise<void> {
  const vault = await OwnedVault.create(MEMORY)
  const resolve = (host: string) =>
    new Promise<{ address: string }[]>((answer) => void names.set(host, answer))
  const upstream = { resolve }
  const host = await InProcessHost.open(vault.home, upstream)
  const other = await InProcessHost.open(vault.home, upstream)
  try {
    const sites = await openSites(phase, size, vault, host)
    const all = sites.map((site) => race(phase, site, { host, by: site.n % 2 === 0 ? host : other }, count))
    const failed = (await Promise.allSettled(all)).find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
    await expectClosed(phase)
    expectOutcomes(phase, vault)
  } finally {
    for (const each of [host, other]) each.close()
    names.clear()
    await vault.remove()
  }
}

async function openSites(
  phase: Phase,
  size: number,
  vault: OwnedVault,
  host: InProcessHost,
): Promise<Site[]> {
  const sessions: string[] = []
  for (let n = 0; n < size; n++) {
    const id = `service-${n}`
    const isNamed = phase.origin(n).includes('.example')
    const ca = phase.origin(n).startsWith('https:') ? trust.ca : null
    vault.addService(id, `${phase.origin(n)}/v1`, KEY, { ca, ...(isNamed ? { local: null } : {}) })
    vault.addCapability(id, id, ['* /**'])
    const capability = findCapability(vault.store, vault.keys, id)
    if (capability === null) throw new Error('no capability')
    sessions.push(vault.connect(`https://site-${n}.example`, capability).id)
  }
  const documents = sessions.map((session, n) =>
    host.document(`https://site-${n}.example`).then((document) => ({ n, session, document })),
  )
  return Promise.all(documents)
}

/** The sockets of calls that were cut are closed, also those whose handshake never ended. */
async function expectClosed(phase: Phase): Promise<void> {
  expect(tls.flatMap(({ requests }) => requests)).toEqual([])
  const shaking = () => tls.reduce((sum, { sockets }) => sum + sockets.size, 0)
  await eventually('no connection is left', shaking, (open) => open === 0, 3000)
  const open = () => flow.journal.calls.filter(({ outcome }) => outcome === 'open').length
  await eventually(`no request is left: ${phase.name}`, open, (left) => left === 0, 3000)
  flow.journal.clear()
}

function expectOutcomes(phase: Phase, vault: OwnedVault): void {
  const records = listAudit(vault.store, vault.keys, { limit: 1000 })
  const outcomes = records.filter((each) => each.kind === 'outcome')
  expect(outcomes, phase.name).toHaveLength(records.filter(({ kind }) => kind === 'intent').length)
  for (const { result, problem } of outcomes)
    if (result !== 'sent') expect([result, problem], phase.name).toEqual(['cut', 'SessionEnded'])
}

test.each(PHASES)('revoked in the phase: $name', async (phase) => {
  if (phase.name === 'TCP' && full === null) return
  const count: Count = { races: 0, late: [] }
  const total = times(40, 1000)
  for (let run = 0; run < total; run += BATCH) await batch(phase, Math.min(BATCH, total - run), count)
  const sorted = count.late.toSorted((a, b) => a - b)
  const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0
  done(`revocations raced against a call: ${phase.name}`, count.races)
  done(`ms from acknowledgement to last chunk, p99, ${phase.name}`, Math.ceil(p99))
  expect(count.races).toBe(total)
  expect(sorted.at(-1)).toBeLessThan(BOUND)
})
