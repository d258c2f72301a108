import { execFile } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findCapability } from '../../native-host/store/capabilities.ts'
import type { KeptHead } from '../../shared/protocol/native-frames.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { startEchoUpstream } from '../support/upstreams/echo-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/** A log put back to an older state, with the host process that the browser starts and the command beside it. */
const SITE = 'https://agent.example'
const KEY = 'sk-0123456789abcdef'
const CLI = join(import.meta.dirname, '../../native-host/cli.ts')

let echo: LoopbackServer
let vault: OwnedVault
let hosts: NativeHost[]

beforeEach(async () => {
  hosts = []
  echo = await startEchoUpstream(KEY)
  vault = await OwnedVault.create()
  vault.addService('echo', `${echo.url}/v1`, KEY)
  vault.addCapability('echoes', 'echo', ['GET /v1/echo/**'])
  const capability = findCapability(vault.store, vault.keys, 'echoes')
  if (capability === null) throw new Error('no capability')
  vault.connect(SITE, capability)
})
afterEach(async () => {
  for (const host of hosts) await host.close()
  await vault.remove()
  await echo.close()
})

async function open(heads: KeptHead[] = []): Promise<NativeHost> {
  const host = await NativeHost.start(vault.home, undefined, heads)
  hosts.push(host)
  return host
}

async function call(host: NativeHost): Promise<string> {
  const { id } = await host.document({ origin: SITE })
  const ended = await host.ask(id, 'GET', `${echo.url}/v1/echo/headers`).ended()
  return ended.type === 'end' ? 'sent' : ended.code
}

/** The head a host gives its browser to keep, the newest after `after`. */
async function headAfter(host: NativeHost, after: KeptHead | null): Promise<KeptHead> {
  const frame = await host.next<{ type: 'head-of-log' } & KeptHead>(
    (each) => each.type === 'head-of-log' && each.head !== after?.head,
  )
  return { vault: frame.vault, head: frame.head }
}

function command(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH ?? '', HOME: vault.home, VALETKEY_HOME: vault.home }
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...words], { env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })
}

/** Copy the database out; what `putBack` is called on is a vault no process has open. */
function copied(): { putBack(): void } {
  const path = join(vault.home, 'valetkey.db')
  vault.store.run('PRAGMA wal_checkpoint(TRUNCATE)')
  copyFileSync(path, `${path}-kept`)
  return {
    putBack() {
      for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
      copyFileSync(`${path}-kept`, path)
      rmSync(`${path}-kept`)
    },
  }
}

test('a browser that saw more calls than the log now has stops every call, says so, and goes on when the owner accepts', async () => {
  const first = await open()
  const kept = await headAfter(first, null)
  const copy = copied()
  expect(await call(first)).toBe('sent')
  const newest = await headAfter(first, kept)
  await first.close()
  copy.putBack()
  const sent = echo.journal.calls.length

  // A browser that saw nothing sees nothing wrong: the log is whole as far as it goes.
  const stranger = await open([{ vault: newest.vault, head: kept.head }])
  expect(await call(stranger)).toBe('sent')
  expect((await stranger.order({ name: 'status' })).log).toBe('whole')
  expect((await command('audit', 'verify')).code).toBe(0)

  const witness = await open([newest])
  expect((await witness.order({ name: 'status' })).log).toBe('rolled-back')
  for (const host of [witness, stranger]) expect(await call(host)).toBe('audit-failed')
  expect(echo.journal.calls).toHaveLength(sent + 1)
  const ownCall = await command('call', 'echoes', 'GET', `${echo.url}/v1/echo/headers`, '--json')
  expect(ownCall).toMatchObject({ code: 1 })
  expect(`${ownCall.stdout}${ownCall.stderr}`).toContain('rolled-back')
  const verified = await command('audit', 'verify', '--json')
  expect([verified.code, JSON.parse(verified.stdout).reason]).toEqual([1, 'rolled-back'])
  expect((await command('doctor')).stdout).toContain('accept-rollback')
  // The browser that knows must not be told to forget.
  expect(witness.frames.filter(({ type }) => type === 'head-of-log')).toEqual([])

  expect((await command('audit', 'accept-rollback')).code).toBe(0)
  for (const host of [witness, stranger]) expect(await call(host)).toBe('sent')
  expect((await command('audit', 'verify')).code).toBe(0)
  expect((await command('audit', 'accept-rollback')).code).toBe(1)
  const fresh = await headAfter(witness, null)
  const again = await open([fresh])
  expect((await again.order({ name: 'status' })).log).toBe('whole')
}, 120_000)

test('heads are told at most once a second, however many calls there are', async () => {
  const host = await open()
  const { id } = await host.document({ origin: SITE })
  const from = performance.now()
  for (let n = 0; n < 60; n += 1) await host.ask(id, 'GET', `${echo.url}/v1/echo/headers`).ended()
  const seconds = (performance.now() - from) / 1000
  const heads = host.frames.filter(({ type }) => type === 'head-of-log')
  expect(heads.length).toBeLessThanOrEqual(Math.ceil(seconds) + 1)
})

test('a head kept by the owner is asked about with --expect', async () => {
  const head = (await command('audit', 'head')).stdout.trim()
  expect(head).toMatch(/^\d+:[0-9a-f]{64}$/)
  const host = await open()
  await call(host)
  expect((await command('audit', 'verify', '--expect', head)).code).toBe(0)
  const [sequence = '', mac = ''] = head.split(':')
  const longer = `${Number(sequence) + 100}:${mac}`
  expect((await command('audit', 'verify', '--expect', longer)).code).toBe(1)
  expect((await command('audit', 'verify', '--expect', `${sequence}:${'f'.repeat(64)}`)).code).toBe(1)
  expect((await command('audit', 'verify', '--expect', 'nonsense')).code).toBe(2)
})
