import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CommandRun } from './command-line.ts'
import { compileCache } from './compile-cache.ts'

const CLI = fileURLToPath(new URL('../../native-host/cli.ts', import.meta.url))

/** Run the `valetkey` command from its source on a vault, without a build. Never rejects for its exit code. */
export function runFromSource(home: string, args: readonly string[]): Promise<CommandRun> {
  const env = { PATH: process.env.PATH ?? '', HOME: home, VALETKEY_HOME: home, ...compileCache() }
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], { env })
  const [out, err]: [string[], string[]] = [[], []]
  child.stdout.on('data', (text) => out.push(String(text)))
  child.stderr.on('data', (text) => err.push(String(text)))
  child.stdin.end()
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? -1, stdout: out.join(''), stderr: err.join('') }))
  })
}
