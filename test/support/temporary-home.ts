import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Folders of one test, so that nothing touches the real home, vault or browser profile of whoever runs it. */
export interface TemporaryHome {
  /** For `HOME`: Firefox looks for native hosts below it. */
  readonly home: string
  /** For `VALETKEY_HOME`. Does not exist yet, as on a new machine. */
  readonly valetKeyHome: string
  /** For the browser's profile. */
  readonly profile: string
  /** Environment of the test's processes: this one's, with the folders above in it. */
  readonly env: Record<string, string>
  /** Remove everything. */
  remove(): Promise<void>
}

/** Make the folders of one test below the system's temporary folder. */
export async function temporaryHome(): Promise<TemporaryHome> {
  const root = await mkdtemp(join(tmpdir(), 'valetkey-test-'))
  const home = join(root, 'home')
  const profile = join(root, 'profile')
  await mkdir(home)
  await mkdir(profile)
  const valetKeyHome = join(root, 'valetkey')
  const { XDG_CONFIG_HOME: _config, XDG_DATA_HOME: _shared, ...inherited } = process.env
  const env = Object.fromEntries(
    Object.entries({ ...inherited, HOME: home, VALETKEY_HOME: valetKeyHome }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  )
  const remove = () => rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  return { home, valetKeyHome, profile, env, remove }
}
