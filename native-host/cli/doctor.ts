import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { dataHome } from '../data-home.ts'
import { checkBrowsers } from '../install/check-browsers.ts'
import { checkHome } from '../install/check-home.ts'
import { broken, type Finding, good, notable } from '../install/finding.ts'
import { homeExists } from '../install/home-exists.ts'
import { hostProgram } from '../install/host-program.ts'
import { thisPlace } from '../install/installation.ts'
import { Refusal } from '../refusal.ts'
import { openStore } from '../store/store.ts'
import { fetchKeys } from '../vault/keyholder.ts'
import { vaultPresent } from '../vault/slots.ts'
import { EXIT } from './exit-code.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'

/** The least Node that has everything the host uses (`engines` in `package.json`). */
const NODE_MAJOR = 26
const NODE_MINOR = 10

/** `doctor`: what is wrong, and the one command that mends it. Exit code 1 where something fails. */
export function registerDoctor(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .description('what is wrong between browser, host and vault, and the one command that mends each')
    .action(async () => {
      const findings = await examine(dataHome())
      if (findings.some(({ state }) => state === 'fail')) terminal.exitCode = EXIT.failed
      terminal.answer({ ok: terminal.exitCode === EXIT.done, findings }, textOf(findings))
    })
}

async function examine(home: string): Promise<Finding[]> {
  const vault = [checkHome(home), ...(await checkVault(home))]
  const browsers = await checkBrowsers(home, thisPlace())
  return [checkNode(), checkProgram(), ...vault, ...browsers]
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const version = `Node ${process.versions.node}`
  if (major === NODE_MAJOR && minor >= NODE_MINOR) return good('node', version)
  return broken(
    'node',
    `${version}, but the host needs ${NODE_MAJOR}.${NODE_MINOR} or a later ${NODE_MAJOR}`,
    'npm ci',
  )
}

function checkProgram(): Finding {
  const { main } = hostProgram(process.argv[1] ?? '')
  return existsSync(main)
    ? good('host', `the host is \`${main}\``)
    : broken('host', `the host \`${main}\` is not built`, 'npm run build')
}

async function checkVault(home: string): Promise<Finding[]> {
  const missing = notable('vault', 'there is no vault yet', 'valetkey init')
  if (!homeExists(home)) return [missing]
  try {
    const store = openStore(home)
    try {
      if (!vaultPresent(store)) return [good('database', 'the database opens'), missing]
      return [good('database', 'the database opens'), await checkKeys(home)]
    } finally {
      store.close()
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return [databaseFault(error)]
  }
}

async function checkKeys(home: string): Promise<Finding> {
  const keys = await fetchKeys(home)
  return keys === null
    ? notable('vault', 'the vault is locked', 'valetkey unlock')
    : good('vault', 'the vault is unlocked, and its holder answers')
}

function databaseFault(error: Refusal): Finding {
  if (error.code === 'store-newer') return broken('database', error.message, 'npm ci && npm run build')
  if (error.code === 'disk-full') return broken('database', error.message, 'df -h')
  return broken('database', error.message, `mv ${dataHome()} ${dataHome()}.damaged && valetkey init`)
}

function textOf(findings: readonly Finding[]): string {
  const marks = { ok: 'ok', warn: '!', fail: 'x' }
  return table(
    findings.map(({ check, state, message, mend }) => [
      marks[state],
      check,
      mend === null ? message : `${message}  →  ${mend}`,
    ]),
  )
}
