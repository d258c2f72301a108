import { join } from 'node:path'
import { buildAll } from '../../scripts/build.ts'
import type { BrowserName } from '../../scripts/find-browser.ts'
import { launchChromium } from './chromium.ts'
import { type CommandLine, type CommandRun, commandLine } from './command-line.ts'
import type { Driver, LaunchOptions } from './driver.ts'
import { launchFirefox } from './firefox.ts'
import { type TemporaryHome, temporaryHome } from './temporary-home.ts'
import { tapWire } from './wire-tap.ts'

/** The built product on a machine of its own: a vault, a registered host, and a browser with the extension. */
export interface Stage {
  readonly browserName: BrowserName
  readonly home: TemporaryHome
  readonly valetkey: CommandLine
  readonly driver: Driver
  /** Opens the vault, where {@link StageOptions.withPassphrase} says so. */
  readonly passphrase: string
  /** File with every frame of the native wire, both directions; null where it was not recorded. */
  readonly wire: string | null
  /** Everything the command printed so far, one text. */
  transcript(): string
  /** Close the browser, lock the vault (so that no process holds its key) and remove the folders. */
  close(): Promise<void>
}

export interface StageOptions {
  browser: BrowserName
  /** Origins the extension may run on from the start, in the browser's eyes. */
  grantedOrigins?: readonly string[]
  /** See `LaunchOptions`. */
  givenWhenAsked?: readonly string[]
  headful?: boolean
  /** See `LaunchOptions`. */
  asksPermission?: boolean
  /** Environment of the browser, `HOME` aside. Default: this process's. */
  env?: Record<string, string>
  /** See `LaunchOptions`. */
  languages?: string
  /** Further switches for the browser. */
  args?: readonly string[]
  /** See `LaunchOptions`. */
  isUnwatched?: boolean
  /** See `LaunchOptions`. */
  keepsSignals?: boolean
  /** Folder of another build of the extension, to compare with. Default: this tree's. */
  extension?: string
  /** Leave the vault out: as on a machine where only the extension and the host are there. */
  withoutVault?: boolean
  /**
   * The vault opens by {@link Stage.passphrase} and not by a key file. A passphrase is stretched for a second of the processor, by
   * intent, which suites that never lock their vault need not wait for.
   */
  withPassphrase?: boolean
  /** Leave the host unregistered. */
  withoutHost?: boolean
  /** Write down what passes between browser and host, for {@link Stage.wire}. */
  recordWire?: boolean
  /** Told what is being done, for a person who waits. */
  say?: (line: string) => void
}

/** Build what changed and set everything up, through the command as a user would. */
export async function setUpStage(options: StageOptions): Promise<Stage> {
  const { browser, say = () => {} } = options
  const built = await buildAll({ targets: [browser === 'chromium' ? 'chrome' : 'firefox', 'host'], say })
  const home = await temporaryHome()
  const spoken: string[] = []
  const watch = (args: readonly string[], run: CommandRun) =>
    spoken.push(`$ valetkey ${args.join(' ')}`, run.stdout, run.stderr)
  const valetkey = commandLine(home.env, watch)
  const passphrase = 'correct horse battery staple 42'
  try {
    if (options.withPassphrase === true) await valetkey.ask(['init', '--passphrase-stdin'], `${passphrase}\n`)
    else if (options.withoutVault !== true)
      await valetkey.ask(['init', '--key-file', join(home.home, 'vault-key')])
    if (options.withoutHost !== true) await valetkey.ask(installArguments(browser, home))
    const record = options.recordWire === true && process.platform !== 'win32'
    const wire = record ? await tapWire(hostManifest({ browserName: browser, home }), home.home) : null
    const launch: LaunchOptions = {
      extension: options.extension ?? (browser === 'chromium' ? built.chrome : built.firefox),
      profile: home.profile,
      home: home.home,
      grantedOrigins: options.grantedOrigins ?? [],
      givenWhenAsked: options.givenWhenAsked ?? [],
      headful: options.headful ?? false,
      asksPermission: options.asksPermission ?? false,
      args: options.args ?? [],
      isUnwatched: options.isUnwatched ?? false,
      keepsSignals: options.keepsSignals ?? false,
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.languages === undefined ? {} : { languages: options.languages }),
    }
    const driver = await (browser === 'chromium' ? launchChromium(launch) : launchFirefox(launch))
    const close = () => closeStage(driver, valetkey, home)
    return {
      browserName: browser,
      home,
      valetkey,
      driver,
      passphrase,
      wire,
      transcript: () => spoken.join('\n'),
      close,
    }
  } catch (error) {
    await valetkey.run(['lock'])
    await home.remove()
    throw error
  }
}

/** Chromium looks below its profile when that is not the usual one; Firefox always below the home folder. */
export function installArguments(browser: BrowserName, home: TemporaryHome): string[] {
  return browser === 'chromium'
    ? ['install', '--browser', 'chromium', '--profile', home.profile]
    : ['install', '--browser', 'firefox']
}

/** Where the host's manifest is for the stage's browser. */
export function hostManifest(stage: Pick<Stage, 'browserName' | 'home'>): string {
  const { home, profile } = stage.home
  return stage.browserName === 'chromium'
    ? join(profile, 'NativeMessagingHosts', 'org.valetkey.host.json')
    : join(home, '.mozilla', 'native-messaging-hosts', 'org.valetkey.host.json')
}

async function closeStage(driver: Driver, valetkey: CommandLine, home: TemporaryHome): Promise<void> {
  await driver.close().catch(() => {})
  await valetkey.run(['lock'])
  await home.remove()
}
