import { accessSync, constants } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { installWithApt, isDebianRoot } from './debian-packages.ts'

/** Browsers the tests and `npm start` drive. */
export type BrowserName = 'chromium' | 'firefox'

/** Programs that are the browser, in the order they are tried. Branded Chrome is last: it ignores `--load-extension`. */
const PROGRAMS: Record<BrowserName, readonly string[]> = {
  chromium: ['chromium', 'chromium-browser', 'ungoogled-chromium', 'google-chrome-for-testing'],
  firefox: ['firefox-esr', 'firefox', 'firefox-developer-edition'],
}

/** Where installers put them when they are not on the path. */
const PLACES: Record<BrowserName, readonly string[]> = {
  chromium: ['/usr/lib/chromium/chromium', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
  firefox: [
    '/usr/lib/firefox-esr/firefox-esr',
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  ],
}

const OVERRIDES: Record<BrowserName, string> = {
  chromium: 'VALETKEY_CHROMIUM',
  firefox: 'VALETKEY_FIREFOX',
}

/**
 * Path of a browser's program: the one that `VALETKEY_CHROMIUM` or `VALETKEY_FIREFOX` names, else one that is installed.
 * Where there is none it is installed: by the system's packages on Debian as root, elsewhere by `@puppeteer/browsers`
 * into the user's cache folder.
 *
 * @param say told before something is downloaded.
 * @throws Error with what to do where no browser could be had.
 */
export async function findBrowser(
  name: BrowserName,
  say: (line: string) => void = () => {},
): Promise<string> {
  const found = installedBrowser(name)
  if (found !== null) return found
  if (isDebianRoot()) {
    say(`installing ${name} with apt-get`)
    installWithApt(name === 'chromium' ? 'chromium' : 'firefox-esr')
    const fresh = installedBrowser(name)
    if (fresh !== null) return fresh
  }
  say(`downloading ${name} with @puppeteer/browsers`)
  return await download(name)
}

/** Path of a browser that is there already, or null. */
function installedBrowser(name: BrowserName): string | null {
  const override = process.env[OVERRIDES[name]]
  if (override !== undefined && override !== '') {
    if (!isExecutable(override))
      throw new Error(`${OVERRIDES[name]} names \`${override}\`, which cannot be run`)
    return override
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const candidates = PROGRAMS[name].flatMap((program) => folders.map((folder) => join(folder, program)))
  return [...candidates, ...PLACES[name]].find(isExecutable) ?? null
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function download(name: BrowserName): Promise<string> {
  const { Browser, detectBrowserPlatform, install, resolveBuildId } = await import('@puppeteer/browsers')
  const browser = name === 'chromium' ? Browser.CHROME : Browser.FIREFOX
  const platform = detectBrowserPlatform()
  if (platform === undefined) throw new Error(`install ${name} and set ${OVERRIDES[name]} to its program`)
  const cacheDir = join(homedir(), '.cache', 'valetkey-browsers')
  const buildId = await resolveBuildId(browser, platform, 'stable')
  return (await install({ browser, platform, buildId, cacheDir })).executablePath
}
