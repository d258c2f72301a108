import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isHeld, Lease } from '../../native-host/store/lease.ts'
import { openVault, type VaultFixture } from './vault-fixture.ts'

let vault: VaultFixture
const children: ChildProcess[] = []
beforeEach(() => {
  vault = openVault()
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  vault.remove()
})

const files = () => readdirSync(vault.home).filter((name) => name.endsWith('.lease'))
const held = (id: string) => isHeld(vault.store, id)

/** Another process that takes a lease on the same vault and then does nothing. */
async function anotherHolder(): Promise<{ child: ChildProcess; id: string }> {
  const from = (path: string) =>
    JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../native-host', path)))
  const program = `
    const { openStore } = await import(${from('store/open-store.ts')})
    const { Lease } = await import(${from('store/lease.ts')})
    console.log(Lease.take(openStore(${JSON.stringify(vault.home)})).id)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { HOME: vault.home },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  if (child.stdout === null) throw new Error('no output')
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, id: String(line).trim() }
}

test('a lease is held until it is given back, and its file goes with it', () => {
  const lease = Lease.take(vault.store)
  expect([held(lease.id), files().length]).toEqual([true, 1])
  lease.release()
  expect([held(lease.id), files()]).toEqual([false, []])
  lease.release()
  expect(held('of nobody')).toBe(false)
})

test('leases do not keep one another out', () => {
  const [one, other] = [Lease.take(vault.store), Lease.take(vault.store)]
  one.release()
  expect([held(one.id), held(other.id)]).toEqual([false, true])
  other.release()
})

test('a lease of another process ends with it, however it ends, and not while it is stopped', async () => {
  const { child, id } = await anotherHolder()
  expect(held(id)).toBe(true)
  child.kill('SIGSTOP')
  expect(held(id)).toBe(true)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect([held(id), files()]).toEqual([false, [`valetkey.${id}.lease`]])
})

test('taking one clears away the files of those that are over, and of no other', async () => {
  const [gone, there] = [await anotherHolder(), await anotherHolder()]
  gone.child.kill('SIGKILL')
  await once(gone.child, 'exit')
  const lease = Lease.take(vault.store)
  expect(files().sort()).toEqual([`valetkey.${there.id}.lease`, `valetkey.${lease.id}.lease`].sort())
  expect([held(there.id), held(lease.id)]).toEqual([true, true])
  lease.release()
})

test('a look that is under way does not make a lease look held that is over', async () => {
  const { child, id } = await anotherHolder()
  child.kill('SIGKILL')
  await once(child, 'exit')
  const look = new DatabaseSync(join(vault.home, `valetkey.${id}.lease`), { readOnly: true })
  look.exec('BEGIN; SELECT 1 FROM sqlite_schema')
  expect(held(id)).toBe(false)
  look.close()
})
