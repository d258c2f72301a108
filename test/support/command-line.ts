import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a run of the `valetkey` command left. */
export interface CommandRun {
  code: number
  stdout: string
  stderr: string
}

/** The built `valetkey` command, run as a user runs it, in the environment of one test. */
export interface CommandLine {
  /** Run to the end, whatever its exit code. */
  run(args: readonly string[], stdin?: string): Promise<CommandRun>
  /** Run with `--json` and give the value. @throws Error with the command's own words when the exit code is not 0. */
  ask(args: readonly string[], stdin?: string): Promise<unknown>
}

/** Path of the built command. */
export const VALETKEY = fileURLToPath(
  new URL(process.platform === 'win32' ? '../../dist/valetkey.cmd' : '../../dist/valetkey', import.meta.url),
)

/**
 * The command in one environment.
 *
 * @param env all of it; `HOME` and `VALETKEY_HOME` should name temporary folders.
 * @param watch told of each run, for transcripts.
 */
export function commandLine(
  env: Record<string, string>,
  watch: (args: readonly string[], run: CommandRun) => void = () => {},
): CommandLine {
  const run = async (args: readonly string[], stdin = '') => {
    const result = await runOnce(env, args, stdin)
    watch(args, result)
    return result
  }
  const ask = async (args: readonly string[], stdin = '') => {
    const { code, stdout, stderr } = await run([...args, '--json'], stdin)
    if (code !== 0) throw new Error(`valetkey ${args.join(' ')} exited ${code}: ${stdout}${stderr}`)
    return JSON.parse(stdout) as unknown
  }
  return { run, ask }
}

function runOnce(env: Record<string, string>, args: readonly string[], stdin: string): Promise<CommandRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(VALETKEY, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.once('error', reject)
    const finish = (code: number | null) =>
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
      })
    child.once('close', finish)
    // A process that the command leaves running may hold the pipes open, and `close` would never come.
    // What it wrote before its end is in the pipes by then, but where this process came late itself it may not have read it yet:
    // a timer is due before the pipes are looked at, an immediate after.
    child.once('exit', (code) => setTimeout(setImmediate, 1000, finish, code))
    child.stdin.on('error', () => {})
    child.stdin.end(stdin)
  })
}
