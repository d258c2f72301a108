import type { Devices, HostFacts, RunningHost } from '../../shared/protocol/device-commands.ts'
import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import type { HostProcess } from '../install/host-process.ts'
import { registeredBrowsers } from '../install/registered-browsers.ts'
import { runningHosts } from '../sessions/running-hosts.ts'
import { isLive } from '../sessions/session-life.ts'
import { sessionById } from '../sessions/sessions.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { VERSION } from '../version.ts'

/** What a host knows of who runs: null where the vault is not open to it. */
export interface OpenVault {
  readonly store: Store
  readonly keys: VaultKeys
  readonly now: () => number
}

/**
 * The host that answers, the browsers it is registered with, and the hosts that run on its vault.
 *
 * @param own id of this process among those that run; null before it has written itself down.
 * @throws Refusal `store-damaged`.
 */
export function devices(host: HostProcess, vault: OpenVault | null, own: string | null): Devices {
  return {
    host: factsOf(host),
    browsers: registeredBrowsers(host),
    running: vault === null ? null : running(vault, own),
  }
}

function factsOf(host: HostProcess): HostFacts {
  return {
    version: VERSION,
    protocol: PROTOCOL_VERSION,
    node: process.versions.node,
    vaultHome: host.shortened(host.vault),
    launcher: host.launcher === null ? null : host.shortened(host.launcher),
    startedAt: host.startedAt,
    memory: process.memoryUsage.rss(),
  }
}

function running({ store, keys, now }: OpenVault, own: string | null): RunningHost[] {
  return runningHosts(store, keys).map(({ sessions, ...host }) => ({
    ...host,
    isThis: host.id === own,
    sessions: sessions.filter((id) => isLiveNow(store, keys, id, now())).length,
  }))
}

function isLiveNow(store: Store, keys: VaultKeys, id: string, now: number): boolean {
  const session = sessionById(store, keys, id, now)
  return session !== null && isLive(session, now)
}
