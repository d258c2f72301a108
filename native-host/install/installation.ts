import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { HOST_NAME } from '../../shared/protocol/limits.ts'
import { Refusal } from '../refusal.ts'
import { hostManifest } from './host-manifest.ts'
import { hostProgram } from './host-program.ts'
import { type LauncherParts, shellLauncher, windowsLauncher } from './launcher.ts'
import { launcherFor } from './launcher-for.ts'
import { type BrowserLocation, browserLocations, type PlaceEnvironment } from './manifest-locations.ts'
import { registrationOf } from './registration-files.ts'
import { setDefaultValue } from './registry.ts'
import { leave, makeFolder, readTraces, type Traces, writeTraces } from './traces.ts'

/** What the owner wants installed. */
export interface InstallWish {
  /** Names of the table; empty: every browser found. */
  readonly browsers: readonly string[]
  /** A profile of its own (`--user-data-dir`), or null. */
  readonly profile: string | null
  readonly extensionIds: readonly string[]
  /** Absolute path of the Node the host runs on. */
  readonly node: string
  /** The vault's folder. */
  readonly vault: string
  /** Path of the running command's script. */
  readonly command: string
}

/** What became of one browser. */
export interface InstallLine {
  browser: string
  label: string
  ok: boolean
  /** Path of the manifest, or what went wrong. */
  message: string
}

/** Where this process stands: the real platform, home and environment. */
export function thisPlace(): PlaceEnvironment {
  return { platform: process.platform, home: process.env.HOME ?? homedir(), env: process.env }
}

/** True where a browser's profile is on this machine. Windows cannot tell: every registry key is written. */
export function isPresent(location: BrowserLocation): boolean {
  return location.profiles.length === 0 || location.profiles.some((profile) => existsSync(profile))
}

/**
 * Register the host with the browsers: a manifest for each, and a launcher beside it. One browser that fails does not
 * keep the others from being registered.
 *
 * The launcher stands beside the manifest and not in the vault's folder, since the host may write there: a host that
 * was taken over must not be able to change how it is started next time.
 *
 * @throws Refusal `unknown` for a browser that is not in the table, `invalid` where no browser is found.
 */
export function install(wish: InstallWish, place: PlaceEnvironment): InstallLine[] {
  const locations = wantedLocations(wish, place)
  const traces = readTraces(wish.vault)
  makeFolder(traces, wish.vault, 0o700)
  const lines = locations.map((location) => installOne(wish, location, place, traces))
  writeTraces(wish.vault, traces)
  return lines
}

function wantedLocations(wish: InstallWish, place: PlaceEnvironment): BrowserLocation[] {
  const all = browserLocations(place)
  for (const name of wish.browsers) {
    if (!all.some((location) => location.name === name)) {
      const known = all.map((location) => location.name).join(', ')
      throw new Refusal('unknown', `there is no browser \`${name}\` on this platform: there are ${known}`)
    }
  }
  const named = all.filter((location) => wish.browsers.includes(location.name))
  if (wish.profile !== null) return [profileLocation(wish.profile, named, all)]
  if (named.length > 0) return named
  const found = all.filter(isPresent)
  if (found.length === 0) {
    throw new Refusal(
      'invalid',
      'no browser was found that was started here before: start yours once and install again, or name it with `--browser`, its profile with `--profile`',
    )
  }
  return found
}

// Chromium reads hosts from the profile it was started with; Gecko browsers read them from the home directory whatever
// the profile.
function profileLocation(
  profile: string,
  named: readonly BrowserLocation[],
  all: readonly BrowserLocation[],
): BrowserLocation {
  const gecko = named.find(({ family }) => family === 'gecko')
  const firefox = all.find(({ name }) => name === 'firefox')
  if (gecko !== undefined) return gecko
  if (firefox !== undefined && existsSync(join(profile, 'prefs.js'))) return firefox
  const [browser] = named
  return {
    name: browser?.name ?? 'profile',
    label: browser?.label ?? 'Chromium profile',
    family: 'chromium',
    profiles: [profile],
    hosts: join(profile, 'NativeMessagingHosts'),
    registryKeys: browser?.registryKeys ?? [],
  }
}

function installOne(
  wish: InstallWish,
  location: BrowserLocation,
  place: PlaceEnvironment,
  traces: Traces,
): InstallLine {
  const about = { browser: location.name, label: location.label }
  try {
    const manifest = writeFor(wish, location, place, traces)
    return { ...about, ok: true, message: manifest }
  } catch (error) {
    const cause =
      error instanceof Refusal ? error.message : ((error as NodeJS.ErrnoException).code ?? 'failed')
    return { ...about, ok: false, message: `could not be written (${cause})` }
  }
}

function writeFor(
  wish: InstallWish,
  location: BrowserLocation,
  place: PlaceEnvironment,
  traces: Traces,
): string {
  const windows = place.platform === 'win32'
  const { manifest, launcher } = registrationOf(location, wish.vault, place.platform)
  const parts = launcherParts(wish, place, [manifest, launcher])
  leave(traces, launcher, windows ? windowsLauncher(parts) : shellLauncher(parts), 0o755)
  leave(traces, manifest, hostManifest(location.family, launcher, wish.extensionIds), 0o644)
  for (const key of location.registryKeys) {
    const name = `HKCU\\Software\\${key}\\${HOST_NAME}`
    setDefaultValue(name, manifest)
    if (!traces.registryKeys.includes(name)) traces.registryKeys.push(name)
  }
  return manifest
}

function launcherParts(wish: InstallWish, place: PlaceEnvironment, own: readonly string[]): LauncherParts {
  const { node, vault, command } = wish
  return launcherFor({ node, vault, program: hostProgram(command) }, place, own)
}
