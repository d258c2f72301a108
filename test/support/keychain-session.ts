import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from './eventually.ts'

const NEEDED = ['dbus-run-session', 'dbus-send', 'gnome-keyring-daemon', 'secret-tool']

/** True where a keychain can be had. Where none can, it says so: the tests that need one are skipped. */
export function hasKeychain(): boolean {
  const missing =
    process.platform === 'linux'
      ? NEEDED.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
      : NEEDED
  if (missing.length > 0)
    process.stderr.write(
      `skipped, secrets in the keychain: this machine has no ${missing.join(' and no ')}\n`,
    )
  return missing.length === 0
}

/** The session of a user who has logged in: a bus of its own and an unlocked GNOME keyring on it, both for real. */
export class KeychainSession {
  /** What programs of the session have in their environment. */
  readonly variables: Record<string, string>
  readonly #process: ChildProcess
  readonly #home: string
  readonly #exited: Promise<void>

  private constructor(child: ChildProcess, home: string, variables: Record<string, string>) {
    this.#process = child
    this.#home = home
    this.variables = variables
    this.#exited = new Promise((resolve) => child.once('close', () => resolve()))
  }

  /** @param folder where it keeps its files, below a new folder. */
  static async start(folder: string): Promise<KeychainSession> {
    const home = join(folder, 'session')
    const run = join(home, 'run')
    for (const each of [home, run]) mkdirSync(each, { mode: 0o700 })
    const script =
      'printf "password\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null && echo "$DBUS_SESSION_BUS_ADDRESS" && exec cat >/dev/null'
    const child = spawn('dbus-run-session', ['--', 'sh', '-c', script], {
      env: { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: run },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const isUp = (text: string) => text.endsWith('\n')
    const up = eventually('there is a keychain', () => said, isUp, 60_000)
    const address = (await up.finally(() => isUp(said) || child.kill())).trim()
    return new KeychainSession(child, home, { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: run })
  }

  /** Put an entry into it, as its owner does. */
  put(service: string, account: string, secret: string): void {
    this.#run('secret-tool', ['store', '--label=of a test', 'service', service, 'username', account], secret)
  }

  /** Lock it. There is no screen on which its owner could be asked. */
  lock(): void {
    const path = '/org/freedesktop/secrets'
    const method = ['--type=method_call', '--print-reply', path, 'org.freedesktop.Secret.Service.Lock']
    const locked = `array:objpath:${path}/collection/login`
    this.#run('dbus-send', ['--session', '--dest=org.freedesktop.secrets', ...method, locked])
  }

  /** End it: bus and keyring end with the program that was started on them. */
  async end(): Promise<void> {
    this.#process.stdin?.end()
    await this.#exited
  }

  #run(program: string, args: string[], input = ''): void {
    const env = { PATH: process.env.PATH, HOME: this.#home, ...this.variables }
    const { status } = spawnSync(program, args, { env, input, timeout: 60_000 })
    if (status !== 0) throw new Error(`${program} ended with ${status}`)
  }
}
