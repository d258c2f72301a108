import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the kernel shall answer to some system calls of a process, instead of carrying them out. */
export interface DiskFault {
  readonly call: 'pwrite64' | 'fsync' | 'fcntl'
  readonly error: string
  /** `3`: the third one alone; `3+`: from the third on. */
  readonly when: string
}

/** Null where faults can be put into a running process; else why not. */
export function whyNoFaults(): string | null {
  if (process.platform !== 'linux') return 'faults are injected by strace, which is for Linux'
  const tried = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true'])
  return tried.status === 0 ? null : 'strace is not here, or may not trace'
}

/** A trace of a running process's calls on some files, by strace. Ends with `end`, and with this process. */
export class Trace {
  readonly #folder: string
  readonly #strace: ReturnType<typeof spawn>

  private constructor(folder: string, strace: ReturnType<typeof spawn>) {
    this.#folder = folder
    this.#strace = strace
  }

  /** Begin. Every call is traced once this is done. @param fault carried out on these files; null: only look. */
  static async of(pid: number, paths: readonly string[], fault: DiskFault | null): Promise<Trace> {
    const folder = mkdtempSync(join(tmpdir(), 'valetkey-trace-'))
    const calls = fault === null ? 'pwrite64,fsync,fcntl' : fault.call
    const injected =
      fault === null ? [] : ['-e', `inject=${fault.call}:error=${fault.error}:when=${fault.when}`]
    const files = paths.flatMap((path) => ['-P', path])
    const out = ['-f', '-o', join(folder, 'trace')]
    const words = [...out, ...files, '-e', `trace=${calls}`, ...injected, '-p', `${pid}`]
    const strace = spawn('strace', words, { stdio: ['ignore', 'ignore', 'pipe'] })
    const trace = new Trace(folder, strace)
    await new Promise<void>((resolve, reject) => {
      let said = ''
      strace.stderr?.on('data', (bytes: Buffer) => {
        said += bytes
        if (said.includes('attached')) resolve()
      })
      strace.on('exit', () => reject(new Error(`strace ended: ${said}`)))
    })
    return trace
  }

  /** Let go of the process. @returns the calls that were traced, one a line, in order. */
  async end(): Promise<string[]> {
    const gone = new Promise((resolve) => this.#strace.once('exit', resolve))
    if (this.#strace.exitCode === null) this.#strace.kill('SIGINT')
    await gone
    const calls = this.calls()
    rmSync(this.#folder, { recursive: true })
    return calls
  }

  /** The calls that were traced so far, one a line, in order. The last line may be half written. */
  calls(): string[] {
    const lines = readFileSync(join(this.#folder, 'trace'), 'utf8').split('\n')
    return lines.filter((line) => /(?:pwrite64|fsync|fcntl)\(/.test(line))
  }
}
