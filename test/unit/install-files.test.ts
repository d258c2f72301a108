import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CHROMIUM_ID, chromiumId, GECKO_ID, isChromiumId } from '../../native-host/install/extension-id.ts'
import { hostManifest } from '../../native-host/install/host-manifest.ts'
import { shellLauncher, windowsLauncher } from '../../native-host/install/launcher.ts'
import { launcherFor } from '../../native-host/install/launcher-for.ts'
import { BROWSERS, browserLocations } from '../../native-host/install/manifest-locations.ts'
import {
  leave,
  readTraces,
  takeBack,
  takeBackFolders,
  writeTraces,
} from '../../native-host/install/traces.ts'
import { uninstall } from '../../native-host/install/uninstallation.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

describe('the extension id', () => {
  test('is the one Chromium derives from the key', () => {
    // SHA-256 of no bytes is e3b0c442 98fc1c14 9afbf4c8 996fb924 …
    expect(chromiumId('')).toBe('odlameecjipmbmbejkplpemijjgpljce')
    expect(isChromiumId(CHROMIUM_ID)).toBe(true)
    expect(isChromiumId(CHROMIUM_ID.toUpperCase())).toBe(false)
  })
})

describe('manifests', () => {
  test('each family has its own key and no other', () => {
    const chromium = JSON.parse(hostManifest('chromium', '/l', [])) as Record<string, unknown>
    expect(chromium).toEqual({
      name: 'org.valetkey.host',
      description: expect.any(String),
      path: '/l',
      type: 'stdio',
      allowed_origins: [`chrome-extension://${CHROMIUM_ID}/`],
    })
    const gecko = JSON.parse(hostManifest('gecko', '/l', ['a'.repeat(32)])) as Record<string, unknown>
    expect(gecko.allowed_extensions).toEqual([GECKO_ID])
    expect(gecko.allowed_origins).toBeUndefined()
  })

  test('a further id stands beside ours, and no wildcard anywhere', () => {
    const text = hostManifest('chromium', '/l', ['a'.repeat(32), CHROMIUM_ID])
    const { allowed_origins: origins } = JSON.parse(text) as { allowed_origins: string[] }
    expect(origins).toEqual([`chrome-extension://${CHROMIUM_ID}/`, `chrome-extension://${'a'.repeat(32)}/`])
    expect(text).not.toContain('*')
  })
})

describe('the launcher', () => {
  const parts = {
    node: '/opt/no de/bin/node',
    program: {
      main: "/opt/it's/main.mjs",
      command: "/opt/it's/cli.mjs",
      attendant: "/opt/it's/attendant.mjs",
      folder: "/opt/it's",
    },
    vault: '/home/$(touch pwned)/`x`',
    home: '/home/u',
  }

  test('quotes whatever a path may hold', () => {
    const echo = join(root, 'echo.sh')
    const text = shellLauncher({ ...parts, vault: join(root, 'v$(touch pwned)\'"') })
    // The same script, with `env` replaced by a program that prints what it is given.
    writeFileSync(echo, text.replaceAll('exec /usr/bin/env -i', "exec /usr/bin/printf '%s\\n'"), {
      mode: 0o755,
    })
    const { stdout } = spawnSync('/bin/sh', [echo, 'chrome-extension://x/'], { cwd: root, encoding: 'utf8' })
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toContain('/opt/no de/bin/node')
    expect(lines).toContain("/opt/it's/main.mjs")
    expect(lines).toContain(join(root, 'v$(touch pwned)\'"'))
    expect(lines.at(-1)).toBe('chrome-extension://x/')
    expect(readdirSync(root)).not.toContain('pwned')
  })

  test('starts with an emptied environment, no core dump, and reads the two folders and the tables of sockets alone', () => {
    const text = shellLauncher(parts)
    expect(text).toContain('ulimit -c 0')
    expect(text).toContain('exec /usr/bin/env -i')
    for (const flag of [
      '--disable-sigusr1',
      '--permission',
      '--allow-net',
      "'--allow-fs-read=/opt/it'\\''s'",
    ]) {
      expect(text).toContain(flag)
    }
    expect(text).not.toMatch(/--allow-(child-process|worker|addons|wasi)/)
    const readable = [...text.matchAll(/'--allow-fs-read=((?:[^']|'\\'')*)'/g)].map(([, path]) => path)
    const tables = process.platform === 'linux' ? ['/proc/net/tcp', '/proc/net/tcp6'] : []
    const read = ["/opt/it'\\''s", parts.vault, ...tables]
    expect(readable.sort()).toEqual([...read, ...read].sort())
    expect(windowsLauncher(parts)).not.toContain('/proc')
    // Started by itself or by its attendant, the host has the same flags.
    const writable = text.match(/--allow-fs-write=[^ ]*/g) ?? []
    expect(writable).toHaveLength(2)
    expect(new Set(writable).size).toBe(1)
  })

  test('lets the host read what registers it with browsers, file by file, and write none of it', () => {
    const place = { platform: 'linux', home: '/home/u', env: { XDG_CONFIG_HOME: '/cfg' } } as const
    const own = ['/profile/NativeMessagingHosts/org.valetkey.host.json', '/cfg/vivaldi/x']
    const { home: _, ...known } = parts
    const text = shellLauncher(launcherFor(known, place, own))
    const files = [...text.matchAll(/'--allow-fs-read=([^']*)'/g)].map(([, path = '']) => path)
    const ours = files.filter((path) => /^\/(?:cfg|profile|home)\//.test(path) && path.includes('osts/'))
    const all = browserLocations(place).flatMap(({ hosts }) =>
      ['json', 'sh'].map((end) => `${hosts}/org.valetkey.host.${end}`),
    )
    // Started by itself or by its attendant: twice.
    expect(new Set(ours)).toEqual(new Set([...all, own[0]]))
    expect(ours).toHaveLength(2 * (all.length + 1))
    expect(ours.every((path) => /\/org\.valetkey\.host\.(?:json|sh)$/.test(path))).toBe(true)
    expect(text.match(/ --config-home '\/cfg' "\$@"/g)).toHaveLength(2)
    expect(shellLauncher(parts)).not.toContain('--config-home')
    expect(new Set(text.match(/--allow-fs-write=[^ ]*/g)).size).toBe(1)
  })

  test('on Windows clears what Node listens to and keeps percent signs', () => {
    const text = windowsLauncher({ ...parts, vault: 'C:\\100%\\v' })
    for (const name of ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'SSLKEYLOGFILE']) {
      expect(text).toContain(`set "${name}="`)
    }
    expect(text).toContain('"--home" "C:\\100%%\\v" --launcher "%~f0" %*')
    expect(text.split('\r\n').at(-1)).toBe('')
  })
})

