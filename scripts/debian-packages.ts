import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** True where packages can be installed without asking anybody: Debian or Ubuntu, as root, as in a container. */
export function isDebianRoot(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')
}

/** Longest a look at the mirror or an installation may take, ms. */
const PATIENCE = 900_000

/** Install packages of the system. Says nothing of how that went: look whether the program is there now. */
export function installWithApt(...names: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const stdio = ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit']
  const options = { stdio, env, timeout: PATIENCE }
  spawnSync('apt-get', ['update', '-q'], options)
  spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], options)
}
