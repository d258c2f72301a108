import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { openWitness, witnessOf } from '../../native-host/audit/witness.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { type DiskFault, Trace, whyNoFaults } from '../support/disk-faults.ts'
import { eventually } from '../support/eventually.ts'
import { done, times } from '../support/hard.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { smallDisk } from '../support/small-disk.ts'
import { startEchoUpstream } from '../support/upstreams/echo-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/** No audit, no send: the real host process, whose disk fails under it, and a real server that counts what arrives. */
const SITE = 'https://agent.example'
const KEY = 'sk-0123456789abcdef'

let echo: LoopbackServer
let vault: OwnedVault
let host: NativeHost
let document: number

beforeEach(async () => {
  echo = await startEchoUpstream(KEY)
})
afterEach(async () => {
  await host.close()
  await vault.remove()
  await echo.close()
})

async function open(): Promise<void> {
  vault = await OwnedVault.create()
  vault.addService('echo', `${echo.url}/v1`, KEY)
  vault.addCapability('echoes', 'echo', ['GET /v1/echo/**'])
  const capability = findCapability(vault.store, vault.keys, 'echoes')
  if (capability === null) throw new Error('no capability')
  vault.connect(SITE, capability)
  host = await NativeHost.start(vault.home)
  document = (await host.document({ origin: SITE })).id
  expect(await call()).toBe('sent')
}

async function call(): Promise<string> {
  const ended = await host.ask(document, 'GET', `${echo.url}/v1/echo/headers`).ended()
  return ended.type === 'end' ? 'sent' : `${ended.type} ${ended.code}`
}

/** How often the browser was told the head of the log. */
const heads = () => host.frames.filter(({ type }) => type === 'head-of-log').length
const headAfter = (before: number) => host.next(() => heads() > before)

/**
 * Until the host has nothing left to write, and nothing to wait for the disk for: it does both for a moment after a call, and then a
 * fault that is meant for the next call would hit what is left of the last. The head that the browser is told is on the disk.
 */
async function atRest(): Promise<void> {
  const kinds = () => listAudit(vault.store, vault.keys, { limit: 100_000 }).map(({ kind }) => kind)
  const open = () =>
    kinds().reduce((sum, kind) => sum + (kind === 'intent' ? 1 : kind === 'outcome' ? -1 : 0), 0)
  await eventually('each call has its end in the log', open, (left) => left === 0)
  const last = witnessOf(vault.store, vault.keys, 0)?.sequence
  await host.next(
    (frame) => frame.type === 'head-of-log' && openWitness(vault.keys, frame.head)?.sequence === last,
  )
}

const pid = () => host.process.pid as number
const file = (suffix: string) => join(vault.home, `valetkey.db${suffix}`)
const intents = () =>
  listAudit(vault.store, vault.keys, { limit: 100_000 }).filter(({ kind }) => kind === 'intent').length

/** How many writes to the log file the transaction of an intent makes, before it is made durable. */
async function writesOfAnIntent(): Promise<number> {
  await atRest()
  const trace = await Trace.of(pid(), [file('-wal')], null)
  expect(await call()).toBe('sent')
  const calls = await trace.end()
  return calls.findIndex((line) => line.includes('fsync('))
}

/** One of each kind of fault in turn, at every place in the transaction. */
function faultOf(n: number, writes: number): DiskFault {
  const kind = n % 8
  if (kind === 6) return { call: 'fsync', error: ['EIO', 'ENOSPC', 'EDQUOT'][n % 3] as string, when: '1' }
  if (kind === 7) return { call: 'fcntl', error: ['EIO', 'ENOLCK'][n % 2] as string, when: '1+' }
  const at = 1 + ((n * 5) % writes)
  const error = ['EIO', 'ENOSPC', 'EDQUOT', 'EROFS', 'EFBIG', 'ENXIO'][kind] as string
  return { call: 'pwrite64', error, when: n % 16 < 8 ? `${at}` : `${at}+` }
}

test.skipIf(whyNoFaults() !== null)(
  'a write, a sync or a lock that fails at any place of the record sends nothing, says so, and is over when the fault is',
  async () => {
    await open()
    const writes = await writesOfAnIntent()
    expect(writes).toBeGreaterThan(5)
    const places = new Set<string>()
    let injected = 0
    for (let n = 0; n < times(12, 520); n += 1) {
      const fault = faultOf(n, writes)
      const arrived = echo.journal.arrivals.length
      await atRest()
      const trace = await Trace.of(pid(), [file('-wal'), file('-shm')], fault)
      const answer = await call()
      const hits = (await trace.end()).filter((line) => line.includes('(INJECTED)')).length
      const what = `${fault.call} ${fault.error} ${fault.when}`
      expect(hits, what).toBeGreaterThan(0)
      expect(answer, what).toMatch(/^problem (?:audit-failed|internal)$/)
      if (fault.call !== 'fcntl') expect(answer, what).toBe('problem audit-failed')
      expect(echo.journal.arrivals.length, what).toBe(arrived)
      injected += 1
      places.add(what)
      expect(await call(), `after ${what}`).toBe('sent')
    }
    done('disk faults injected into the record of a call, none sent', injected)
    done('of these, different faults at different places', places.size)
    expect(verifyAudit(vault.store, vault.keys)).toMatchObject({ ok: true })
    expect(intents()).toBe(echo.journal.calls.length)
    expect(host.stderr()).toBe('')
  },
  times(120_000, 1_800_000),
)

