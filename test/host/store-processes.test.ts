import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { exportAudit } from '../../native-host/audit/read-audit.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { sessionById } from '../../native-host/sessions/sessions.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { done, times } from '../support/hard.ts'
import { connected, openVault, type VaultFixture } from '../unit/vault-fixture.ts'

vi.setConfig({ testTimeout: 180_000 })

let vault: VaultFixture
beforeEach(() => {
  vault = openVault()
})
afterEach(() => vault.remove())

interface Writer {
  readonly child: ChildProcess
  readonly ended: Promise<unknown>
  /** Whole lines written so far. */
  lines(): string[]
}

const PROGRAM = fileURLToPath(new URL('./store-writer.ts', import.meta.url))

function writer(session: string, count: number): Writer {
  const args = [PROGRAM, vault.home, Buffer.from(vault.dataKey).toString('hex'), session, `${count}`]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (more: string) => {
    text += more
  })
  return { child, ended: once(child, 'close'), lines: () => text.split('\n').slice(0, -1) }
}

async function untilWritten(writers: Writer[], lines: number): Promise<void> {
  while (writers.some((one) => one.lines().length < lines && one.child.exitCode === null))
    await new Promise((resolve) => setTimeout(resolve, 5))
}

test('no acknowledged record is lost when four writers are killed at any moment, and the log stays whole', async () => {
  const { session } = connected(vault)
  const acknowledged = new Set<string>()
  for (let round = 0; round < 4; round += 1) {
    const writers = [0, 1, 2, 3].map(() => writer(session.id, 100_000))
    await untilWritten(writers, 5 + round * 7)
    for (const { child } of writers) child.kill('SIGKILL')
    await Promise.all(writers.map(({ ended }) => ended))
    for (const id of writers.flatMap((one) => one.lines())) acknowledged.add(id)
    vault.store.close()
    vault.store = openStore(vault.home)
    const verdict = verifyAudit(vault.store, vault.keys)
    const recorded = new Set([...exportAudit(vault.store, vault.keys)].map(({ id }) => id))
    expect(verdict).toEqual({ ok: true, records: recorded.size })
    expect([...acknowledged].filter((id) => !recorded.has(id))).toEqual([])
    expect(sessionById(vault.store, vault.keys, session.id)?.requests).toBe(recorded.size)
  }
  expect(acknowledged.size).toBeGreaterThan(4 * 4 * 5)
})

test('processes that write at once lose nothing, whoever reads beside them', {
  timeout: 1_800_000,
}, async () => {
  const { session } = connected(vault)
  const [count, writes] = [times(3, 8), times(60, 1000)]
  const writers = Array.from({ length: count }, () => writer(session.id, writes))
  let [running, reads] = [true, 0]
  const ended = Promise.all(writers.map(({ ended }) => ended)).finally(() => {
    running = false
  })
  while (running) {
    expect(verifyAudit(vault.store, vault.keys)).toMatchObject({ ok: true })
    reads += 1
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await ended
  const lines = writers.flatMap((one) => one.lines())
  const recorded = new Set([...exportAudit(vault.store, vault.keys)].map(({ id }) => id))
  expect(lines.filter((line) => line.length !== 36)).toEqual([])
  expect(lines).toHaveLength(count * writes)
  expect(lines.filter((id) => !recorded.has(id))).toEqual([])
  expect(sessionById(vault.store, vault.keys, session.id)?.requests).toBe(count * writes)
  expect(reads).toBeGreaterThan(0)
  done('writes of processes at once, none lost', recorded.size)
})

test('four processes at once share one budget: exactly that many permits', async () => {
  const { session } = connected(vault, { limits: { maxRequests: 150 } })
  const writers = [0, 1, 2, 3].map(() => writer(session.id, 1000))
  await Promise.all(writers.map(({ ended }) => ended))
  const lines = writers.flatMap((one) => one.lines())
  expect(lines.filter((line) => line === 'budget-spent')).toHaveLength(4)
  expect(new Set(lines).size - 1).toBe(150)
  expect(verifyAudit(vault.store, vault.keys)).toEqual({ ok: true, records: 150 })
})

test('processes that make the same vault at once make one, and leave nothing else behind', async () => {
  const home = join(vault.home, '..', 'fresh')
  const code = `
    const { openStore } = await import(${JSON.stringify(new URL('../../native-host/store/open-store.ts', import.meta.url).href)})
    const store = openStore(process.argv[1])
    store.transaction(() => store.run("INSERT INTO meta VALUES (?, 1)", process.argv[2]))
    store.close()`
  const children = [0, 1, 2, 3].map((n) =>
    spawn(process.execPath, ['--input-type=module', '-e', code, home, `${n}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  )
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'close'))[0]))
  expect(codes).toEqual([0, 0, 0, 0])
  const store = openStore(home)
  expect(store.all('SELECT name FROM meta ORDER BY name').map(({ name }) => name)).toEqual([
    '0',
    '1',
    '2',
    '3',
  ])
  store.close()
  rmSync(home, { recursive: true })
})

test('a process killed while it makes a vault leaves none or a whole one', async () => {
  const home = join(vault.home, '..', 'fresh')
  const code = `
    const { openStore } = await import(${JSON.stringify(new URL('../../native-host/store/open-store.ts', import.meta.url).href)})
    process.stdout.write('ready')
    openStore(process.argv[1])
    process.stdout.write('made')
    setInterval(() => {}, 1000)`
  for (let round = 0; round < 8; round += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', code, home], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'close')
    await once(child.stdout, 'data')
    await new Promise((resolve) => setTimeout(resolve, round * 2))
    child.kill('SIGKILL')
    await ended
    const store = openStore(home)
    expect(store.all('SELECT * FROM slots')).toEqual([])
    store.close()
    rmSync(home, { recursive: true })
  }
})
