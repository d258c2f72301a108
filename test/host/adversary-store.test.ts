import { execFileSync, spawn } from 'node:child_process'
import { closeSync, copyFileSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { sessionById } from '../../native-host/sessions/sessions.ts'
import { raiseLock } from '../../native-host/vault/lock.ts'
import { AdversaryStage } from '../support/adversary-stage.ts'
import { makeCanary } from '../support/canary.ts'
import { compileCache } from '../support/compile-cache.ts'
import { failsOnceGuarded } from '../support/fails-once-guarded.ts'
import { NativeHost, type PageCall } from '../support/native-host.ts'
import { smallDisk } from '../support/small-disk.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/** What happens under a running host: locks, disks that fill, files that break or go. */
const CANARY = makeCanary('bearer', 'sk-canary-')
const MAIN = fileURLToPath(new URL('../../native-host/main.ts', import.meta.url))

let flow: LoopbackServer
let stage: AdversaryStage | null = null

beforeAll(async () => {
  flow = await startFlowUpstream(CANARY.key)
})
afterAll(() => flow.close())
afterEach(async () => {
  await stage?.close()
  stage = null
  flow.journal.clear()
})

async function open(): Promise<AdversaryStage> {
  stage = await AdversaryStage.open(`${flow.url}/v1`, CANARY)
  return stage
}

async function streaming(on: AdversaryStage): Promise<PageCall> {
  const call = on.ask('GET', `${flow.url}/v1/clock?every=20`)
  await call.head()
  return call
}

/** How many calls arrived while `work` ran. */
async function arrivalsDuring(work: () => Promise<unknown>): Promise<number> {
  const before = flow.journal.calls.length
  await work()
  return flow.journal.calls.length - before
}

const small = (on: AdversaryStage) => on.ask('GET', `${flow.url}/v1/small`)

test('nothing is sent in the moment between a lock and the end of the host', async () => {
  const on = await open()
  expect(await small(on).text()).toContain('here')
  const arrived = await arrivalsDuring(async () => {
    raiseLock(on.vault.store)
    for (let count = 0; count < 30; count++) small(on)
    expect(await on.host.exited).toBe(0)
  })
  expect(arrived).toBe(0)
})

test('a database damaged under a running host lets nothing pass, cuts what streams, and mended lets it go on', async () => {
  const on = await open()
  const stream = await streaming(on)
  const database = join(on.vault.home, 'valetkey.db')
  on.vault.store.get('PRAGMA wal_checkpoint(TRUNCATE)')
  const whole = `${database}.whole`
  copyFileSync(database, whole)
  overwrite(database)
  const arrived = await arrivalsDuring(async () => {
    for (let count = 0; count < 10; count++) {
      expect(await small(on).ended()).toMatchObject({
        type: 'problem',
        code: expect.stringMatching(/^(?:internal|audit-failed)$/),
      })
    }
    expect(await stream.ended()).toMatchObject({ type: 'cut', code: 'internal' })
    await expect(on.host.order({ name: 'session-list' })).rejects.toMatchObject({ code: 'store-damaged' })
  })
  expect(arrived).toBe(0)
  restore(database, whole)
  await expect.poll(async () => (await small(on).ended()).type, { timeout: 20_000 }).toBe('end')
  expect(on.host.stderr()).toBe('')
})

/** Everything but the first page, so that the file is still one of ours. */
function overwrite(path: string): void {
  const handle = openSync(path, 'r+')
  for (let at = 4096; at < statSync(path).size; at += 4096)
    writeSync(handle, Buffer.alloc(3000, 0xaa), 0, 3000, at)
  closeSync(handle)
}

function restore(path: string, whole: string): void {
  execFileSync('dd', [`if=${whole}`, `of=${path}`, 'conv=notrunc'], { stdio: 'ignore' })
}

for (const [what, take] of [
  ['the database', (home: string) => rmSync(join(home, 'valetkey.db'))],
  ['the whole folder', (home: string) => rmSync(home, { recursive: true })],
] as const) {
  test(`a host whose vault lost ${what} sends nothing more and ends`, async () => {
    const on = await open()
    await streaming(on)
    take(on.vault.home)
    const arrived = await arrivalsDuring(async () => {
      for (let count = 0; count < 5; count++) small(on)
      expect(await on.host.exited).toBe(0)
    })
    expect(arrived).toBe(0)
    await expect.poll(() => flow.journal.calls[0]?.outcome).toBe('cut')
  })
}

test('a host that ends in order writes down how its calls ended', async () => {
  const on = await open()
  await streaming(on)
  await on.host.close()
  const outcomes = listAudit(on.vault.store, on.vault.keys, { limit: 10 }).filter(
    ({ kind }) => kind === 'outcome',
  )
  expect(outcomes).toMatchObject([{ result: 'cut', status: 200 }])
})

test('an unforeseen error ends the host without a word of what it said', async () => {
  const on = await open()
  for (const how of ['throw new Error(text)', 'Promise.reject(new Error(text))']) {
    const preload = failsOnceGuarded(`const text = ${JSON.stringify(CANARY.key)}; ${how}`)
    const child = spawn(process.execPath, ['--import', preload, MAIN, '--home', on.vault.home], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { HOME: on.vault.home, ...compileCache() },
    })
    const said: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => said.push(bytes))
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1)
    expect(Buffer.concat(said).toString()).toBe('')
  }
})

