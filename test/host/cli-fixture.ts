import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buildAll } from '../../scripts/build.ts'
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts'

const { host } = await buildAll({ targets: ['host'] })

/** The command as it is built: what its users run. */
export const CLI = join(host, 'cli.mjs')
export const PASSPHRASE = 'correct horse battery staple'

/** What one run of the command left. */
export interface Ran {
  code: number | null
  stdout: string
  stderr: string
  /** stdout as the one JSON value it must be under `--json`. */
  json<T = unknown>(): T
}

/** A command line run in a home of its own. */
export interface CommandHome extends TemporaryHome {
  /** @param env variables beside the home's own. */
  run(args: readonly string[], stdin?: string | Uint8Array, env?: Record<string, string>): Promise<Ran>
}

/** The command in temporary folders. `remove` locks the vault first, so that no holder outlives the test. */
export async function commandHome(): Promise<CommandHome> {
  const home = await temporaryHome()
  const run: CommandHome['run'] = (args, stdin = '', env = {}) =>
    runCommand(args, stdin, { ...home.env, ...env })
  const remove = async () => {
    if (existsSync(home.valetKeyHome)) await run(['lock'])
    await home.remove()
  }
  return { ...home, run, remove }
}

/** The same with a vault that is unlocked. */
export async function unlockedHome(): Promise<CommandHome> {
  const home = await commandHome()
  const made = await home.run(['init', '--passphrase-stdin'], `${PASSPHRASE}\n`)
  if (made.code !== 0) throw new Error(`init failed: ${made.stderr}`)
  return home
}

function runCommand(
  args: readonly string[],
  stdin: string | Uint8Array,
  env: Record<string, string>,
): Promise<Ran> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], { env })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => err.push(bytes))
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      const stdout = Buffer.concat(out).toString('utf8')
      const stderr = Buffer.concat(err).toString('utf8')
      resolve({ code, stdout, stderr, json: <T>() => JSON.parse(stdout) as T })
    })
  })
}

/** A loopback server for one test. */
export interface LocalServer {
  readonly url: string
  close(): Promise<void>
}

/** Serve on a free loopback port. */
export async function localServer(
  handler: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<LocalServer> {
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => handler(request, response, Buffer.concat(parts).toString('utf8')))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}
