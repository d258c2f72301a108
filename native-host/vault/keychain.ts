import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Refusal } from '../refusal.ts'

/** What the keychains of Linux, macOS and Windows need to be found; nothing else of the environment goes along. */
const PASSED_ON = [
  'DBUS_SESSION_BUS_ADDRESS',
  'DISPLAY',
  'HOME',
  'SYSTEMROOT',
  'USERPROFILE',
  'WAYLAND_DISPLAY',
  'XDG_RUNTIME_DIR',
]

/** The owner may have to answer a prompt of the system, milliseconds. */
const PATIENCE = 120_000

/** base64 of 32 bytes and some room. */
const MAX_ANSWER = 1024

/** base64 of 64 KiB: entries of others hold what they like. */
const MAX_FOUND = 88_000

/** Set by the first failure: nobody is prompted a second time by one process. */
let failed = false

function unusable(): Refusal {
  return new Refusal('invalid', 'the keychain of this system cannot be used: use a passphrase or a key file')
}

function environment(): NodeJS.ProcessEnv {
  const entries = PASSED_ON.map((name) => [name, process.env[name]] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

interface Run {
  readonly verb: 'get' | 'set' | 'delete' | 'find'
  readonly account: string
  readonly input: string
  readonly longest: number
  readonly signal?: AbortSignal
}

/** Run the program beside this file; what it wrote. The value goes by pipe and never as an argument. */
function runProgram({ verb, account, input, longest, signal }: Run): Promise<string> {
  const program = fileURLToPath(new URL('./keychain-program.ts', import.meta.url))
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, verb, account], {
      env: environment(),
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: PATIENCE,
      killSignal: 'SIGKILL',
      windowsHide: true,
      ...(signal === undefined ? {} : { signal }),
    })
    let answer = ''
    child.on('error', reject)
    child.stdin.on('error', () => {})
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      answer += text
      if (answer.length > longest) child.kill('SIGKILL')
    })
    child.on('close', (code) => (code === 0 ? resolve(answer) : reject(unusable())))
    child.stdin.end(input)
  })
}

async function ask(verb: 'get' | 'set' | 'delete', account: string, input = ''): Promise<string> {
  if (failed) throw unusable()
  try {
    return await runProgram({ verb, account, input, longest: MAX_ANSWER })
  } catch (error) {
    failed = true
    throw error instanceof Refusal ? error : new Refusal('invalid', unusable().message, { cause: error })
  }
}

/** Bytes the system's keychain holds for an account, or null. @throws Refusal `invalid` where there is no usable keychain. */
export async function keychainGet(account: string): Promise<Uint8Array | null> {
  const answer = await ask('get', account)
  return answer === '' ? null : Buffer.from(answer, 'base64')
}

/** Put bytes into the system's keychain. @throws Refusal `invalid` where there is no usable keychain. */
export async function keychainSet(account: string, bytes: Uint8Array): Promise<void> {
  await ask('set', account, Buffer.from(bytes).toString('base64'))
}

/** Remove an account from the system's keychain; harmless where there is none. @throws Refusal `invalid`. */
export async function keychainDelete(account: string): Promise<void> {
  await ask('delete', account)
}

/**
 * What the system's keychain holds for an entry of the owner's own making, or null. Asked each time: a failure is no
 * failure of later questions.
 *
 * @param entry its two names, which go by pipe: they are visible to no other program.
 * @throws Refusal `invalid` where there is no usable keychain; the signal's AbortError.
 */
export async function keychainFind(
  entry: { service: string; account: string },
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const input = JSON.stringify([entry.service, entry.account])
  const answer = await runProgram({ verb: 'find', account: '-', input, longest: MAX_FOUND, signal })
  return answer === '' ? null : Buffer.from(answer, 'base64')
}
