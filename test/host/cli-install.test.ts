import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { browserLocations } from '../../native-host/install/manifest-locations.ts'
import { type CommandHome, commandHome, type Ran } from './cli-fixture.ts'

const LINUX = process.platform === 'linux'
const MANIFEST = 'org.valetkey.host.json'

interface Finding {
  check: string
  state: 'ok' | 'warn' | 'fail'
  message: string
  mend: string | null
}

let home: CommandHome
beforeEach(async () => {
  home = await commandHome()
})
afterEach(() => home.remove())

const locations = () => browserLocations({ platform: process.platform, home: home.home, env: {} })
const findings = (ran: Ran) => ran.json<{ findings: Finding[] }>().findings
const finding = (ran: Ran, check: string) => findings(ran).find((each) => each.check === check)

describe.runIf(LINUX)('install', () => {
  test('registers with every browser of the table that is here, and uninstall leaves the home byte for byte as it was', async () => {
    for (const { profiles } of locations()) {
      mkdirSync(profiles[0] ?? '', { recursive: true })
      writeFileSync(join(profiles[0] ?? '', 'Local State'), '{}')
    }
    const before = tree(home.home)
    const ran = await home.run(['install', '--json'])
    expect(ran.code).toBe(0)
    const { browsers } = ran.json<{ browsers: { browser: string; ok: boolean; message: string }[] }>()
    expect(browsers.map(({ browser }) => browser).sort()).toEqual(
      locations()
        .map(({ name }) => name)
        .sort(),
    )
    for (const { hosts, family } of locations()) checkManifest(join(hosts ?? '', MANIFEST), family)

    expect((await home.run(['uninstall'])).code).toBe(0)
    expect(tree(home.home)).toEqual(before)
    expect(existsSync(home.valetKeyHome)).toBe(false)
  })

  test('once more changes nothing, and one uninstall takes all of it back', async () => {
    mkdirSync(join(home.home, '.config/chromium'), { recursive: true })
    const before = tree(home.home)
    await home.run(['install'])
    const once = tree(home.home)
    await home.run(['install'])
    expect(tree(home.home)).toEqual(once)
    await home.run(['uninstall'])
    expect(tree(home.home)).toEqual(before)
    expect((await home.run(['uninstall', '--json'])).json()).toEqual({ removed: [] })
  })

  test('a vault stays, and is said to, with the folder that it is in; where there is none, none is spoken of', async () => {
    mkdirSync(join(home.home, '.config/chromium'), { recursive: true })
    await home.run(['install'])
    expect((await home.run(['uninstall'])).stderr).not.toContain(home.valetKeyHome)
    await home.run(['install'])
    await home.run(['init', '--key-file', join(home.home, 'vault-key')])
    const { stderr } = await home.run(['uninstall'])
    expect(stderr).toContain(
      `The vault stays, with your keys and the log: whoever wants them gone deletes \`${home.valetKeyHome}\``,
    )
    expect(stderr).toContain('page of extensions')
    expect((await home.run(['status', '--json'])).json()).toMatchObject({ vault: 'unlocked' })
  })

  test('says of a machine without browsers that were started what is to be done', async () => {
    const ran = await home.run(['install'])
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain('no browser was found that was started here before: start yours once')
  })

  test('writes into a profile of its own, and for a Firefox profile into the home directory', async () => {
    expect((await home.run(['install', '--profile', home.profile])).code).toBe(0)
    checkManifest(join(home.profile, 'NativeMessagingHosts', MANIFEST), 'chromium')
    const ran = await home.run(['install', '--browser', 'firefox', '--profile', home.profile])
    expect(ran.stderr).toMatch(/home directory/)
    checkManifest(join(home.home, '.mozilla/native-messaging-hosts', MANIFEST), 'gecko')
    const doctor = await home.run(['doctor', '--json'])
    expect(finding(doctor, 'profile')).toMatchObject({ state: 'ok' })
    expect(finding(doctor, 'browser:firefox')).toMatchObject({ state: 'ok' })
    await home.run(['uninstall'])
    expect(readdirSync(home.profile)).toEqual([])
  })

  test('lets a further extension start the host, if that can be an id', async () => {
    const id = 'abcdefghijklmnopabcdefghijklmnop'
    await home.run(['install', '--browser', 'chrome', '--extension-id', id])
    const file = join(home.home, '.config/google-chrome/NativeMessagingHosts', MANIFEST)
    const { allowed_origins: origins } = JSON.parse(readFileSync(file, 'utf8')) as {
      allowed_origins: string[]
    }
    expect(origins).toHaveLength(2)
    expect(origins).toContain(`chrome-extension://${id}/`)
    expect((await home.run(['install', '--browser', 'chrome', '--extension-id', '*'])).code).toBe(2)
  })

  test('refuses a browser it does not know, a machine without one, and a Node of another major version', async () => {
    expect((await home.run(['install', '--browser', 'netscape', '--json'])).json()).toMatchObject({
      error: { code: 'unknown' },
    })
    expect((await home.run(['install', '--json'])).json()).toMatchObject({ error: { code: 'invalid' } })
    const old = join(home.home, 'old-node')
    writeFileSync(old, '#!/bin/sh\necho 20.0.0\n', { mode: 0o755 })
    for (const node of [old, 'node', '/nope']) {
      expect((await home.run(['install', '--browser', 'chrome', '--node', node])).code).toBe(1)
    }
    expect(existsSync(join(home.home, '.config'))).toBe(false)
    expect((await home.run(['install', '--browser', 'chrome', '--node', process.execPath])).code).toBe(0)
  })

  test('one browser that cannot be written does not keep the others from it', async () => {
    mkdirSync(join(home.home, '.config/chromium'), { recursive: true })
    mkdirSync(join(home.home, '.config/vivaldi'), { recursive: true })
    // A file where the folder should be stops even root.
    writeFileSync(join(home.home, '.config/chromium/NativeMessagingHosts'), '')
    const ran = await home.run(['install', '--json'])
    expect(ran.code).toBe(1)
    const { browsers } = ran.json<{ browsers: { browser: string; ok: boolean }[] }>()
    expect(browsers).toEqual([
      expect.objectContaining({ browser: 'chromium', ok: false }),
      expect.objectContaining({ browser: 'vivaldi', ok: true }),
    ])
  })

  test('keeps what somebody changed since, and says so', async () => {
    await home.run(['install', '--browser', 'chrome'])
    const file = join(home.home, '.config/google-chrome/NativeMessagingHosts', MANIFEST)
    writeFileSync(file, '{"mine":true}')
    const { removed } = (await home.run(['uninstall', '--json'])).json<{
      removed: { path: string; outcome: string }[]
    }>()
    expect(removed).toContainEqual({ path: file, outcome: 'changed' })
    expect(readFileSync(file, 'utf8')).toBe('{"mine":true}')
  })
})

