import { type Command, Option } from 'commander'
import type { MendKind } from '../../shared/model/mend-kind.ts'
import type { Service } from '../../shared/model/service.ts'
import { checkBrowsers } from '../install/check-browsers.ts'
import { checkHome } from '../install/check-home.ts'
import { checkProgram, checkRunningNode } from '../install/check-program.ts'
import { type Finding, good, notable } from '../install/finding.ts'
import { thisPlace } from '../install/installation.ts'
import { checkLocalServer, localServers } from '../owner/check-local-server.ts'
import type { OwnerContext } from '../owner/context.ts'
import { checkLeft, checkLog, databaseFault, noVault } from '../owner/examine.ts'
import { mend } from '../owner/mend.ts'
import { answersWithoutKey } from '../owner/test-service.ts'
import { Refusal } from '../refusal.ts'
import { databaseExists } from '../store/database-file.ts'
import { openStore } from '../store/open-store.ts'
import { listServices } from '../store/services.ts'
import { createUpstream } from '../upstream/send.ts'
import { fetchKeys } from '../vault/keyholder.ts'
import { vaultPresent } from '../vault/slots.ts'
import { vaultHome } from '../vault-home.ts'
import { EXIT } from './exit-code.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'
import { withOwner } from './with-owner.ts'

/** What the command mends by an order of its own: modes are tightened by whatever opens the vault. */
const MENDS: readonly MendKind[] = ['left-files']

/** How long a local server is waited for, ms. */
const SERVER_MS = 3000

/** `doctor`: what is wrong, and the one command that mends it. Exit code 1 where something fails. */
export function registerDoctor(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .description('what is wrong between browser, host and vault, and the one command that mends each')
    .addOption(new Option('--mend <kind>', 'put one kind of finding in order').choices(MENDS))
    .action(async ({ mend: kind }: { mend?: MendKind }) => {
      if (kind !== undefined) return mendOne(kind, terminal)
      const findings = await examine(vaultHome())
      if (findings.some(({ state }) => state === 'fail')) terminal.exitCode = EXIT.failed
      const told = findings.map(({ said: _, ...finding }) => finding)
      terminal.answer({ ok: terminal.exitCode === EXIT.done, findings: told }, textOf(told))
    })
}

async function mendOne(kind: MendKind, terminal: Terminal): Promise<void> {
  const mended = await withOwner(async (context) => mend(context, kind))
  terminal.answer({ mended }, mended === 0 ? 'There was nothing to mend.' : `Put in order: ${mended}.`)
}

async function examine(home: string): Promise<Finding[]> {
  const vault = [checkHome(home), ...(await checkVault(home))]
  const browsers = await checkBrowsers(home, thisPlace())
  return [
    checkRunningNode(),
    checkProgram(process.argv[1] ?? ''),
    ...vault,
    ...(await checkServers()),
    ...browsers,
  ]
}

async function checkVault(home: string): Promise<Finding[]> {
  if (!databaseExists(home)) return [noVault()]
  try {
    const store = openStore(home)
    try {
      if (!vaultPresent(store)) return [good('database', 'the database opens'), noVault()]
      return [
        good('database', 'the database opens'),
        checkLog(store),
        ...checkLeft(store),
        await checkKeys(home),
      ]
    } finally {
      store.close()
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return [databaseFault(home, error)]
  }
}

async function checkKeys(home: string): Promise<Finding> {
  const keys = await fetchKeys(home)
  return keys === null
    ? notable('vault', 'the vault is locked', 'valetkey unlock')
    : good('vault', 'the vault is unlocked, and its holder answers')
}

/** Local servers, as far as the vault is open: who else reaches them, and whether they ask for a key. */
async function checkServers(): Promise<Finding[]> {
  try {
    return await withOwner(async (context) => {
      const services = listServices(context.store, context.keys).filter(({ local }) => local !== null)
      const reached = localServers(services).map((server) => checkLocalServer(server))
      return [...reached, ...(await keyless(context, services))]
    })
  } catch (error) {
    // What keeps the vault shut has a finding of its own.
    if (error instanceof Refusal) return []
    throw error
  }
}

async function keyless(context: OwnerContext, services: readonly Service[]): Promise<Finding[]> {
  const upstream = createUpstream({ timeouts: { connect: SERVER_MS, headers: SERVER_MS, idle: SERVER_MS } })
  try {
    const found = services.map(async ({ id }) =>
      (await answersWithoutKey(context, id, upstream)) ? [noKey(id)] : [],
    )
    return (await Promise.all(found)).flat()
  } finally {
    await upstream.close()
  }
}

function noKey(id: string): Finding {
  const message =
    'it answers without a key, so every program on this machine, and pages that reach it, may use it'
  return notable(`service:${id}`, message, null)
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
