import type { Capability } from '../../shared/model/capability.ts'
import { wholeLedger } from '../budgets/ledger.ts'
import { latestTime } from '../sessions/clock.ts'
import { isPaused, type UsedGrant, usedGrants } from '../sessions/paused-grants.ts'
import { readPlayground } from '../sessions/served-playground.ts'
import { isLive } from '../sessions/session-life.ts'
import { listCapabilities } from '../store/capabilities.ts'
import { listServices } from '../store/services.ts'
import { sealBackup } from '../vault/backup-file.ts'
import { secretsForBackup } from '../vault/backup-secrets.ts'
import type { Stretch } from '../vault/stretch.ts'
import type { BackupContents } from './backup-contents.ts'
import type { OwnerContext } from './context.ts'
import { playgroundService } from './playground-service.ts'
import { record } from './record.ts'

/** A backup to be written to a file, and how much is in it. */
export interface MadeBackup {
  readonly file: Uint8Array
  readonly services: number
  readonly capabilities: number
  readonly grants: number
}

/**
 * Everything of the vault in one file under a passphrase of its own: services with their secrets, capabilities, grants and
 * what was counted for budgets. Not: live sessions, the audit log, the ways to open the vault, a playground. Of one state of the vault.
 *
 * The act is in the audit before the caller has the file.
 *
 * @param how for tests only, see `sealBackup`. @throws Refusal `weak-passphrase`, `store-damaged`.
 */
export async function makeBackup(
  context: OwnerContext,
  passphrase: string,
  how?: Stretch,
): Promise<MadeBackup> {
  const contents = context.store.snapshot(() => contentsOf(context))
  const plain = new TextEncoder().encode(JSON.stringify(contents))
  const file = await sealBackup(passphrase, plain, how)
  plain.fill(0)
  record(context, 'vault.backup', 'vault')
  return {
    file,
    services: contents.services.length,
    capabilities: contents.capabilities.length,
    grants: contents.grants.length,
  }
}

function contentsOf(context: OwnerContext): BackupContents {
  const { store, keys, now } = context
  const time = Math.max(now(), latestTime(store, keys))
  const passing = playgroundService(context)?.id
  const services = listServices(store, keys).filter(({ id }) => id !== passing)
  const capabilities = listCapabilities(store, keys).filter(({ service }) => service !== passing)
  return {
    madeAt: time,
    services,
    secrets: services.flatMap(({ id }) => secretsForBackup(store, keys, id)),
    capabilities,
    grants: keptGrants(context, capabilities).map((used) => ({
      grant: used.grant,
      asks: isPaused(used, time) || (used.last !== null && isLive(used.last, time)),
    })),
    ledgers: capabilities.map(({ id }) => wholeLedger(store, keys, id)).filter((ledger) => ledger !== null),
  }
}

/** Without those of a playground: when they come back, its port is another program's. */
function keptGrants({ store, keys }: OwnerContext, capabilities: readonly Capability[]): UsedGrant[] {
  const kept = new Set(capabilities.map(({ id }) => id))
  const origin = readPlayground(store, keys)?.origin
  return usedGrants(store, keys).filter(
    ({ grant }) => kept.has(grant.capability) && grant.origin !== origin && grant.topOrigin !== origin,
  )
}
