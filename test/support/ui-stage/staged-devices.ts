import type { Finding } from '../../../shared/model/finding.ts'
import { say } from '../../../shared/model/said.ts'
import type { Devices, RegisteredBrowser, RunningHost } from '../../../shared/protocol/device-commands.ts'
import type { Scene } from './scenes.ts'
import { OPEN, STATUS, world } from './staged-worlds.ts'
import { told } from './told.ts'

/** The rooms about this machine and about settings, in every state. */

const AT = new Date(2026, 10, 21, 9, 30).getTime()
const HOME = '/home/somebody/.local/share/valetkey'
const FOLDER = '~/.config/google-chrome/NativeMessagingHosts'
const LONG = '~/.config/a-folder-of-profiles-with-a-name-that-its-owner-chose/'.repeat(4)

const HOST: Devices['host'] = {
  version: '0.1.0',
  protocol: 1,
  node: '26.10.0',
  vaultHome: '~/.local/share/valetkey',
  launcher: `${FOLDER}/org.valetkey.host.sh`,
  startedAt: AT,
  memory: 61_400_000,
}

function registered(
  name: string,
  label: string | null,
  finding: Partial<Finding> = {},
  manifest = `~/.config/${name}/NativeMessagingHosts/org.valetkey.host.json`,
): RegisteredBrowser {
  const fine = {
    check: `browser:${name}`,
    state: 'ok',
    message: `registered with ${label}`,
    mend: null,
  } as const
  return { name, label, manifest, isThis: false, finding: { ...fine, ...finding } }
}

const mend = (name: string) => `valetkey install --browser ${name}`
const launcher = '/home/somebody/.config/vivaldi/NativeMessagingHosts/org.valetkey.host.sh'
const SEVERAL = [
  { ...registered('chrome', 'Google Chrome', {}, `${FOLDER}/org.valetkey.host.json`), isThis: true },
  registered('firefox', 'Firefox', {}, '~/.mozilla/native-messaging-hosts/org.valetkey.host.json'),
  registered('vivaldi', 'Vivaldi', {
    state: 'fail',
    ...told(say`${'Vivaldi'}: the launcher \`${launcher}\` is not there`),
    mend: mend('vivaldi'),
  }),
  registered('brave', 'Brave', {
    state: 'warn',
    ...told(say`${'Brave'}: its launcher is of another version or another installation than this host`),
    mend: mend('brave'),
  }),
  registered('profile', null, {}, `${LONG}NativeMessagingHosts/org.valetkey.host.json`),
]

const EXTENSION = 'iejfljoenklfgmkbmcgjbkpcdmkdkjac'
const running = (changes: Partial<RunningHost> = {}): RunningHost => ({
  id: crypto.randomUUID(),
  isThis: false,
  browser: { name: 'Google Chrome', version: '156.0.8078.79' },
  extension: EXTENSION,
  version: '0.1.0',
  startedAt: AT,
  sessions: 0,
  ...changes,
})
const RUNNING = [
  running({ isThis: true, sessions: 3 }),
  running({
    browser: { name: 'Firefox', version: '153.7' },
    extension: 'valetkey@valetkey.org',
    sessions: 1,
  }),
  running({ browser: null, extension: null }),
]

const good = (check: string, message: string): Finding => ({ check, state: 'ok', message, mend: null })
const FINE = [
  good('node', 'Node 26.10.0'),
  good('database', 'the database opens'),
  good('vault', 'the vault is unlocked'),
]
const WRONG: Finding[] = [
  ...FINE,
  {
    check: 'home',
    state: 'fail',
    ...told(say`others may look into \`${HOME}\``),
    mend: `chmod 700 ${HOME}`,
    mends: 'file-modes',
  },
  {
    check: 'left-files',
    state: 'warn',
    ...told(say`processes that were killed left ${2} files in the vault’s folder`),
    mend: 'valetkey doctor --mend left-files',
    mends: 'left-files',
  },
  { check: 'vault', state: 'warn', message: 'the vault is locked', mend: 'valetkey unlock' },
]

const SITES = ['https://chat.example.com/*', 'https://xn--pple-43d.com/*', 'http://127.0.0.1/*']

function machine(
  devices: Partial<Devices>,
  findings: Finding[],
  changes: Parameters<typeof world>[0] = {},
): Scene['world'] {
  const answers = {
    devices: { host: HOST, browsers: SEVERAL, running: RUNNING, ...devices },
    doctor: findings,
    'doctor-mend': { mended: 1 },
    'host-end-sessions': { revoked: 3 },
  }
  return { ...world({ ...changes, answers: { ...answers, ...changes?.answers } }), reached: SITES }
}

const BROKEN = machine({}, WRONG)
const LOCKED = machine({ running: null }, WRONG, {
  state: { ...OPEN, vault: 'locked' },
  answers: { status: { ...STATUS, vault: 'locked' } },
})
const MISSING = world({
  state: { ...OPEN, host: 'missing', hostVersion: null, hostProtocol: null, vault: null },
})
const MANY_SITES = Array.from({ length: 30 }, (_, at) => `https://site-${at + 1}.example.com/*`)
const KEYS = { _execute_action: 'Alt+Shift+K', 'pause-all': 'Alt+Shift+H' }
const SETTINGS = { ...world({ answers: { 'auto-lock': { minutes: 480 } } }), keys: KEYS }

/** Pictures of both rooms. */
export const DEVICE_SCENES: Scene[] = [
  { name: 'room-devices', page: 'control', hash: '#devices', world: machine({}, FINE) },
  { name: 'room-devices-wrong', page: 'control', hash: '#devices', world: BROKEN },
  {
    name: 'room-devices-ask',
    page: 'control',
    hash: '#devices',
    world: BROKEN,
    act: async (page) => {
      await page.waitForSelector('.device button')
      await page.$eval('.device button', (button) => (button as HTMLElement).click())
    },
  },
  {
    name: 'room-devices-none',
    page: 'control',
    hash: '#devices',
    world: { ...machine({ browsers: [], running: [running({ isThis: true })] }, FINE), reached: [] },
  },
  {
    name: 'room-devices-wide',
    page: 'control',
    hash: '#devices',
    world: {
      ...machine({ host: { ...HOST, launcher: null } }, FINE),
      reached: ['https://*/*', ...MANY_SITES],
    },
  },
  { name: 'room-devices-locked', page: 'control', hash: '#devices', world: LOCKED },
  { name: 'room-devices-missing', page: 'control', hash: '#devices', world: MISSING },
  { name: 'room-devices-narrow', page: 'control', hash: '#devices', width: 360, world: BROKEN },
  { name: 'room-devices-rtl', page: 'control', hash: '#devices', world: { ...BROKEN, rtl: true } },
  { name: 'room-settings', page: 'control', hash: '#settings', world: SETTINGS },
  {
    name: 'room-settings-dark',
    page: 'control',
    hash: '#settings',
    world: { ...SETTINGS, settings: { theme: 'dark', sessionSeconds: 3600, badge: 'asks' } },
  },
  { name: 'room-settings-locked', page: 'control', hash: '#settings', world: { ...LOCKED, keys: KEYS } },
  { name: 'room-settings-narrow', page: 'control', hash: '#settings', width: 360, world: SETTINGS },
  { name: 'room-settings-rtl', page: 'control', hash: '#settings', world: { ...SETTINGS, rtl: true } },
  {
    name: 'popup-theme-light',
    page: 'popup',
    schemes: ['dark'],
    world: { ...world(), settings: { theme: 'light', sessionSeconds: 86_400 } },
  },
]
