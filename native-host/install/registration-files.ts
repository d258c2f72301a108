import { posix, win32 } from 'node:path'
import { HOST_NAME } from '../../shared/protocol/limits.ts'
import { type BrowserLocation, browserLocations, type PlaceEnvironment } from './manifest-locations.ts'

/** The two files of a registration: what the browser reads, and what it starts. */
export interface RegistrationFiles {
  readonly manifest: string
  readonly launcher: string
}

/**
 * Where `install` puts them for a browser. On Windows, where a registry key points at the manifest, both lie beside the
 * vault's folder, once for each family.
 *
 * @param vault its folder.
 */
export function registrationOf(
  location: Pick<BrowserLocation, 'hosts' | 'family'>,
  vault: string,
  platform: NodeJS.Platform,
): RegistrationFiles {
  const { join } = platform === 'win32' ? win32 : posix
  const folder = location.hosts ?? join(vault, '..', 'valetkey-host', location.family)
  return {
    manifest: join(folder, `${HOST_NAME}.json`),
    launcher: join(folder, `${HOST_NAME}.${platform === 'win32' ? 'cmd' : 'sh'}`),
  }
}

/** Those of every browser of the table, each path once, there or not. */
export function allRegistrationFiles(vault: string, place: PlaceEnvironment): string[] {
  const files = browserLocations(place).flatMap((location) => {
    const { manifest, launcher } = registrationOf(location, vault, place.platform)
    return [manifest, launcher]
  })
  return [...new Set(files)]
}
