import { homedir } from 'node:os'
import { basename, dirname } from 'node:path'
import { say } from '../../shared/model/said.ts'
import { HOST_NAME } from '../../shared/protocol/limits.ts'
import { type Finding, good, notable } from './finding.ts'
import { browserLocations } from './manifest-locations.ts'
import { readTraces } from './traces.ts'

/**
 * The browsers that `valetkey install` has registered this vault's host with, by its own record in the vault's folder: for a host, which
 * may read no other folder. Whether each manifest is still as it was is for `doctor` on the command line to see.
 */
export function registeredBrowsers(vault: string): Finding[] {
  const { files, registryKeys } = readTraces(vault)
  const manifests = Object.keys(files).filter((file) => basename(file) === `${HOST_NAME}.json`)
  if (manifests.length === 0 && registryKeys.length === 0)
    return [notable('browsers', 'no browser was registered from this folder', 'valetkey install')]
  const home = process.env.HOME ?? homedir()
  const known = browserLocations({ platform: process.platform, home, env: process.env })
  return manifests.map((file) => {
    const folder = dirname(file)
    const browser = known.find(({ hosts }) => hosts === folder)
    if (browser !== undefined) return good(`browser:${browser.name}`, say`registered with ${browser.label}`)
    return good('profile', say`registered in \`${folder}\``)
  })
}
