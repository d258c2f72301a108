import { findCapability } from '../../native-host/store/capabilities.ts'
import { putSecret, putService } from '../../native-host/store/services.ts'
import type { Capability } from '../../shared/model/capability.ts'
import { presetById } from '../../shared/presets/catalogue.ts'
import { capabilityFromPreset, serviceFromPreset } from '../../shared/presets/preset-to-service.ts'
import type { exampleCapability } from './examples.ts'
import { OwnedVault } from './owned-vault.ts'

/** The media paths' own model in tests. */
export const MODEL = 'flux'

function modelsLab() {
  const preset = presetById('modelslab')
  if (preset === null) throw new Error('no preset')
  return preset
}

/** A vault with ModelsLab as its preset makes it, called `lab`, at a server of this machine. */
export async function labVault(url: string, key: string): Promise<OwnedVault> {
  const vault = await OwnedVault.create()
  const service = serviceFromPreset(modelsLab(), { id: 'lab', baseUrls: [url], local: { address: null } })
  putService(vault.store, vault.keys, service)
  putSecret(vault.store, vault.keys, 'lab', 'value', Buffer.from(key))
  return vault
}

/** One of the preset's own capabilities, with {@link MODEL} as its one model; not stored. */
export function labCapability(id: string, url: string): Capability {
  const service = { id: 'lab', baseUrls: [url] }
  return capabilityFromPreset(modelsLab(), id, { id, service, models: [MODEL] })
}

/** A capability made by hand, stored. @param rules `allow POST /**`, as `exampleCapability` has them. */
export function byHand(
  vault: OwnedVault,
  id: string,
  rules: string[],
  changes: Parameters<typeof exampleCapability>[1] = {},
): Capability {
  const allow = rules.map((rule) => rule.replace(/^allow /, ''))
  vault.addCapability(id, 'lab', allow, changes)
  const stored = findCapability(vault.store, vault.keys, id)
  if (stored === null) throw new Error('no capability')
  return stored
}
