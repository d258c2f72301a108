import { isAbsolute, join } from 'node:path'

/** Which manifest a browser reads: `allowed_origins` or `allowed_extensions`. */
export type BrowserFamily = 'chromium' | 'gecko'

/**
 * Where one browser keeps its profile and looks for native hosts, by platform. Linux paths of Chromium browsers are
 * below `$XDG_CONFIG_HOME` (default `~/.config`), those of Gecko browsers below the home directory; macOS paths below
 * `~/Library/Application Support`; Windows has keys below `HKCU\Software`.
 */
interface BrowserPlace {
  readonly name: string
  readonly label: string
  readonly family: BrowserFamily
  /** Profile folder and hosts folder. */
  readonly linux?: { profile: string; hosts: string }
  readonly mac?: { profile: string; hosts: string }
  readonly windows?: readonly string[]
}

const chromium = (
  name: string,
  label: string,
  linux: string,
  mac: string,
  windows: readonly string[],
): BrowserPlace => ({
  name,
  label,
  family: 'chromium',
  linux: { profile: linux, hosts: `${linux}/NativeMessagingHosts` },
  mac: { profile: mac, hosts: `${mac}/NativeMessagingHosts` },
  windows: windows.map((key) => `${key}\\NativeMessagingHosts`),
})

// Gecko builds find user manifests in their legacy folder, also where profiles moved below ~/.config (Firefox 147).
const gecko = (
  name: string,
  label: string,
  linux: string,
  mac: string,
  windows: readonly string[],
): BrowserPlace => ({
  name,
  label,
  family: 'gecko',
  linux: { profile: linux, hosts: `${linux}/native-messaging-hosts` },
  mac: { profile: mac, hosts: `${mac}/NativeMessagingHosts` },
  windows: windows.map((key) => `${key}\\NativeMessagingHosts`),
})

const GOOGLE = 'Google\\Chrome'
const TOR_LINUX = '.local/share/torbrowser/tbb/x86_64/tor-browser/Browser/TorBrowser/Data/Browser/.mozilla'

/** For browsers that one platform has. */
const onMac = ({ linux: _, ...place }: BrowserPlace): BrowserPlace => place
const onLinux = ({ mac: _, windows: __, ...place }: BrowserPlace): BrowserPlace => place

/**
 * Every browser we register with. Sources: Chrome for Developers "Native messaging", Extension Workshop "Native
 * manifests", Microsoft Edge "Native messaging", and the install lists of other native-messaging hosts. Most Chromium
 * relatives on Windows read Chrome's own key.
 */
