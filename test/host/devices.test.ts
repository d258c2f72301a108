import { chmodSync, existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Devices, RegisteredBrowser } from '../../shared/protocol/device-commands.ts'
import { eventually } from '../support/eventually.ts'
import { NativeHost } from '../support/native-host.ts'
import { type CommandHome, unlockedHome } from './cli-fixture.ts'

/** What a host says of this machine, and what it mends: the built host under the launcher that `install` wrote, as a browser starts it. */

const LINUX = process.platform === 'linux'
vi.setConfig({ testTimeout: 60_000 })

let home: CommandHome
let host: NativeHost

const vivaldi = (name: string) => join(home.home, '.config', 'vivaldi', 'NativeMessagingHosts', name)
const MANIFEST = 'org.valetkey.host.json'
const LAUNCHER = 'org.valetkey.host.sh'
const start = () => NativeHost.start(home.valetKeyHome, vivaldi(LAUNCHER))
const devices = (of = host): Promise<Devices> => of.order({ name: 'devices' })
const browser = async (name: string) => (await devices()).browsers.find((one) => one.name === name)
const install = async (...browsers: string[]) => {
  const ran = await home.run(['install', ...browsers.flatMap((name) => ['--browser', name])])
  expect(ran.stderr).toBe('')
}

beforeAll(async () => {
  home = await unlockedHome()
  await install('vivaldi', 'firefox')
  host = await start()
}, 60_000)
afterAll(async () => {
  await host?.close()
  await home?.remove()
})

