import { spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { hostProgram } from '../../native-host/install/host-program.ts'
import { shellLauncher } from '../../native-host/install/launcher.ts'

/** Write the launcher that `valetkey install` would write, for a vault and a home of the test's own. @returns its path. */
export function writeLauncher(folder: string, cli: string, vault: string, home: string): string {
  const path = join(folder, 'launcher.sh')
  writeFileSync(path, shellLauncher({ node: process.execPath, program: hostProgram(cli), vault, home }))
  chmodSync(path, 0o700)
  return path
}

/** Environment of a process as it was started with. Linux. */
export async function environmentOf(pid: number): Promise<Record<string, string>> {
  const raw = await readFile(`/proc/${pid}/environ`, 'utf8')
  const pairs = raw.split('\0').filter((pair) => pair !== '')
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
}

/** Arguments of a process. Linux. */
export async function argumentsOf(pid: number): Promise<string[]> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1)
}

/** Local ports on which a process listens. Linux. */
export async function listeningPorts(pid: number): Promise<number[]> {
  const names = await readdir(`/proc/${pid}/fd`)
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
  const sockets = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]))
  const ports: number[] = []
  for (const table of ['tcp', 'tcp6']) {
    const lines = (await readFile(`/proc/${pid}/net/${table}`, 'utf8')).split('\n').slice(1)
    for (const line of lines) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
      if (state === '0A' && sockets.has(inode)) ports.push(Number.parseInt(local.split(':')[1] ?? '', 16))
    }
  }
  return ports
}

/** Processes whose command line holds a text. Linux. */
export async function processesNaming(text: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const lines = await Promise.all(
    pids.map(async (pid) => [pid, await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')] as const),
  )
  return lines.filter(([pid, line]) => pid !== process.pid && line.includes(text)).map(([pid]) => pid)
}

/** What a program does with given flags of Node: its stdout. Bounded. */
export function withFlags(flags: readonly string[], program: string): string {
  return spawnSync(process.execPath, [...flags, '--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: {},
    timeout: 30_000,
  }).stdout
}
