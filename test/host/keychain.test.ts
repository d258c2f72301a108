import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const NEEDED = ['dbus-run-session', 'gnome-keyring-daemon']
const missing =
  process.platform === 'linux'
    ? NEEDED.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
    : NEEDED
if (missing.length > 0)
  process.stderr.write(`skipped, keychain: this machine has no ${missing.join(' and no ')}\n`)

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  for (const folder of ['home', 'run']) mkdirSync(join(root, folder), { mode: 0o700 })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const moduleUrl = (path: string): string => new URL(`../../native-host/${path}`, import.meta.url).href

/** Environment of a user without a keychain, unless a session with one is started around the program. */
function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: join(root, 'home'),
    XDG_RUNTIME_DIR: join(root, 'run'),
    SECRET_CANARY: 'x',
  }
}

/** What a program printed as JSON. Its words are the values of its own `print`. */
function run(program: string, around: (file: string) => [command: string, args: string[]]): unknown {
  const file = join(root, 'program.mjs')
  writeFileSync(file, program)
  const [command, args] = around(file)
  return JSON.parse(
    execFileSync(command, args, {
      env: environment(),
      encoding: 'utf8',
      timeout: 60_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
}

const alone = (file: string): [string, string[]] => [process.execPath, [file]]

/** Within a session that has an unlocked keychain of its own, which ends with it. */
function withKeychain(file: string): [string, string[]] {
  const script =
    'printf "password\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0" "$1"'
  return ['dbus-run-session', ['--', 'sh', '-c', script, process.execPath, file]]
}

test.skipIf(missing.length > 0)(
  'bytes put into the keychain come back, are replaced, and are gone when deleted',
  () => {
    const answer = run(
      `import { keychainDelete, keychainGet, keychainSet } from ${JSON.stringify(moduleUrl('vault/keychain.ts'))}
     const get = async (account) => Buffer.from((await keychainGet(account)) ?? '').toString('hex')
     const seen = [await get('a')]
     await keychainSet('a', Uint8Array.of(0, 255, 10))
     await keychainSet('b', Uint8Array.of(1))
     seen.push(await get('a'), await get('b'))
     await keychainSet('a', new Uint8Array(32).fill(7))
     seen.push(await get('a'))
     await keychainDelete('a')
     await keychainDelete('a')
     seen.push(await get('a'), await get('b'))
     process.stdout.write(JSON.stringify(seen))`,
      withKeychain,
    )
    expect(answer).toEqual(['', '00ff0a', '01', '07'.repeat(32), '', '01'])
  },
)

test.skipIf(missing.length > 0)(
  'a vault made with the keychain opens with it, and not when its entry is gone',
  () => {
    const answer = run(
      `import { openStore } from ${JSON.stringify(moduleUrl('store/open-store.ts'))}
     import { createVault, listSlots, slotKinds, unlockVault } from ${JSON.stringify(moduleUrl('vault/slots.ts'))}
     import { keychainDelete } from ${JSON.stringify(moduleUrl('vault/keychain.ts'))}
     const store = openStore(process.env.HOME + '/vault')
     const { keys } = await createVault(store, { kind: 'keychain' })
     const again = await unlockVault(store, { kind: 'keychain' })
     const same = Buffer.compare(keys.exportKey(), again.exportKey()) === 0
     await keychainDelete(listSlots(store).find(({ kind }) => kind === 'keychain').id)
     const refused = await unlockVault(store, { kind: 'keychain' }).catch(({ code }) => code)
     process.stdout.write(JSON.stringify([slotKinds(store), same, refused]))`,
      withKeychain,
    )
    expect(answer).toEqual([['keychain', 'recovery'], true, 'wrong-passphrase'])
  },
)

test.skipIf(missing.length > 0)('removing a keychain slot removes what the keychain holds for it', () => {
  const answer = run(
    `import { addSlot, removeSlot } from ${JSON.stringify(moduleUrl('owner/vault.ts'))}
     import { openStore } from ${JSON.stringify(moduleUrl('store/open-store.ts'))}
     import { keychainGet } from ${JSON.stringify(moduleUrl('vault/keychain.ts'))}
     import { createVault } from ${JSON.stringify(moduleUrl('vault/slots.ts'))}
     const store = openStore(process.env.HOME + '/other-vault')
     const { keys } = await createVault(store, { kind: 'key-file', path: process.env.HOME + '/key' })
     const context = { store, keys, now: Date.now, by: 'cli' }
     const id = await addSlot(context, { kind: 'keychain' })
     const before = (await keychainGet(id))?.length
     const isGone = await removeSlot(context, id)
     process.stdout.write(JSON.stringify([before, isGone, await keychainGet(id)]))`,
    withKeychain,
  )
  expect(answer).toEqual([32, true, null])
})

test('without a keychain the refusal says so, and the system is asked once only', () => {
  const answer = run(
    `import { ChildProcess } from 'node:child_process'
     import { keychainGet, keychainSet } from ${JSON.stringify(moduleUrl('vault/keychain.ts'))}
     let started = 0
     const environments = []
     const spawn = ChildProcess.prototype.spawn
     ChildProcess.prototype.spawn = function (options) {
       started += 1
       environments.push(...options.envPairs.map((pair) => pair.split('=')[0]), ...options.args.slice(2))
       return spawn.call(this, options)
     }
     const first = await keychainSet('account', new Uint8Array(32)).catch(({ code, message }) => [code, message])
     const second = await keychainGet('account').catch(({ code, message }) => [code, message])
     process.stdout.write(JSON.stringify({ first, second, started, environments }))`,
    alone,
  )
  const refusal = ['invalid', 'the keychain of this system cannot be used: use a passphrase or a key file']
  expect(answer).toEqual({
    first: refusal,
    second: refusal,
    started: 1,
    environments: ['HOME', 'XDG_RUNTIME_DIR', 'set', 'account'],
  })
})
