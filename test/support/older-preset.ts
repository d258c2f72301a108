import { findCapability, putCapability } from '../../native-host/store/capabilities.ts'
import { findService, putService } from '../../native-host/store/services.ts'
import type { Store } from '../../native-host/store/store.ts'
import type { VaultKeys } from '../../native-host/vault/keys.ts'
import type { Capability, CapabilityOrigin } from '../../shared/model/capability.ts'
import type { Service, ServiceMade } from '../../shared/model/service.ts'

type Vault = { store: Store; keys: VaultKeys }

/** A stored service. @throws Error where there is none. */
export function storedService({ store, keys }: Vault, id: string): Service {
  const service = findService(store, keys, id)
  if (service === null) throw new Error(`no service ${id}`)
  return service
}

/** A stored capability. @throws Error where there is none. */
export function storedCapability({ store, keys }: Vault, id: string): Capability {
  const capability = findCapability(store, keys, id)
  if (capability === null) throw new Error(`no capability ${id}`)
  return capability
}

/** Make a stored service one that its preset made when it said something else: what is stored, and what is kept of the preset. */
export function makeOlder(vault: Vault, id: string, then: (made: ServiceMade) => Partial<ServiceMade>): void {
  const service = storedService(vault, id)
  if (service.from === undefined) throw new Error('nothing is kept of its preset')
  const changes = then(service.from.made)
  const { hazards: _, ...parts } = changes
  const from = { ...service.from, made: { ...service.from.made, ...changes } }
  putService(vault.store, vault.keys, { ...service, ...parts, from })
}

/** The same for a capability. */
export function makeOlderCapability(
  vault: Vault,
  id: string,
  then: (made: CapabilityOrigin['made']) => Partial<CapabilityOrigin['made']>,
): void {
  const capability = storedCapability(vault, id)
  if (capability.from === undefined) throw new Error('nothing is kept of its preset')
  const changes = then(capability.from.made)
  const from = { ...capability.from, made: { ...capability.from.made, ...changes } }
  putCapability(vault.store, vault.keys, { ...capability, ...changes, from })
}

/** Make a stored service and its capabilities those of a vault from before anything was kept of presets. */
export function forgetOrigin(vault: Vault, id: string, capabilities: readonly string[]): void {
  const { from: _, ...service } = storedService(vault, id)
  putService(vault.store, vault.keys, service)
  for (const each of capabilities) {
    const { from: __, ...capability } = storedCapability(vault, each)
    putCapability(vault.store, vault.keys, capability)
  }
}

/**
 * Make a stored service one from when its preset had not these capabilities yet; with null, one from before it was kept which there
 * were.
 */
export function makeBefore({ store, keys }: Vault, id: string, unknownThen: readonly string[] | null): void {
  const service = storedService({ store, keys }, id)
  if (service.from?.offered === undefined) throw new Error('it is not kept what its preset had')
  const { offered, ...from } = service.from
  const then = unknownThen === null ? {} : { offered: offered.filter((each) => !unknownThen.includes(each)) }
  putService(store, keys, { ...service, from: { ...from, ...then } })
}