export const BROWSERS: readonly BrowserPlace[] = [
  chromium('chrome', 'Google Chrome', 'google-chrome', 'Google/Chrome', [GOOGLE]),
  chromium('chrome-beta', 'Google Chrome Beta', 'google-chrome-beta', 'Google/Chrome Beta', [GOOGLE]),
  chromium('chrome-dev', 'Google Chrome Dev', 'google-chrome-unstable', 'Google/Chrome Dev', [GOOGLE]),
  chromium('chrome-canary', 'Google Chrome Canary', 'google-chrome-canary', 'Google/Chrome Canary', [GOOGLE]),
  {
    ...chromium(
      'chrome-for-testing',
      'Chrome for Testing',
      'google-chrome-for-testing',
      'Google/ChromeForTesting',
      ['Google\\Chrome for Testing', GOOGLE],
    ),
  },
  chromium('chromium', 'Chromium', 'chromium', 'Chromium', ['Chromium', GOOGLE]),
  // Elsewhere it has Chromium's own folders and keys.
  onLinux(chromium('ungoogled-chromium', 'Ungoogled Chromium', 'ungoogled-chromium', '', [])),
  chromium('brave', 'Brave', 'BraveSoftware/Brave-Browser', 'BraveSoftware/Brave-Browser', [
    'BraveSoftware\\Brave-Browser',
    GOOGLE,
  ]),
  chromium(
    'brave-beta',
    'Brave Beta',
    'BraveSoftware/Brave-Browser-Beta',
    'BraveSoftware/Brave-Browser-Beta',
    ['BraveSoftware\\Brave-Browser', GOOGLE],
  ),
  chromium(
    'brave-nightly',
    'Brave Nightly',
    'BraveSoftware/Brave-Browser-Nightly',
    'BraveSoftware/Brave-Browser-Nightly',
    ['BraveSoftware\\Brave-Browser', GOOGLE],
  ),
  chromium('brave-origin', 'Brave Origin', 'BraveSoftware/Brave-Origin', 'BraveSoftware/Brave-Origin', [
    'BraveSoftware\\Brave-Browser',
    GOOGLE,
  ]),
  chromium('edge', 'Microsoft Edge', 'microsoft-edge', 'Microsoft Edge', ['Microsoft\\Edge']),
  chromium('edge-beta', 'Microsoft Edge Beta', 'microsoft-edge-beta', 'Microsoft Edge Beta', [
    'Microsoft\\Edge',
  ]),
  chromium('edge-dev', 'Microsoft Edge Dev', 'microsoft-edge-dev', 'Microsoft Edge Dev', ['Microsoft\\Edge']),
  chromium('edge-canary', 'Microsoft Edge Canary', 'microsoft-edge-canary', 'Microsoft Edge Canary', [
    'Microsoft\\Edge',
  ]),
  chromium('vivaldi', 'Vivaldi', 'vivaldi', 'Vivaldi', ['Vivaldi', GOOGLE]),
  chromium('vivaldi-snapshot', 'Vivaldi Snapshot', 'vivaldi-snapshot', 'Vivaldi Snapshot', [
    'Vivaldi',
    GOOGLE,
  ]),
  chromium('opera', 'Opera', 'opera', 'com.operasoftware.Opera', [GOOGLE]),
  onMac(chromium('arc', 'Arc', '', 'Arc/User Data', [GOOGLE])),
  chromium('helium', 'Helium', 'net.imput.helium', 'net.imput.helium', [GOOGLE]),
  chromium('yandex', 'Yandex Browser', 'yandex-browser', 'Yandex/YandexBrowser', [GOOGLE]),
  chromium('iridium', 'Iridium', 'iridium', 'Iridium', ['Chromium', GOOGLE]),
  gecko('firefox', 'Firefox', '.mozilla', 'Mozilla', ['Mozilla']),
  gecko('librewolf', 'LibreWolf', '.librewolf', 'librewolf', ['LibreWolf', 'Mozilla']),
  gecko('waterfox', 'Waterfox', '.waterfox', 'Waterfox', ['Waterfox', 'Mozilla']),
  gecko('zen', 'Zen', '.zen', 'zen', ['Mozilla']),
  // The folder of torbrowser-launcher; a bundle unpacked elsewhere cannot be found.
  gecko('tor', 'Tor Browser', TOR_LINUX, 'TorBrowser-Data/Browser/Mozilla', ['Mozilla']),
]

/** The part of the environment that places depend on. */
export interface PlaceEnvironment {
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** One browser as it stands on this machine. */
export interface BrowserLocation {
  readonly name: string
  readonly label: string
  readonly family: BrowserFamily
  /** Folders whose presence says that the browser is here. Empty on Windows. */
  readonly profiles: readonly string[]
  /** Folder the manifest goes to; null on Windows, where a registry key points at it. */
  readonly hosts: string | null
  /** Registry keys below `HKCU\Software`. Empty elsewhere. */
  readonly registryKeys: readonly string[]
}

/** Every browser of the table that this platform has. */
export function browserLocations(place: PlaceEnvironment): BrowserLocation[] {
  return BROWSERS.flatMap((browser) => {
    const location = locate(browser, place)
    return location === null ? [] : [location]
  })
}

function locate(browser: BrowserPlace, place: PlaceEnvironment): BrowserLocation | null {
  const { name, label, family } = browser
  const about = { name, label, family }
  if (place.platform === 'win32') {
    if (browser.windows === undefined) return null
    return { ...about, profiles: [], hosts: null, registryKeys: browser.windows }
  }
  const paths = place.platform === 'darwin' ? browser.mac : browser.linux
  if (paths === undefined) return null
  const base = baseFolder(family, place)
  const profiles = [join(base, paths.profile)]
  // Profiles may live here alone; the manifests stay in the legacy folder all the same.
  if (name === 'firefox' && place.platform !== 'darwin') profiles.push(join(configFolder(place), 'mozilla'))
  return { ...about, profiles, hosts: join(base, paths.hosts), registryKeys: [] }
}

function baseFolder(family: BrowserFamily, place: PlaceEnvironment): string {
  if (place.platform === 'darwin') return join(place.home, 'Library', 'Application Support')
  return family === 'gecko' ? place.home : configFolder(place)
}

function configFolder(place: PlaceEnvironment): string {
  const xdg = place.env.XDG_CONFIG_HOME
  return xdg !== undefined && isAbsolute(xdg) ? xdg : join(place.home, '.config')
}