describe('where browsers look', () => {
  const home = '/home/u'
  const on = (platform: NodeJS.Platform, env: Record<string, string> = {}) =>
    new Map(browserLocations({ platform, home, env }).map((each) => [each.name, each]))

  test('names are unique', () => {
    expect(new Set(BROWSERS.map(({ name }) => name)).size).toBe(BROWSERS.length)
  })

  test('on Linux below the configuration folder, Gecko below the home directory', () => {
    const linux = on('linux')
    expect(linux.get('chrome')?.hosts).toBe('/home/u/.config/google-chrome/NativeMessagingHosts')
    expect(linux.get('brave')?.hosts).toBe('/home/u/.config/BraveSoftware/Brave-Browser/NativeMessagingHosts')
    expect(linux.get('firefox')?.hosts).toBe('/home/u/.mozilla/native-messaging-hosts')
    expect(linux.get('firefox')?.profiles).toContain('/home/u/.config/mozilla')
    expect(linux.has('arc')).toBe(false)
  })

  test('XDG_CONFIG_HOME moves Chromium browsers and leaves Firefox, and a relative one is ignored', () => {
    const moved = on('linux', { XDG_CONFIG_HOME: '/x' })
    expect(moved.get('edge')?.hosts).toBe('/x/microsoft-edge/NativeMessagingHosts')
    expect(moved.get('firefox')?.hosts).toBe('/home/u/.mozilla/native-messaging-hosts')
    expect(on('linux', { XDG_CONFIG_HOME: 'x' }).get('chrome')?.hosts).toMatch(/^\/home\/u\/\.config/)
  })

  test('on macOS below Application Support', () => {
    const mac = on('darwin')
    const base = '/home/u/Library/Application Support'
    expect(mac.get('chrome')?.hosts).toBe(`${base}/Google/Chrome/NativeMessagingHosts`)
    expect(mac.get('arc')?.hosts).toBe(`${base}/Arc/User Data/NativeMessagingHosts`)
    expect(mac.get('firefox')?.hosts).toBe(`${base}/Mozilla/NativeMessagingHosts`)
    expect(mac.has('ungoogled-chromium')).toBe(false)
  })

  test('on Windows by registry keys', () => {
    const windows = on('win32')
    expect(windows.get('chrome')).toMatchObject({
      hosts: null,
      registryKeys: ['Google\\Chrome\\NativeMessagingHosts'],
    })
    expect(windows.get('firefox')?.registryKeys).toEqual(['Mozilla\\NativeMessagingHosts'])
    expect(windows.has('ungoogled-chromium')).toBe(false)
  })
})

describe('traces', () => {
  test('what was left is taken back, folders included', () => {
    const traces = readTraces(root)
    const file = join(root, 'a', 'b', 'f')
    leave(traces, file, 'text', 0o644)
    expect(statSync(file).mode & 0o777).toBe(0o644)
    expect(takeBack(traces, file)).toBe('removed')
    takeBackFolders(traces)
    expect(readdirSync(root)).toEqual([])
  })

  test('what somebody changed since is kept', () => {
    const traces = readTraces(root)
    const file = join(root, 'f')
    leave(traces, file, 'text', 0o644)
    writeFileSync(file, 'mine')
    expect(takeBack(traces, file)).toBe('changed')
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  test('a folder that others use by now stays', () => {
    const traces = readTraces(root)
    leave(traces, join(root, 'a', 'f'), 'text', 0o644)
    writeFileSync(join(root, 'a', 'other'), '')
    takeBack(traces, join(root, 'a', 'f'))
    takeBackFolders(traces)
    expect(readdirSync(join(root, 'a'))).toEqual(['other'])
  })

  test('an empty or damaged list is none', () => {
    expect(readTraces(root).files).toEqual({})
    for (const text of ['', '{', '[]', '{"files":{"a":1}}']) {
      writeFileSync(join(root, 'installed.json'), text)
      expect(readTraces(root)).toEqual({ files: {}, folders: [], registryKeys: [] })
    }
  })

  test('a list that names somebody else’s file does not get it removed', () => {
    const victim = join(root, 'victim')
    const traces = readTraces(root)
    leave(traces, victim, 'precious', 0o600)
    mkdirSync(join(root, 'vault'))
    writeTraces(join(root, 'vault'), traces)
    expect(uninstall(join(root, 'vault'))).toEqual([{ path: victim, outcome: 'failed' }])
    expect(readFileSync(victim, 'utf8')).toBe('precious')
  })
})
