import { existsSync } from 'node:fs'

/** Programs of Debian by the package they come in. */
const TOOLS = { pass: ['/usr/bin/pass', '/usr/bin/gpg'], keepassxc: ['/usr/bin/keepassxc-cli'] } as const
type Tool = keyof typeof TOOLS

const isThere = (name: Tool) => TOOLS[name].every((path) => existsSync(path))

/** Packages whose programs are not there. */
export function missingTools(): string[] {
  return (Object.keys(TOOLS) as Tool[])
    .filter((name) => !isThere(name))
    .flatMap((name) => (name === 'pass' ? ['pass', 'gnupg'] : [name]))
}

/** True where the programs of a package are there. Where they are not, it says so: the tests that need them are skipped. */
export function hasTool(name: Tool): boolean {
  if (!isThere(name)) process.stderr.write(`skipped, secrets in ${name}: this machine has no ${name}\n`)
  return isThere(name)
}