const disk = smallDisk('2m')
const temporary = process.env.TMPDIR

afterAll(() => disk.remove())

/** Take all the room there is, and as much of the log as is left: until a call is refused. */
async function fillUp(on: AdversaryStage): Promise<void> {
  disk.fill()
  for (let count = 0; count < 500; count++) {
    const ended = await small(on).ended()
    if (ended.type === 'problem') return
  }
  throw new Error('the disk does not fill')
}

async function openOnDisk(): Promise<AdversaryStage> {
  process.env.TMPDIR = disk.folder
  try {
    return await open()
  } finally {
    if (temporary === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = temporary
  }
}

test.skipIf(disk.why !== null)(
  'on a full disk a revoke cuts what this host runs, says so, refuses what comes, and is written down later',
  async () => {
    const on = await openOnDisk()
    const stream = await streaming(on)
    // Without the room that is kept for this: another program may have been quicker.
    rmSync(join(on.vault.home, 'valetkey.reserve'))
    await fillUp(on)
    expect(on.host.frames.some((frame) => frame.type === 'cut')).toBe(false)
    await expect(on.host.order({ name: 'session-revoke', all: true })).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining('was stopped'),
    })
    expect(await stream.ended()).toMatchObject({ type: 'cut', code: 'session-ended' })
    const arrived = await arrivalsDuring(async () => {
      disk.makeRoom()
      for (let count = 0; count < 10; count++) {
        expect(await small(on).ended()).toMatchObject({ type: 'problem' })
      }
    })
    expect(arrived).toBe(0)
    const stored = () => sessionById(on.vault.store, on.vault.keys, on.session.id)?.endReason
    await expect.poll(stored, { timeout: 20_000 }).toBe('revoked')
    expect(verifyAudit(on.vault.store, on.vault.keys)).toMatchObject({ ok: true })
    expect(on.host.stderr()).toBe('')
  },
)

test.skipIf(disk.why !== null)(
  'on a full disk a lock still ends the host, and nobody gets the key any more',
  async () => {
    const on = await openOnDisk()
    await fillUp(on)
    await on.host.order({ name: 'vault-lock' }).catch(() => {})
    expect(await on.host.exited).toBe(0)
    const next = await NativeHost.start(on.vault.home)
    expect(next.frames).toMatchObject([{ type: 'hello', vault: 'locked' }])
    disk.makeRoom()
    await next.close()
  },
)
