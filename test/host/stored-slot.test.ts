import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NativeHost } from '../support/native-host.ts'
import { type CommandHome, commandHome } from './cli-fixture.ts'

/** The built command and the installed launcher, as a browser and an owner use them. */
let home: CommandHome
let hosts: NativeHost[]
let launcher: string

beforeEach(async () => {
  hosts = []
  home = await commandHome()
  await home.run(['init', '--key-file', join(home.home, 'key-file')])
  await home.run(['install', '--profile', home.profile])
  const manifest = join(home.profile, 'NativeMessagingHosts', 'org.valetkey.host.json')
  launcher = JSON.parse(readFileSync(manifest, 'utf8')).path
})
afterEach(async () => {
  for (const host of hosts) await host.close()
  await home.remove()
})

/** What the browser sees of the vault when it starts a host. */
async function startedByBrowser(): Promise<{ host: NativeHost; vault: string }> {
  const host = await NativeHost.start(home.valetKeyHome, launcher)
  hosts.push(host)
  const hello = host.frames.find((frame) => frame.type === 'hello')
  return { host, vault: hello?.type === 'hello' ? hello.vault : 'no hello' }
}

/** End the process that holds the key without locking, as a reboot does. */
async function reboot(): Promise<void> {
  for (const host of hosts) await host.close()
  const { execFileSync } = await import('node:child_process')
  const found = execFileSync('pgrep', ['-f', `holder --home ${home.valetKeyHome}`], { encoding: 'utf8' })
  for (const pid of found.trim().split('\n')) process.kill(Number(pid), 'SIGKILL')
}

describe.runIf(process.platform === 'linux')('a vault with a key file', () => {
  test('is open when the browser starts the host after a reboot, and asks nobody', async () => {
    await reboot()
    expect((await home.run(['status', '--json'])).json()).toMatchObject({ vault: 'locked' })
    expect((await startedByBrowser()).vault).toBe('unlocked')
  })

  test('stays locked once its owner locked it, until one click in the popup', async () => {
    await home.run(['lock'])
    const { host, vault } = await startedByBrowser()
    expect(vault).toBe('locked')
    await host.order({ name: 'vault-unlock', with: 'stored' })
    expect(await host.exited).toBe(0)
    expect((await startedByBrowser()).vault).toBe('unlocked')
  })

  test('stays locked where the key file has gone, and the host starts all the same', async () => {
    const { rmSync } = await import('node:fs')
    rmSync(join(home.home, 'key-file'))
    await reboot()
    expect((await startedByBrowser()).vault).toBe('locked')
  })

  test('is locked by the popup for later starts too', async () => {
    const { host } = await startedByBrowser()
    await host.order({ name: 'vault-lock' })
    expect(await host.exited).toBe(0)
    expect(existsSync(join(home.valetKeyHome, 'open-at-start'))).toBe(false)
    expect((await startedByBrowser()).vault).toBe('locked')
  })
})
