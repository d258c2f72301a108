import { readFileSync } from 'node:fs'

/**
 * `node keychain-program.ts get|set|delete|find ACCOUNT`: the only place that loads the keychain's addon. Short-lived, so
 * that native code never shares a process with an unlocked vault. The value is base64 on stdin or stdout; nothing is
 * written where there is none. `find` reads the names of any entry from stdin, as JSON. Ends with 0 done, 1 the keychain failed, 2 wrong usage.
 */
const SERVICE = 'Valet Key'

const [verb, account] = process.argv.slice(2)

try {
  process.exitCode = account === undefined ? 2 : await run(verb, account)
} catch {
  // What the system says may hold names; the parent says what there is to say.
  process.exitCode = 1
}

async function run(verb: string | undefined, account: string): Promise<number> {
  const { Entry } = await import('@napi-rs/keyring')
  const [service, name] =
    verb === 'find' ? (JSON.parse(readFileSync(0, 'utf8')) as [string, string]) : [SERVICE, account]
  // On Linux the addon would else fall back to the kernel's keyring, which forgets at the next boot.
  const entry = new Entry(service, name, { linux: { store: 'secret-service' } })
  switch (verb) {
    case 'find':
    case 'get': {
      const value = entry.getSecret()
      if (value !== null) process.stdout.write(Buffer.from(value).toString('base64'))
      return 0
    }
    case 'set':
      entry.setSecret(Buffer.from(readFileSync(0, 'latin1'), 'base64'))
      return 0
    case 'delete':
      entry.deleteCredential()
      return 0
    default:
      return 2
  }
}
