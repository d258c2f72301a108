import { type ChildProcess, spawn } from 'node:child_process'
import type { ReferenceOf } from '../../shared/model/reference.ts'
import { ReferenceFault } from './fault.ts'
import { checkProgram, FIXED_PATH } from './find-program.ts'

/** Longest answer of a program, bytes. */
export const MAX_ANSWER = 64 * 1024

/**
 * What programs that hold keys need to find their agents, the owner's screen and their own files; nothing else of the
 * environment goes along.
 */
export const PASSED_ON = [
  'DBUS_SESSION_BUS_ADDRESS',
  'DISPLAY',
  'GNUPGHOME',
  'GPG_TTY',
  'HOME',
  'LOGNAME',
  'PASSWORD_STORE_DIR',
  'SSH_AUTH_SOCK',
  'USER',
  'WAYLAND_DISPLAY',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_RUNTIME_DIR',
  'SYSTEMROOT',
  'USERPROFILE',
]

type Command = ReferenceOf<'command'>

/**
 * Run the owner's program and give what it wrote to its stdout. In a process group of its own, which is ended whole: with
 * the program, at its time limit, when it writes too much, or by the signal. What it writes to stderr is never read.
 *
 * @param input for its stdin; null: its stdin is empty.
 * @throws ReferenceFault `reference-program-missing`, `-unsafe` and `-failed`, `reference-timeout`, `reference-too-long`;
 *   the signal's reason.
 */
export async function runCommand(
  command: Command,
  input: Uint8Array | null,
  signal: AbortSignal,
): Promise<Uint8Array> {
  signal.throwIfAborted()
  const [name = '', ...args] = command.argv
  // SECURITY: looked at again each time: what was safe when it was saved may have been exchanged.
  const program = checkProgram(name)
  const child = spawn(program, args, {
    argv0: name,
    cwd: '/',
    env: environment(command),
    // SECURITY: a group of its own, so that what the program started ends with it.
    detached: true,
    shell: false,
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  })
  child.stdin?.on('error', () => {}).end(input ?? new Uint8Array())
  const timer = AbortSignal.timeout(command.seconds * 1000)
  return answerOf(child, timer, signal).finally(() => endGroup(child))
}

function answerOf(child: ChildProcess, timer: AbortSignal, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let length = 0
    const giveUp = (why: unknown) => {
      reject(why)
      endGroup(child)
      // What was started outside of the group may keep the pipe open for ever.
      child.stdout?.destroy()
    }
    child.stdout?.on('data', (part: Buffer) => {
      length += part.length
      if (length > MAX_ANSWER) giveUp(new ReferenceFault('reference-too-long'))
      else parts.push(part)
    })
    child.on('error', () => giveUp(new ReferenceFault('reference-program-missing')))
    // The pipe ends when nobody holds it any more: whoever is left of the group must let it go.
    child.on('exit', () => endGroup(child))
    child.on('close', (code) =>
      code === 0 ? resolve(Buffer.concat(parts)) : reject(new ReferenceFault('reference-program-failed')),
    )
    timer.addEventListener('abort', () => giveUp(new ReferenceFault('reference-timeout')))
    signal.addEventListener('abort', () => giveUp(signal.reason))
    if (signal.aborted) giveUp(signal.reason)
  })
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // Nobody is left of it.
  }
}

function environment(command: Command): NodeJS.ProcessEnv {
  const found = PASSED_ON.map((name) => [name, process.env[name]] as const)
  const kept = found.filter(([, value]) => value !== undefined && value !== '')
  return { ...Object.fromEntries(kept), LANG: 'C.UTF-8', PATH: FIXED_PATH, ...command.environment }
}
