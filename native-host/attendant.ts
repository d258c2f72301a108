import { type ChildProcess, spawn } from 'node:child_process'
import type { Duplex } from 'node:stream'
import { parseArgs } from 'node:util'
import { Attending } from './references/attend.ts'
import { fromHere } from './references/fetch-here.ts'

/** How often it is looked whether the browser is still there, ms. */
const PARENT_MS = 5000

/** What of its own environment the host gets, as from the launcher itself. */
const FOR_THE_HOST = ['HOME', 'LANG', 'MALLOC_ARENA_MAX', 'MALLOC_MMAP_THRESHOLD_']

process.on('SIGUSR1', () => {})
process.on('uncaughtException', () => process.exit(1))

main()

/**
 * `attendant --home VAULT --parent PID -- NODE ARGUMENTS…`: starts the host, which may start no programs and read no files
 * elsewhere, and stays beside it to fetch the secrets that live there. It holds no key and never opens the vault: of the
 * references the host names it fetches those that the owner entered. Started by the launcher where there are any.
 */
function main(): void {
  const { values, positionals } = parseArgs({
    options: { home: { type: 'string' }, parent: { type: 'string' } },
    allowPositionals: true,
  })
  const [program, ...args] = positionals
  const home = values.home
  if (program === undefined || home === undefined) process.exit(2)
  const host = spawn(program, [...args, '--attended', '--parent', String(process.pid)], {
    env: Object.fromEntries(FOR_THE_HOST.map((name) => [name, process.env[name]])),
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  })
  const attending = new Attending(host.stdio[3] as Duplex, fromHere(home))
  endTogether(host, attending, Number(values.parent))
}

function endTogether(host: ChildProcess, attending: Attending, parent: number): void {
  const end = (code: number) => {
    attending.close()
    // A file system that does not answer would hold up an orderly end for as long.
    if (attending.isHeldUp) process.kill(process.pid, 'SIGKILL')
    process.exit(code)
  }
  host.on('error', () => end(1))
  host.on('exit', (code) => end(code ?? 1))
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => host.kill(signal))
  setInterval(() => {
    if (process.ppid !== parent) host.kill('SIGTERM')
  }, PARENT_MS).unref()
}
