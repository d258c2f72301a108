import { existsSync } from 'node:fs'
import { installWithApt, isDebianRoot } from '../../scripts/debian-packages.ts'

/** Programs of Debian by the package they come in. */
const TOOLS = { pass: ['/usr/bin/pass', '/usr/bin/gpg'], keepassxc: ['/usr/bin/keepassxc-cli'] } as const

/**
 * True where the programs of a package are there, installed first where that needs nobody's leave. Where they are not, it
 * says so: the tests that need them are skipped.
 */
export function hasTool(name: keyof typeof TOOLS): boolean {
  const isThere = () => TOOLS[name].every((path) => existsSync(path))
  if (!isThere() && process.platform === 'linux' && isDebianRoot()) installWithApt(name)
  if (!isThere())
    process.stderr.write(`skipped, secrets in ${name}: this machine has no ${name} and cannot install it\n`)
  return isThere()
}