test.skipIf(whyNoFaults() !== null)(
  'while the database itself cannot be written, every call that is sent is in the log',
  async () => {
    await open()
    const trace = await Trace.of(pid(), [file('')], { call: 'pwrite64', error: 'EIO', when: '1+' })
    const answers: string[] = []
    // Every thousand pages, of which a call writes eleven or so, the log file is written back into the database, which fails.
    for (let n = 0; n < 150; n += 1) answers.push(await call())
    const hits = (await trace.end()).filter((line) => line.includes('(INJECTED)')).length
    expect(hits).toBeGreaterThan(0)
    const sent = answers.filter((answer) => answer === 'sent').length
    expect(echo.journal.calls).toHaveLength(1 + sent)
    expect(await call()).toBe('sent')
    expect(intents()).toBe(echo.journal.calls.length)
    expect(verifyAudit(vault.store, vault.keys)).toMatchObject({ ok: true })
  },
)

test.skipIf(whyNoFaults() !== null)(
  'a call waits for the disk before it is sent and not again; its end is on the disk soon after',
  async () => {
    await open()
    await atRest()
    const trace = await Trace.of(pid(), [file('-wal')], null)
    expect(await call()).toBe('sent')
    // The browser is told the head of the log once that is on the disk.
    await atRest()
    const calls = await trace.end()
    const waits = calls.filter((line) => line.includes('fsync('))
    // For the intent, and at last for the end of the call, the one by the clock or that of the head or both.
    expect(waits.length).toBeGreaterThanOrEqual(2)
    expect(waits.length).toBeLessThanOrEqual(3)
    expect(calls.findLastIndex((line) => line.includes('pwrite64('))).toBeLessThan(
      calls.lastIndexOf(waits.at(-1) ?? ''),
    )
  },
)

test.skipIf(whyNoFaults() !== null)(
  'a disk that does not keep the end of a call is not trusted behind it, and the browser is told no head of such a log',
  async () => {
    await open()
    await atRest()
    const before = heads()
    const trace = await Trace.of(pid(), [file('-wal')], { call: 'fsync', error: 'EIO', when: '2+' })
    // The first is for its intent.
    expect(await call()).toBe('sent')
    await eventually(
      'the disk has refused',
      () => trace.calls().some((line) => line.includes('(INJECTED)')),
      (has) => has,
    )
    // As long as it takes to be told a head, at the most.
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect(heads()).toBe(before)
    await trace.end()
    expect(await call()).toBe('sent')
    await headAfter(before)
    expect(verifyAudit(vault.store, vault.keys)).toMatchObject({ ok: true })
    expect(intents()).toBe(echo.journal.calls.length)
  },
)

test('on a disk that is really full nothing is sent, by sites or by the owner, and with room again all goes on', async (context) => {
  const small = smallDisk('3m')
  const before = process.env.TMPDIR
  if (small.why !== null) {
    small.remove()
    await open()
    // Only where no file system can be mounted; what is injected above stands in for it there.
    return context.skip(small.why)
  }
  try {
    process.env.TMPDIR = small.folder
    await open()
    small.fill()
    // What is left in the last page of the log file is used up first.
    let answer = await call()
    for (let n = 0; n < 2000 && answer === 'sent'; n += 1) answer = await call()
    expect(answer).toBe('problem audit-failed')
    const arrived = echo.journal.arrivals.length
    for (let n = 0; n < 50; n += 1) expect(await call()).toBe('problem audit-failed')
    await expect(host.order({ name: 'service-test', id: 'echo' })).rejects.toMatchObject({
      code: 'disk-full',
    })
    expect(echo.journal.arrivals.length).toBe(arrived)
    done('calls asked for on a full disk, none sent', 50)
    small.makeRoom()
    expect(await call()).toBe('sent')
    expect(verifyAudit(vault.store, vault.keys)).toMatchObject({ ok: true })
    await host.close()
    await vault.remove()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    small.remove()
  }
})

test.each([
  ['removed', (path: string) => rmSync(path)],
  ['moved away', (path: string) => renameSync(path, `${path}.away`)],
  [
    'replaced',
    (path: string) => {
      renameSync(path, `${path}.away`)
      writeFileSync(path, '', { mode: 0o600 })
    },
  ],
])(
  'with the file of the last records %s, what would be written there is lost: nothing is sent',
  async (_, take) => {
    await open()
    const arrived = echo.journal.arrivals.length
    take(file('-wal'))
    for (let n = 0; n < 20; n += 1) host.ask(document, 'GET', `${echo.url}/v1/echo/headers`)
    // As with a database that was taken away: the process ends, and the next one looks anew.
    expect(await host.exited).toBe(0)
    expect(echo.journal.arrivals.length).toBe(arrived)
  },
)
