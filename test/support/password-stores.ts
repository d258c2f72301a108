import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** A program of Debian that keeps keys, and what has to be said to it for one of them. */
export interface PasswordStore {
  readonly argv: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Ends what runs in the background for it. */
  close(): void
}

/** Master password of the databases made here. */
export const MASTER = 'the-password-of-the-database'

/** A store of `pass` with one key, encrypted to a key of GnuPG's that is made for it. @throws Error with what a program said. */
export function passStore(folder: string, key: string): PasswordStore {
  const environment = { GNUPGHOME: join(folder, 'gpg'), PASSWORD_STORE_DIR: join(folder, 'store') }
  mkdirSync(environment.GNUPGHOME, { mode: 0o700 })
  const owner = 'test@example.invalid'
  const close = () => run('gpgconf', ['--kill', 'all'], folder, '', environment)
  const made = ['--batch', '-q', '--passphrase', '', '--quick-gen-key', owner, 'default', 'default']
  try {
    run('gpg', made, folder, '', environment)
    run('pass', ['init', owner], folder, '', environment)
    run('pass', ['insert', '-m', 'api/some service'], folder, `${key}\nlogin: somebody\n`, environment)
  } catch (failure) {
    close()
    throw failure
  }
  return { argv: ['pass', 'show', 'api/some service'], environment, close }
}

/** A database of KeePassXC with one key; its program wants {@link MASTER} on its stdin. @throws Error with what it said. */
export function keePassDatabase(folder: string, key: string): PasswordStore {
  const database = join(folder, 'keys.kdbx')
  run('keepassxc-cli', ['db-create', '-q', '-p', database], folder, `${MASTER}\n${MASTER}\n`)
  run('keepassxc-cli', ['add', '-q', '-p', database, 'api'], folder, `${MASTER}\n${key}\n`)
  const argv = ['keepassxc-cli', 'show', '-q', '-s', '-a', 'Password', database, 'api']
  return { argv, environment: {}, close: () => {} }
}

function run(program: string, args: string[], home: string, input: string, environment = {}): void {
  const env = { PATH: '/usr/bin:/bin', HOME: home, ...environment }
  const ran = spawnSync(program, args, { env, input, encoding: 'utf8', timeout: 60_000 })
  if (ran.status !== 0) throw new Error(`${program} ${args[0]} ended with ${ran.status}: ${ran.stderr}`)
}
