import { missingTools } from '../test/support/debian-tools.ts'
import { installWithApt, isDebianRoot } from './debian-packages.ts'

/**
 * Tests that fetch keys from real password managers need these. Where they can be installed without asking they are;
 * elsewhere those tests skip and say so. Before the tests: a worker of theirs must not be held up that long.
 */
export function installPasswordManagers(say: (line: string) => void): void {
  const missing = missingTools()
  if (missing.length === 0 || process.platform !== 'linux' || !isDebianRoot()) return
  say(`installing ${missing.join(' and ')} with apt-get`)
  installWithApt(...missing)
}
