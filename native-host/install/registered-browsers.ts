import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { type Said, say } from '../../shared/model/said.ts'
import type { RegisteredBrowser } from '../../shared/protocol/device-commands.ts'
import { HOST_NAME } from '../../shared/protocol/limits.ts'
import { CHROMIUM_ID, GECKO_ID } from './extension-id.ts'
import { broken, type Finding, good, notable } from './finding.ts'
import type { HostProcess } from './host-process.ts'
import { shellLauncher, windowsLauncher } from './launcher.ts'
import { launcherFor } from './launcher-for.ts'
import { judgeManifest } from './manifest-fault.ts'
import { type BrowserFamily, browserLocations } from './manifest-locations.ts'
import { registrationOf } from './registration-files.ts'
import { readTraces } from './traces.ts'

interface Candidate {
  readonly name: string
  readonly label: string | null
  readonly family: BrowserFamily
  readonly manifest: string
  /** `valetkey install` wrote it, by its own record in the vault's folder. */
  readonly wasWritten: boolean
}

/**
 * The browsers that would start this host, or did when it was installed, as far as a host sees it: it may read the manifests
 * and launchers of the browsers of the table, by its launcher's leave, and start nothing. Whether what they start says hello is for
 * `doctor` on the command line.
 */
export function registeredBrowsers(host: HostProcess): RegisteredBrowser[] {
  return candidatesOf(host)
    .filter(({ wasWritten, manifest }) => wasWritten || (host.mayRead(manifest) && existsSync(manifest)))
    .map((candidate) => ({
      name: candidate.name,
      label: candidate.label,
      manifest: host.shortened(candidate.manifest),
      isThis: host.launcher !== null && host.launcher === launcherBeside(candidate, host),
      finding: look(candidate, host),
    }))
}

/** The same as findings, and one where there is none. */
export function checkRegistrations(host: HostProcess): Finding[] {
  const browsers = registeredBrowsers(host)
  if (browsers.length > 0) return browsers.map(({ finding }) => finding)
  return [notable('browsers', 'no browser was registered from this folder', 'valetkey install')]
}

function candidatesOf(host: HostProcess): Candidate[] {
  const { vault, place } = host
  const written = Object.keys(readTraces(vault).files).filter(
    (file) => basename(file) === `${HOST_NAME}.json`,
  )
  const known = browserLocations(place).map(({ name, label, family, hosts }) => {
    const { manifest } = registrationOf({ hosts, family }, vault, place.platform)
    return { name, label, family, manifest, wasWritten: written.includes(manifest) }
  })
  const elsewhere = written.filter((file) => !known.some(({ manifest }) => manifest === file))
  const profiles = elsewhere.map((manifest) => {
    return { name: 'profile', label: null, family: 'chromium', manifest, wasWritten: true } as const
  })
  // On Windows browsers share a manifest: it is shown once.
  return [...known, ...profiles].filter(
    (one, at, all) => all.findIndex(({ manifest }) => manifest === one.manifest) === at,
  )
}

function launcherBeside({ manifest, family }: Candidate, { vault, place }: HostProcess): string {
  return registrationOf({ hosts: dirname(manifest), family }, vault, place.platform).launcher
}

function look(candidate: Candidate, host: HostProcess): Finding {
  const { name, manifest, family } = candidate
  const check = name === 'profile' ? name : `browser:${name}`
  const mend = mendOf(candidate, host)
  if (!host.mayRead(manifest)) return good(check, registered(candidate))
  const label = candidate.label ?? dirname(dirname(manifest))
  const mayRead = (path: string) => host.mayRead(path)
  const verdict = judgeManifest({ label, family, file: manifest }, extensionFor(family, host), mayRead)
  if ('fault' in verdict) return broken(check, verdict.fault, mend)
  const isOwn = isOfThisHost(verdict.launcher, manifest, host)
  if (!isOwn) {
    const message = say`${label}: its launcher is of another version or another installation than this host`
    return notable(check, message, mend)
  }
  return good(check, registered(candidate))
}

function registered({ label, manifest }: Candidate): Said {
  return label === null ? say`registered in \`${dirname(manifest)}\`` : say`registered with ${label}`
}

function mendOf({ name, manifest, family }: Candidate, host: HostProcess): string {
  const extension = extensionFor(family, host)
  const where = name === 'profile' ? `--profile ${dirname(dirname(manifest))}` : `--browser ${name}`
  const further = [GECKO_ID, CHROMIUM_ID].includes(extension) ? '' : ` --extension-id ${extension}`
  return `valetkey install ${where}${further}`
}

/** The extension that is asking, in browsers of its family; ours in the others. */
function extensionFor(family: BrowserFamily, { extension }: HostProcess): string {
  if (family === 'gecko') return GECKO_ID
  return extension === null || extension.includes('@') ? CHROMIUM_ID : extension
}

/** True where `valetkey install` of this host would write the launcher as it is. */
function isOfThisHost(launcher: string, manifest: string, host: HostProcess): boolean {
  const parts = launcherFor(host, host.place, [manifest, launcher])
  const text = host.place.platform === 'win32' ? windowsLauncher(parts) : shellLauncher(parts)
  try {
    return readFileSync(launcher, 'utf8') === text
  } catch {
    // It went away since it was looked at: the next look says so.
    return false
  }
}