describe.runIf(LINUX)('what a host says of its machine', () => {
  test('is what it is, where it lives and what started it, as its user writes it', async () => {
    const { host: facts } = await devices()
    expect(facts).toMatchObject({
      version: '0.1.0',
      protocol: 1,
      node: process.versions.node,
      launcher: '~/.config/vivaldi/NativeMessagingHosts/org.valetkey.host.sh',
    })
    expect(facts.vaultHome.startsWith('~/')).toBe(home.valetKeyHome.startsWith(`${home.home}/`))
    expect(facts.memory).toBeGreaterThan(10_000_000)
    expect(Math.abs(Date.now() - facts.startedAt)).toBeLessThan(600_000)
  })

  test('is every browser that would start it, and which of them did', async () => {
    const said = (await devices()).browsers.map(({ name, isThis, finding }) => [name, isThis, finding.state])
    expect(said).toEqual([
      ['vivaldi', true, 'ok'],
      ['firefox', false, 'ok'],
    ])
  })

  test('is that a browser would not start it, why, and the command, whatever was broken', async () => {
    const file = vivaldi(MANIFEST)
    const [manifest, launcher] = [readFileSync(file, 'utf8'), readFileSync(vivaldi(LAUNCHER), 'utf8')]
    const change = (edit: (manifest: Record<string, unknown>) => void) => () => {
      const read = JSON.parse(manifest) as Record<string, unknown>
      edit(read)
      writeFileSync(file, JSON.stringify(read))
    }
    const restore = () => {
      writeFileSync(file, manifest)
      rmSync(vivaldi(LAUNCHER), { force: true })
      writeFileSync(vivaldi(LAUNCHER), launcher, { mode: 0o755 })
    }
    const breaks: [() => void, RegExp, 'fail' | 'warn'][] = [
      [() => rmSync(file), /not registered/, 'fail'],
      [() => writeFileSync(file, '{'), /not a manifest/, 'fail'],
      [change((read) => (read.allowed_origins = [])), /does not name this extension/, 'fail'],
      [change((read) => (read.path = 'relative.sh')), /relative path/, 'fail'],
      [change((read) => (read.path = '/usr/bin/env')), /not where `valetkey install` puts it/, 'fail'],
      [() => rmSync(vivaldi(LAUNCHER)), /is not there/, 'fail'],
      [() => chmodSync(vivaldi(LAUNCHER), 0o644), /not executable/, 'fail'],
      [() => writeFileSync(vivaldi(LAUNCHER), '#!/bin/sh\n', { mode: 0o755 }), /another version/, 'warn'],
    ]
    for (const [damage, message, state] of breaks) {
      restore()
      damage()
      const found = (await browser('vivaldi')) as RegisteredBrowser
      const mend = 'valetkey install --browser vivaldi'
      expect(found.finding).toMatchObject({ state, message: expect.stringMatching(message), mend })
      expect(found.finding.mends).toBeUndefined()
    }
    restore()
    expect((await browser('vivaldi'))?.finding.state).toBe('ok')
  })

  test('is read from these files alone: what lies beside them stays closed to the host', async () => {
    const flags = readFileSync(vivaldi(LAUNCHER), 'utf8').match(/--allow-fs-read=[^ '\\]*/g) ?? []
    const below = flags.filter((flag) => flag.includes('/.config/') || flag.includes('/.mozilla/'))
    expect(below.length).toBeGreaterThan(20)
    const files = /\/(?:NativeMessagingHosts|native-messaging-hosts)\/org\.valetkey\.host\.(?:json|sh)$/
    expect(below.filter((flag) => !files.test(flag))).toEqual([])
    const written = readFileSync(vivaldi(LAUNCHER), 'utf8').match(/--allow-fs-write=[^ '\\]*/g)
    expect(new Set(written)).toEqual(new Set([`--allow-fs-write=${home.valetKeyHome}`]))
  })
})

describe.runIf(LINUX)('hosts that run on one vault', () => {
  test('see one another with their browsers, and one that is over no more', async () => {
    const other = await start()
    await other.order({ name: 'host-introduce', browser: 'Vivaldi', version: '8.2' })
    await devices(other)
    const { running } = await devices()
    expect(running?.map(({ isThis, browser: its }) => [isThis, its?.name ?? null])).toEqual([
      [true, null],
      [false, 'Vivaldi'],
    ])
    other.process.kill('SIGKILL')
    await other.exited
    expect((await devices()).running).toHaveLength(1)
  })

  test('end the sessions that came about through one of them, and no others', async () => {
    const secret = ['--preset', 'openai', '--secret-stdin']
    await home.run(['service', 'add', 'openai', ...secret], 'sk-not-a-real-key-0123456789')
    await home.run(['capability', 'add', 'chat', '--service', 'openai', '--from-preset', 'openai-chat'])
    const other = await start()
    const connect = (of: NativeHost, site: string) =>
      of.order({ name: 'connect', origin: site, topOrigin: site, capability: 'chat', ttl: 600 })
    await connect(host, 'https://here.example')
    await connect(other, 'https://there.example')
    await connect(other, 'https://beside.example')
    await devices(other)
    const { running } = await devices()
    expect(running?.map(({ sessions }) => sessions)).toEqual([1, 2])
    const id = running?.find(({ isThis }) => !isThis)?.id ?? ''
    expect(await host.order({ name: 'host-end-sessions', host: id })).toEqual({ revoked: 2 })
    const live = (await other.order({ name: 'session-list' })).filter(({ endedAt }) => endedAt === null)
    expect(live.map(({ origin }) => origin)).toEqual(['https://here.example'])
    const log = await host.order({ name: 'audit-list', limit: 20 })
    expect(log.filter((each) => each.kind === 'act' && each.act === 'session.revoke')).toHaveLength(2)
    await other.close()
    await expect(host.order({ name: 'host-end-sessions', host: id })).rejects.toMatchObject({
      code: 'unknown',
    })
  })
})

describe.runIf(LINUX)('what a host mends by itself', () => {
  const found = async (check: string) =>
    (await host.order({ name: 'doctor' })).find(
      (finding) => finding.check === check && finding.state !== 'ok',
    )

  test('is a folder that others may look into', async () => {
    chmodSync(home.valetKeyHome, 0o755)
    expect(await found('home')).toMatchObject({ state: 'fail', mends: 'file-modes' })
    expect(await host.order({ name: 'doctor-mend', kind: 'file-modes' })).toEqual({ mended: 1 })
    expect(statSync(home.valetKeyHome).mode & 0o777).toBe(0o700)
    expect(await found('home')).toBeUndefined()
    expect(await host.order({ name: 'doctor-mend', kind: 'file-modes' })).toEqual({ mended: 0 })
  })

  test('is what killed processes left, and nothing that is held, new, or another’s', async () => {
    const killed = await start()
    await devices(killed)
    const lease = ((await devices()).running ?? []).find(({ isThis }) => !isThis)?.id ?? ''
    killed.process.kill('SIGKILL')
    await killed.exited
    const file = (name: string) => join(home.valetKeyHome, name)
    const own = ((await devices()).running ?? []).find(({ isThis }) => isThis)?.id ?? ''
    const id = crypto.randomUUID()
    const [left, unplaced] = [file(`valetkey.${lease}.lease`), file(`installed.json.${id}.new`)]
    const kept = [file(`valetkey.${own}.lease`), file('notes.new'), file(`valetkey.${id}.lease.old`)]
    for (const name of [unplaced, ...kept.slice(1)]) writeFileSync(name, '')
    const before = new Date(Date.now() - 3_600_000)
    for (const name of [left, unplaced, ...kept]) utimesSync(name, before, before)
    const young = file(`installed.json.${crypto.randomUUID()}.new`)
    writeFileSync(young, '')
    expect(await found('left-files')).toMatchObject({ state: 'warn', mends: 'left-files' })
    expect(await host.order({ name: 'doctor-mend', kind: 'left-files' })).toEqual({ mended: 2 })
    expect([left, unplaced].filter((name) => existsSync(name))).toEqual([])
    expect([young, ...kept].filter((name) => !existsSync(name))).toEqual([])
    expect(await found('left-files')).toBeUndefined()
  })

  test('is in the log, and no order names a place', async () => {
    const log = await host.order({ name: 'audit-list', limit: 20 })
    const acts = log.flatMap((each) =>
      each.kind === 'act' && each.act === 'host.mend' ? [each.subject] : [],
    )
    expect(acts).toEqual(['left-files', 'file-modes'])
    const id = host.id()
    host.send({ type: 'command', id, command: { name: 'doctor-mend', kind: 'file-modes', path: '/etc' } })
    await host.exited
    host = await start()
    await eventually('the new host runs', devices, ({ running }) => running?.length === 1)
  })

  test('is nothing while the vault is locked', async () => {
    await home.run(['lock'])
    await host.exited
    host = await start()
    chmodSync(home.valetKeyHome, 0o755)
    const mend = host.order({ name: 'doctor-mend', kind: 'file-modes' })
    await expect(mend).rejects.toMatchObject({ code: 'vault-locked' })
    expect((await devices()).running).toBeNull()
  })
})
