import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordAct } from '../../native-host/audit/write-audit.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { createKeys } from '../../native-host/vault/envelope.ts'
import type { VaultKeys } from '../../native-host/vault/keys.ts'
import { createVault, unlockVault, vaultPresent } from '../../native-host/vault/slots.ts'
import { done, times } from '../support/hard.ts'
import { straceMissing, tampering, WRITING_CALLS } from '../support/strace.ts'
import { vaultState } from '../support/vault-state.ts'
import { connected } from '../unit/vault-fixture.ts'

/** A process is killed in the middle of a change: the vault opens as it was before or after, and nothing acknowledged is lost. */
const CHANGER = fileURLToPath(new URL('./vault-changer.ts', import.meta.url))
const EVERY = [
  'service-add',
  'service-rotate',
  'service-remove',
  'slot-add',
  'slot-remove',
  'grant-add',
  'revoke',
  'call',
]
const CHANGES = times(['service-rotate', 'call'], EVERY)
const CALLS: readonly string[] = times<readonly string[]>(
  ['pwrite64', 'fdatasync', 'fsync', 'link'],
  WRITING_CALLS,
)
/**
 * Every how many system calls of a kind a kill is tried. At each one that makes something durable or puts it in place even in
 * the usual run: what is done in two steps instead of one is half done there.
 */
const strideOf = (call: string) => times(call === 'pwrite64' ? 19 : 1, 1)

const missing = straceMissing()
let root: string
let template: string
let keyFile: string
let dataKey: string

beforeAll(async () => {
  if (missing !== null) process.stderr.write(`skipped, kills at every write: ${missing}\n`)
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  template = join(root, 'template')
  keyFile = join(root, 'key-file')
  const store = openStore(template)
  const { keys } = await createVault(store, { kind: 'key-file', path: keyFile })
  dataKey = Buffer.from(keys.exportKey()).toString('hex')
  connected({ store, keys, home: template, dataKey: keys.exportKey(), remove: () => {} })
  store.close()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A copy of the vault in a folder of its own, and the arguments for a change to it. */
function copyOf(what: string): { home: string; args: string[] } {
  const home = mkdtempSync(join(root, 'copy-'))
  rmSync(home, { recursive: true })
  if (what !== 'init') cpSync(template, home, { recursive: true })
  const args = [
    CHANGER,
    home,
    what === 'init' ? '' : dataKey,
    what,
    what === 'init' ? `${home}.key` : keyFile,
  ]
  return { home, args }
}

/** The state after whatever happened, with the vault opened the owner's way; and it can be written again. */
async function stateOf(home: string, key = keyFile): Promise<string> {
  const store = openStore(home)
  try {
    if (!vaultPresent(store)) return 'none'
    const keys: VaultKeys = await unlockVault(store, { kind: 'key-file', path: key })
    const state = vaultState(store, keys)
    recordAct(store, keys, { act: 'test.after', subject: 'x', by: 'cli', now: Date.now() })
    return state
  } finally {
    store.close()
  }
}

/** What a change makes of the vault where nothing happens to it. */
async function changed(what: string): Promise<string> {
  const { home, args } = copyOf(what)
  const run = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(run.stderr).toBe('')
  expect(run.status).toBe(0)
  return stateOf(home)
}

/** Kill at the `nth` call of a kind. @returns false where the process came to its end before. */
async function killAt(what: string, call: string, nth: number, legal: readonly string[]): Promise<boolean> {
  const { home, args } = copyOf(what)
  const run = spawnSync('strace', [...tampering(call, 'signal=SIGKILL', nth), process.execPath, ...args], {
    encoding: 'utf8',
  })
  const killed = run.signal === 'SIGKILL' || run.status === 137
  if (!killed) expect(run.status, run.stderr).toBe(0)
  const state = await stateOf(home)
  expect(legal, `${what}, killed at ${call} ${nth}`).toContain(state)
  // What was acknowledged is there, whatever happened afterwards.
  if (run.stdout.includes(what)) expect(state).toBe(legal.at(-1))
  rmSync(home, { recursive: true })
  return killed
}

/** A call has its intent first and its outcome later, each a change of its own. */
function between(before: string, what: string): string[] {
  if (what !== 'call') return []
  const state = JSON.parse(before)
  state.audit.push('intent')
  state.sessions[0].requests += 1
  return [JSON.stringify(state)]
}

describe.skipIf(missing !== null)('killed at every write', () => {
  test.each(CHANGES)('%s leaves the vault as before or as after', { timeout: 600_000 }, async (what) => {
    const before = await stateOf(copyOf('call').home)
    const after = await changed(what)
    expect(after).not.toBe(before)
    const legal = [before, ...between(before, what), after]
    let kills = 0
    for (const call of CALLS) {
      for (let nth = 1; ; nth += strideOf(call)) {
        if (!(await killAt(what, call, nth, legal))) break
        kills += 1
      }
    }
    expect(kills).toBeGreaterThan(0)
    done('kills at a write of a vault', kills)
  })

  test('init leaves none or a whole one', { timeout: 600_000 }, async () => {
    let kills = 0
    for (const call of CALLS)
      for (let nth = 1; ; nth += strideOf(call)) {
        const { home, args } = copyOf('init')
        const run = spawnSync('strace', [
          ...tampering(call, 'signal=SIGKILL', nth),
          process.execPath,
          ...args,
        ])
        const state = await stateOf(home, `${home}.key`)
        if (state !== 'none') expect(JSON.parse(state).slots).toEqual(['key-file', 'recovery'])
        if (run.signal !== 'SIGKILL' && run.status !== 137) break
        kills += 1
      }
    expect(kills).toBeGreaterThan(0)
    done('kills at a write of a vault', kills)
  })
})

test('killed at any moment while it changes one thing after another, nothing acknowledged is lost', {
  timeout: 1_200_000,
}, async () => {
  const { home, args } = copyOf('mixed')
  const keys = createKeys(Buffer.from(dataKey, 'hex'))
  const kills = times(8, 500)
  let acknowledged = 0
  for (let round = 0; round < kills; round += 1) {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (more: Buffer) => {
      text += more
    })
    const ended = once(child, 'close')
    await once(child.stdout, 'data')
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 30))
    child.kill('SIGKILL')
    await ended
    acknowledged += text.split('\n').filter((line) => line === 'call').length
    const store = openStore(home)
    const state = JSON.parse(vaultState(store, keys))
    const outcomes = state.audit.filter((kind: string) => kind === 'outcome').length
    expect(outcomes).toBeGreaterThanOrEqual(acknowledged)
    // At most the one change that was under way when each kill came is there without having been acknowledged.
    expect(outcomes - acknowledged).toBeLessThanOrEqual(round + 1)
    store.close()
    expect(JSON.parse(await stateOf(home)).slots).toContain('key-file')
  }
  expect(readFileSync(keyFile).length).toBe(32)
  expect(existsSync(home)).toBe(true)
  done('kills of a vault at a random moment', kills)
})
