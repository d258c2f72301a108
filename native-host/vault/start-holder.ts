import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { Refusal } from '../refusal.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from './keys.ts'
import { lockEpoch } from './lock.ts'

/** The holder says this on its stdout once it offers the key or knows that another process does. */
export const HOLDER_READY = 'ready\n'

/**
 * Start the process that holds the data key after this one has ended, and wait until it offers it.
 *
 * SECURITY: the key reaches it over its stdin pipe. Arguments and environment are readable by others and hold nothing.
 *
 * @param epoch the lock's epoch from before the vault was opened: a lock raised since then ends the holder at once.
 * @throws Refusal `internal` where it does not start.
 */
export async function startHolder(home: string, keys: VaultKeys, epoch: number): Promise<void> {
  const script = realpathSync(process.argv[1] ?? '')
  const args = [...nodeFlags(), script, 'holder', '--home', home, '--epoch', String(epoch)]
  const [program, rest] = coreless(process.execPath, args)
  const child = spawn(program, rest, {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: bareEnvironment(),
  })
  const ready = new Promise<boolean>((resolve) => {
    child.stdout.once('data', (said: Buffer) => resolve(said.toString() === HOLDER_READY))
    child.once('exit', () => resolve(false))
    child.once('error', () => resolve(false))
  })
  child.stdin.on('error', () => {})
  const dataKey = keys.exportKey()
  child.stdin.end(dataKey, () => dataKey.fill(0))
  const started = await ready
  child.stdout.destroy()
  child.unref()
  if (!started) throw new Refusal('internal', 'the process that keeps the vault unlocked did not start')
}

/** The lock's epoch, to be read before a vault is opened. */
export function epochBefore(store: Store): number {
  return lockEpoch(store)
}

function nodeFlags(): string[] {
  return ['--disable-sigusr1', '--disable-warning=ExperimentalWarning']
}

// SECURITY: no core dump may hold the key. The shell's limit is inherited by what it becomes.
function coreless(program: string, args: readonly string[]): [string, string[]] {
  if (process.platform === 'win32') return [program, [...args]]
  return ['/bin/sh', ['-c', 'ulimit -c 0; exec "$0" "$@"', program, ...args]]
}

function bareEnvironment(): NodeJS.ProcessEnv {
  const kept = ['HOME', 'TMPDIR', 'SystemRoot', 'USERPROFILE', 'TEMP']
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}
