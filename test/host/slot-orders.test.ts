import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Finding } from '../../shared/model/finding.ts'
import type { SlotSummary } from '../../shared/protocol/vault-commands.ts'
import { writeLauncher } from '../support/launched-host.ts'
import { NativeHost } from '../support/native-host.ts'
import { CLI } from './cli-fixture.ts'

/** What opens the vault, changed through the real host as a browser starts it: under Node's permission model, from the build. */

// Each passphrase takes half a second and 256 MiB to stretch on a machine with nothing else to do.
vi.setConfig({ testTimeout: 180_000 })

const FIRST = 'correct horse battery staple'
const SECOND = 'a longer one than the first was'
const LINUX = process.platform === 'linux'

let root: string
let home: string
let host: NativeHost
let code: string

const start = () => NativeHost.start(home, writeLauncher(root, CLI, home, root))

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  home = join(root, 'home')
  host = await start()
  code = (await host.order({ name: 'vault-init', passphrase: FIRST })).recoveryCode
}, 180_000)
afterAll(async () => {
  await host.close()
  rmSync(root, { recursive: true, force: true })
})

const slots = () => host.order({ name: 'slot-list' })
const kinds = async () => (await slots()).map(({ kind }) => kind).toSorted()
const of = (all: SlotSummary[], kind: SlotSummary['kind']) => all.filter((slot) => slot.kind === kind)

/** Whether a host of its own, with nobody to lend it the key, opens the vault with this. */
async function opens(how: 'passphrase' | 'recovery', text: string): Promise<boolean> {
  await host.order({ name: 'vault-lock' })
  await host.exited
  host = await start()
  return host
    .order({ name: 'vault-unlock', with: how, text })
    .then(() => true)
    .catch(({ code: refused }: { code: string }) => {
      expect(refused).toBe('wrong-passphrase')
      return false
    })
}

test('the passphrase is changed by whoever knows it, and the old one opens nothing', async () => {
  const change = (current: string | undefined, next: string) =>
    host.order({ name: 'slot-passphrase', next, ...(current === undefined ? {} : { current }) })
  const before = of(await slots(), 'passphrase')
  await expect(change(SECOND, SECOND)).rejects.toMatchObject({ code: 'wrong-passphrase' })
  await expect(change(undefined, SECOND)).rejects.toMatchObject({ code: 'wrong-passphrase' })
  await expect(change(FIRST, 'short')).rejects.toMatchObject({ code: 'weak-passphrase' })
  expect(of(await slots(), 'passphrase')).toEqual(before)
  await change(FIRST, SECOND)
  expect(await kinds()).toEqual(['passphrase', 'recovery'])
  expect(of(await slots(), 'passphrase')[0]?.id).not.toBe(before[0]?.id)
  expect(await opens('passphrase', FIRST)).toBe(false)
  expect(await host.order({ name: 'vault-unlock', with: 'passphrase', text: SECOND })).toBeNull()
})

test('the old recovery code opens until the owner says that the new one is stored', async () => {
  await expect(host.order({ name: 'recovery-new', current: FIRST })).rejects.toMatchObject({
    code: 'wrong-passphrase',
  })
  await expect(host.order({ name: 'recovery-new' })).rejects.toMatchObject({ code: 'wrong-passphrase' })
  const made = await host.order({ name: 'recovery-new', current: SECOND })
  expect(await kinds()).toEqual(['passphrase', 'recovery', 'recovery'])
  expect(await opens('recovery', code)).toBe(true)
  await host.order({ name: 'recovery-keep', id: made.id })
  expect(of(await slots(), 'recovery').map(({ id }) => id)).toEqual([made.id])
  expect(await opens('recovery', code)).toBe(false)
  expect(await host.order({ name: 'vault-unlock', with: 'recovery', text: made.recoveryCode })).toBeNull()
})

test('only a recovery code can be kept as the recovery code, and the last way in stays', async () => {
  const [passphrase] = of(await slots(), 'passphrase')
  const id = passphrase?.id ?? ''
  await expect(host.order({ name: 'recovery-keep', id })).rejects.toMatchObject({ code: 'unknown' })
  await expect(host.order({ name: 'slot-remove', id })).rejects.toMatchObject({ code: 'in-use' })
  const [recovery] = of(await slots(), 'recovery')
  expect(await host.order({ name: 'slot-remove', id: recovery?.id ?? '' })).toEqual({ keychain: true })
  expect(await kinds()).toEqual(['passphrase'])
})

test('each act is in the log, and no passphrase or code is', async () => {
  const log = await host.order({ name: 'audit-list', limit: 500 })
  const acts = log.flatMap((each) => (each.kind === 'act' ? [each.act] : []))
  expect(acts.filter((act) => act === 'slot.add')).toHaveLength(2)
  expect(acts.filter((act) => act === 'slot.remove')).toHaveLength(3)
  const told = JSON.stringify(log)
  for (const secret of [FIRST, SECOND, code]) expect(told).not.toContain(secret)
})

test('the host says what it finds of itself, open or locked, and what mends it', async () => {
  const findings = () => host.order({ name: 'doctor' })
  const states = (all: Finding[]) => Object.fromEntries(all.map(({ check, state }) => [check, state]))
  const open = { node: 'ok', home: 'ok', database: 'ok', log: 'ok', vault: 'ok', browsers: 'warn' }
  expect(states(await findings())).toEqual(open)
  await host.order({ name: 'vault-lock' })
  await host.exited
  host = await start()
  const locked = await findings()
  expect(states(locked)).toEqual({ ...open, vault: 'warn' })
  expect(locked.find(({ check }) => check === 'vault')?.mend).toBe('valetkey unlock')
})

test.runIf(LINUX)('a folder that others may look into is found', async () => {
  chmodSync(home, 0o755)
  const found = (await host.order({ name: 'doctor' })).find(({ check }) => check === 'home')
  chmodSync(home, 0o700)
  expect(found).toMatchObject({ state: 'fail', mend: `chmod 700 ${home}` })
})
