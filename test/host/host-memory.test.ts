import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { eventually } from '../support/eventually.ts'
import { done, times } from '../support/hard.ts'
import { writeLauncher } from '../support/launched-host.ts'
import { type LoadCall, LoadHost } from '../support/load-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { type HostileUpstream, startHostileUpstream } from '../support/upstreams/hostile-upstream.ts'
import { CLI } from './cli-fixture.ts'

/** Memory of the built host, started by its launcher, at its worst moment (`VmHWM`). */
const MOST_MIB = 200
const SITES = ['https://greedy.example', 'https://modest.example'] as const

let root: string
let vault: OwnedVault
let upstream: HostileUpstream
let launcher: string
let host: LoadHost
let greedy: number
let modest: number

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  upstream = await startHostileUpstream()
  vault = await OwnedVault.create()
  vault.addService('hostile', `${upstream.url}/v1`, 'sk-canary-memory-0123456789')
  vault.addCapability('all', 'hostile', ['GET /v1/**'])
  const capability = findCapability(vault.store, vault.keys, 'all')
  if (capability === null) throw new Error('no capability')
  for (const site of SITES) vault.connect(site, capability)
  launcher = writeLauncher(root, CLI, vault.home, root)
})
beforeEach(async () => {
  host = await LoadHost.start(launcher)
  greedy = await host.document(SITES[0])
  modest = await host.document(SITES[1])
})
afterEach(() => host.close())
afterAll(async () => {
  await vault.remove()
  await upstream.close()
  rmSync(root, { recursive: true, force: true })
})

const url = (path: string) => `${upstream.url}/v1/${path}`

/** A small call of the other site is answered while the first does what it does. */
async function othersGoOn(): Promise<void> {
  const call = host.ask(modest, url('ok'))
  await call.over
  expect(call.ended).toBe('end')
}

function within(what: string, most = MOST_MIB): void {
  const peak = host.peak()
  expect(peak, what).toBeLessThanOrEqual(most)
  process.stdout.write(`${String(peak).padStart(6)} MiB at most: ${what}\n`)
}

const many = (count: number, path: string, options = {}): LoadCall[] =>
  Array.from({ length: count }, () => host.ask(greedy, url(path), options))

describe.runIf(process.platform === 'linux')('the host stays small', () => {
  test('idle', () => within('idle'))

  test.each(['br', 'gzip', 'zstd'])(
    'unpacking bombs of %s, read and unread',
    { timeout: 300_000 },
    async (coding) => {
      const unread = many(10, `bomb?coding=${coding}`, { reads: false })
      const read = host.ask(greedy, url(`bomb?coding=${coding}`))
      await othersGoOn()
      await read.over
      expect(read.ended).toBe('cut response-withheld')
      expect(read.bytes).toBeLessThan(100 * 1024 * 1024)
      expect(unread.every(({ bytes }) => bytes <= 1024 * 1024)).toBe(true)
      within(`eleven ${coding} bombs of 100 MiB`)
    },
  )

  test('with a thousand codings, or a hundred thousand header fields', async () => {
    const calls = [host.ask(greedy, url('chain')), host.ask(greedy, url('headers?count=100000'))]
    await Promise.all(calls.map(({ over }) => over))
    expect(calls.map(({ ended }) => ended?.split(' ')[0])).toEqual(['problem', 'problem'])
    within('a chain of codings and 100,000 header fields')
  })

  test('with bodies without end that nobody reads', { timeout: 300_000 }, async () => {
    // A site gets 256 connections to a service; one document may have 200 in flight.
    const count = times(150, 250)
    const documents = [greedy, await host.document(SITES[0]), await host.document(SITES[0])]
    const calls = Array.from({ length: count }, (_, nth) =>
      host.ask(documents[nth % 3] ?? greedy, url('body'), { reads: false }),
    )
    await eventually(
      'all have begun',
      () => calls.filter(({ status }) => status === 200).length,
      (begun) => begun === count,
      120_000,
    )
    await othersGoOn()
    // Most of it is garbage not collected yet: of more streams there is more of it.
    within(`${count} bodies without end, unread`, MOST_MIB + 50)
    for (const call of calls) host.cancel(call)
  })

  test('with streams that drip', { timeout: 300_000 }, async () => {
    const count = times(150, 500)
    const documents = [greedy, modest, await host.document(SITES[0]), await host.document(SITES[1])]
    const calls = Array.from({ length: count }, (_, nth) =>
      host.ask(documents[nth % 4] ?? greedy, url('drip?every=250')),
    )
    await eventually(
      'all drip',
      () => calls.filter(({ bytes }) => bytes > 1).length,
      (begun) => begun === count,
      120_000,
    )
    await othersGoOn()
    within(`${count} streams that drip`)
    done('streams of one host at once', count)
    for (const call of calls) host.cancel(call)
  })

  test('with a body in a hundred thousand pieces', { timeout: 600_000 }, async () => {
    const count = times(20_000, 100_000)
    const call = host.ask(greedy, url(`tiny?count=${count}`))
    await othersGoOn()
    await call.over
    expect([call.ended, call.bytes]).toEqual(['end', count])
    within(`a body in ${count} pieces`)
  })

  test('with one body larger than any memory', { timeout: 7_200_000 }, async () => {
    const mib = times(200, 10_240)
    const call = host.ask(greedy, url(`body?mib=${mib}`))
    await othersGoOn()
    await call.over
    expect([call.ended, call.bytes]).toEqual(['end', mib * 1024 * 1024])
    within(`a body of ${mib} MiB`)
    done('MiB of one body through a host', mib)
  })
})
