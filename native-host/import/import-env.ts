import type { Preset } from '../../shared/model/preset.ts'
import { PRESETS } from '../../shared/presets/catalogue.ts'
import { serviceOrigin } from '../../shared/presets/preset-origin.ts'
import { serviceFromPreset } from '../../shared/presets/preset-to-service.ts'
import { secretNames } from '../../shared/presets/secret-names.ts'
import { Refusal } from '../refusal.ts'
import { readEnvFile } from './env-file.ts'
import { recogniseKey } from './env-keys.ts'
import type { ImportedService, ImportPlan, Remark } from './import-plan.ts'

/** Longest `.env` file that is read, characters. */
const MAX_ENV = 1024 * 1024

/**
 * The services whose keys are in a `.env` file: each by its preset, without a capability. What is not recognised as the key
 * of exactly one service is left out, and said.
 *
 * @throws Refusal `invalid` for a line that cannot be read, or a file that is too long.
 */
export function importEnv(text: string, presets: readonly Preset[] = PRESETS): ImportPlan {
  if (text.length > MAX_ENV) throw new Refusal('invalid', 'the `.env` file is too long')
  const variables = readEnvFile(text)
  const services: ImportedService[] = []
  const leftOut: Remark[] = []
  const remarks: Remark[] = []
  for (const variable of variables) {
    const found = recogniseKey(variable, variables, presets)
    const about = variable.name
    if ('leftOut' in found) {
      if (!found.quiet) leftOut.push({ about, text: found.leftOut })
      continue
    }
    const same = services.find(({ secrets }) => holds(secrets, variable.value))
    if (same !== undefined) {
      leftOut.push({ about, text: `the same key is taken already, as service ${same.service.id}` })
      continue
    }
    const service = keyedService(found.preset, variable.value, services)
    services.push(service)
    remarks.push({ about, text: `becomes the key of service ${service.service.id} (${found.preset.label})` })
    if (found.warning !== null) remarks.push({ about, text: found.warning })
  }
  return { format: 'env', services, capabilities: [], leftOut, remarks }
}

function keyedService(preset: Preset, value: string, others: readonly ImportedService[]): ImportedService {
  const taken = others.filter(({ service }) => service.preset === preset.id).length
  const id = taken === 0 ? preset.id : `${preset.id}-${taken + 1}`
  const bytes = new TextEncoder().encode(value)
  const service = serviceFromPreset(preset, { id })
  return {
    service: {
      ...service,
      from: serviceOrigin(preset, service, { baseUrls: false, auth: false, values: {} }),
    },
    secrets: new Map(secretNames(preset.auth).map((name) => [name, bytes])),
  }
}

function holds(secrets: ReadonlyMap<string, Uint8Array>, value: string): boolean {
  return [...secrets.values()].some((bytes) => Buffer.from(bytes).toString() === value)
}
