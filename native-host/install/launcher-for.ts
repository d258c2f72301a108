import { isAbsolute } from 'node:path'
import type { LauncherParts } from './launcher.ts'
import type { PlaceEnvironment } from './manifest-locations.ts'
import { allRegistrationFiles } from './registration-files.ts'

/**
 * Everything the launcher of one registration holds. Also for comparing: one that is there and says something else belongs to
 * another version or another installation.
 *
 * @param own manifest and launcher of the registration itself, which may lie in a profile that no table has.
 */
export function launcherFor(
  parts: Pick<LauncherParts, 'node' | 'program' | 'vault'>,
  place: PlaceEnvironment,
  own: readonly string[],
): LauncherParts {
  const config = place.env.XDG_CONFIG_HOME
  const registrations = [...new Set([...allRegistrationFiles(parts.vault, place), ...own])]
  const configHome = config !== undefined && isAbsolute(config) ? config : undefined
  return { ...parts, home: place.home, registrations, configHome }
}
