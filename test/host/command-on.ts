import { spawn } from 'node:child_process'
import { CLI } from './cli-fixture.ts'

/** What a command that ran to its end came to. */
export interface CommandEnd {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Run `valetkey` as it is built on the vault in `home`, while others go on with theirs. */
export function commandOn(home: string, ...args: string[]): Promise<CommandEnd> {
  const env = { VALETKEY_HOME: home, HOME: home, PATH: process.env.PATH ?? '' }
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], { env })
  const text = { stdout: '', stderr: '' }
  child.stdout.on('data', (bytes: Buffer) => (text.stdout += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (text.stderr += bytes.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...text })))
}
