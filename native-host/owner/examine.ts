import { say } from '../../shared/model/said.ts'
import { isRolledBack, rolledBack } from '../audit/rollback.ts'
import { checkHome } from '../install/check-home.ts'
import { checkRunningNode } from '../install/check-program.ts'
import { broken, type Finding, good, mendable, notable } from '../install/finding.ts'
import type { HostProcess } from '../install/host-process.ts'
import { checkRegistrations } from '../install/registered-browsers.ts'
import { Refusal } from '../refusal.ts'
import { leftFiles } from '../store/left-files.ts'
import type { Store } from '../store/store.ts'
import { vaultPresent } from '../vault/slots.ts'

/**
 * What a host finds of itself: what `doctor` looks at on the command line, as far as a process sees it that may start no program and
 * read no folder but its own and the vault's. Reads only.
 *
 * @param host this process.
 * @param openStore the vault's database. @throws Refusal where it does not open.
 * @param isOpen whether this host has the vault's key.
 */
export function examineHost(host: HostProcess, openStore: () => Store, isOpen: boolean): Finding[] {
  return [
    checkRunningNode(),
    checkHome(host.vault),
    ...checkDatabase(host.vault, openStore, isOpen),
    ...checkRegistrations(host),
  ]
}

function checkDatabase(home: string, openStore: () => Store, isOpen: boolean): Finding[] {
  try {
    const store = openStore()
    const opens = good('database', 'the database opens')
    if (!vaultPresent(store)) return [opens, noVault()]
    const vault = isOpen
      ? good('vault', 'the vault is unlocked')
      : notable('vault', 'the vault is locked', 'valetkey unlock')
    return [opens, checkLog(store), ...checkLeft(store), vault]
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return [databaseFault(home, error)]
  }
}

/** Whether anything speaks for an older log having been put back. */
export function checkLog(store: Store): Finding {
  return isRolledBack(store)
    ? broken('log', rolledBack().message, 'valetkey audit accept-rollback')
    : good('log', 'nothing speaks for an older log having been put back')
}

/** Files that killed processes left in the vault's folder; nothing where there are none. */
export function checkLeft(store: Store): Finding[] {
  const { length } = leftFiles(store)
  if (length === 0) return []
  const message = say`processes that were killed left ${length} files in the vault’s folder`
  return [mendable(notable('left-files', message, 'valetkey doctor --mend left-files'), 'left-files')]
}

/** The vault is not there yet. */
export function noVault(): Finding {
  return notable('vault', 'there is no vault yet', 'valetkey init')
}

/** Why the database does not open, and what mends that. @param home the vault's folder. */
export function databaseFault(home: string, error: Refusal): Finding {
  if (error.code === 'store-newer')
    return broken('database', error.said ?? error.message, 'npm ci && npm run build')
  if (error.code === 'disk-full') return broken('database', error.said ?? error.message, 'df -h')
  return broken('database', error.said ?? error.message, `mv ${home} ${home}.damaged && valetkey init`)
}
