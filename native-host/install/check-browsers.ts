import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { HOST_NAME } from '../../shared/protocol/limits.ts'
import { VERSION } from '../version.ts'
import { checkManifest, type ManifestToCheck } from './check-manifest.ts'
import { broken, type Finding, good, notable } from './finding.ts'
import { isPresent } from './installation.ts'
import { type BrowserLocation, browserLocations, type PlaceEnvironment } from './manifest-locations.ts'
import { defaultValue } from './registry.ts'
import { sandboxedBrowsers } from './sandboxed-browsers.ts'
import { sayHello } from './say-hello.ts'
import { readTraces } from './traces.ts'

/** Every browser on this machine: would it find the host, and does what it would start say hello? */
export async function checkBrowsers(vault: string, place: PlaceEnvironment): Promise<Finding[]> {
  const manifests = manifestsOf(vault, place)
  const findings: Finding[] = sandboxedBrowsers(place.home).map((message) =>
    notable('sandbox', message, null),
  )
  if (manifests.length === 0) {
    const message = 'no browser was found that was started here before: start yours once, or name it'
    findings.push(broken('browsers', message, 'valetkey install --browser NAME'))
  }
  for (const manifest of manifests) {
    const { finding, launcher } = checkManifest(manifest)
    findings.push(launcher === null ? finding : await checkStart(manifest, finding, launcher))
  }
  return findings
}

async function checkStart(
  manifest: ManifestToCheck,
  registered: Finding,
  launcher: string,
): Promise<Finding> {
  const answer = await sayHello(launcher, VERSION)
  if ('fault' in answer) {
    return broken(
      manifest.check,
      `${manifest.label}: the host was started, but ${answer.fault}`,
      manifest.mend,
    )
  }
  if (answer.version !== VERSION) {
    const message = `${manifest.label}: it starts version ${answer.version}, this command is ${VERSION}`
    return notable(manifest.check, message, manifest.mend)
  }
  return good(manifest.check, `${registered.message}, and the host says hello`)
}

function manifestsOf(vault: string, place: PlaceEnvironment): ManifestToCheck[] {
  const locations = browserLocations(place).filter(isPresent)
  const known = locations.flatMap((location) => {
    const file = fileOf(location)
    return file === null ? [] : [manifestAt(location, file)]
  })
  return [...known, ...profileManifests(vault, known)]
}

function fileOf(location: BrowserLocation): string | null {
  if (location.hosts !== null) return join(location.hosts, `${HOST_NAME}.json`)
  const [key] = location.registryKeys
  return key === undefined ? null : defaultValue(`HKCU\\Software\\${key}\\${HOST_NAME}`)
}

function manifestAt(location: BrowserLocation, file: string): ManifestToCheck {
  const { name, label, family } = location
  return { check: `browser:${name}`, label, family, file, mend: `valetkey install --browser ${name}` }
}

/** Profiles of their own that an installation wrote to. */
function profileManifests(vault: string, known: readonly ManifestToCheck[]): ManifestToCheck[] {
  const files = Object.keys(readTraces(vault).files).filter((file) => basename(file) === `${HOST_NAME}.json`)
  return files
    .filter((file) => !known.some((manifest) => manifest.file === file))
    .filter((file) => existsSync(dirname(dirname(file))))
    .map((file) => {
      const profile = dirname(dirname(file))
      const mend = `valetkey install --profile ${profile}`
      return { check: 'profile', label: `Profile ${profile}`, family: 'chromium', file, mend } as const
    })
}