describe.runIf(LINUX)('doctor', () => {
  test('on a new machine names what to do, each with its command', async () => {
    const ran = await home.run(['doctor', '--json'])
    expect(ran.code).toBe(1)
    expect(finding(ran, 'vault')).toMatchObject({ state: 'warn', mend: 'valetkey init' })
    expect(finding(ran, 'browsers')).toMatchObject({
      state: 'fail',
      mend: expect.stringContaining('install'),
    })
    expect(existsSync(home.valetKeyHome)).toBe(false)
  })

  test('a whole set-up is well, up to the host’s own hello', async () => {
    await home.run(['install', '--browser', 'chromium'])
    await home.run(['init', '--passphrase-stdin'], 'correct horse battery\n')
    const ran = await home.run(['doctor', '--json'])
    expect(ran.code).toBe(0)
    expect(findings(ran).filter(({ state }) => state !== 'ok')).toEqual([])
    expect(finding(ran, 'browser:chromium')?.message).toMatch(/says hello/)
    await home.run(['lock'])
    expect(finding(await home.run(['doctor', '--json']), 'vault')).toMatchObject({ mend: 'valetkey unlock' })
  })

  test('finds each way a registration breaks', async () => {
    const folder = join(home.home, '.config/chromium/NativeMessagingHosts')
    const launcher = join(folder, 'org.valetkey.host.sh')
    const file = join(folder, MANIFEST)
    const change = (edit: (manifest: Record<string, unknown>) => void) => () => {
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
      edit(manifest)
      writeFileSync(file, JSON.stringify(manifest))
    }
    const breaks: [() => void, RegExp][] = [
      [() => rmSync(file), /not registered/],
      [() => writeFileSync(file, '{'), /not a manifest/],
      [change((manifest) => (manifest.name = 'other')), /not a manifest/],
      [change((manifest) => (manifest.allowed_origins = [])), /does not name this extension/],
      [change((manifest) => (manifest.path = 'relative.sh')), /relative path/],
      [() => rmSync(launcher), /is not there/],
      [() => chmodSync(launcher, 0o644), /not executable/],
      [() => writeFileSync(launcher, '#!/bin/sh\nexit 1\n'), /ends before it answers/],
      [() => writeFileSync(launcher, '#!/bin/sh\necho hello world\nsleep 1\n'), /something else than frames/],
    ]
    for (const [damage, message] of breaks) {
      await home.run(['install', '--browser', 'chromium'])
      damage()
      const ran = await home.run(['doctor', '--json'])
      expect(ran.code).toBe(1)
      expect(finding(ran, 'browser:chromium')).toMatchObject({
        state: 'fail',
        message: expect.stringMatching(message),
        mend: 'valetkey install --browser chromium',
      })
    }
    await home.run(['install', '--browser', 'chromium'])
    expect(finding(await home.run(['doctor', '--json']), 'browser:chromium')?.state).toBe('ok')
  })

  test('finds a folder others can look into, before anything repairs it', async () => {
    await home.run(['init', '--passphrase-stdin'], 'correct horse battery\n')
    await home.run(['lock'])
    chmodSync(home.valetKeyHome, 0o755)
    expect(finding(await home.run(['doctor', '--json']), 'home')).toMatchObject({
      state: 'fail',
      mend: `chmod 700 ${home.valetKeyHome}`,
    })
  })

  test('names a database that is none', async () => {
    mkdirSync(home.valetKeyHome, { mode: 0o700 })
    writeFileSync(join(home.valetKeyHome, 'valetkey.db'), 'text that is no database\n'.repeat(50), {
      mode: 0o600,
    })
    expect(finding(await home.run(['doctor', '--json']), 'database')).toMatchObject({ state: 'fail' })
  })
})

function checkManifest(file: string, family: 'chromium' | 'gecko'): void {
  expect(statSync(file).mode & 0o777).toBe(0o644)
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  expect(Object.hasOwn(manifest, 'allowed_origins')).toBe(family === 'chromium')
  expect(Object.hasOwn(manifest, 'allowed_extensions')).toBe(family === 'gecko')
  expect(statSync(String(manifest.path)).mode & 0o777).toBe(0o755)
}

/** Every file below a folder with its bytes, and every folder. */
function tree(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [relative(root, path), entry.isDirectory() ? 'folder' : readFileSync(path, 'base64')]
    }),
  )
}
