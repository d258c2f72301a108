import type { Capability } from '../../shared/model/capability.ts'
import type { ImportedService, ImportPlan, Remark } from './import-plan.ts'
import { translateCapability } from './janee-capabilities.ts'
import { readJaneeConfig, readJaneeCredentials } from './janee-file.ts'
import { janeeSecrets } from './janee-secrets.ts'
import { type Describe, translateService } from './janee-services.ts'
import type { MakeSchemes } from './janee-signing.ts'
import { unlikeJanee } from './janee-unlike.ts'
import { freshName } from './names.ts'

/**
 * What a configuration of Janee becomes here: its services with their secrets, its capabilities as far as they can be said
 * without allowing more, and what Janee would have allowed and this does not.
 *
 * @param credentials text of `credentials.json`; null where there is none.
 * @param fault what is wrong with a service that was made; null for nothing. It is then left out.
 * @throws Refusal `invalid` where one of the files is not Janee's.
 */
export function importJanee(
  text: string,
  credentials: string | null,
  describe: Describe,
  make: MakeSchemes,
  fault: (service: ImportedService) => string | null,
): ImportPlan {
  const config = readJaneeConfig(text)
  const secretsOf = janeeSecrets(config, credentials === null ? null : readJaneeCredentials(credentials))
  const services = new Map<string, ImportedService>()
  const leftOut: Remark[] = []
  const remarks: Remark[] = []
  const ids: string[] = []
  for (const [name, janee] of config.services) {
    const secrets = secretsOf(name, janee.auth)
    const id = freshName(name, ids)
    const made = translateService(id, janee, secrets, describe, make)
    const cannot = 'cannot' in made ? made.cannot : fault(made)
    if ('cannot' in made || cannot !== null) {
      leftOut.push({ about: `service ${name}`, text: cannot ?? '' })
      continue
    }
    ids.push(id)
    services.set(name, made)
    const unlike = unlikeJanee(janee.auth, new URL(janee.baseUrl))
    if (unlike !== null) remarks.push({ about: `service ${name}`, text: unlike })
    if (secrets.wereInClear)
      remarks.push({
        about: `service ${name}`,
        text: 'its key stood in the file in clear: whoever could read the file has it',
      })
  }
  const capabilities = takeCapabilities(config, services, leftOut, remarks)
  if (config.hasModelKey)
    leftOut.push({ about: 'llm', text: 'the key of Janee’s own language model is not taken' })
  return {
    format: 'janee',
    services: [...services.values()],
    capabilities,
    leftOut,
    remarks,
  }
}

/** What holds for every capability of Janee's. */
const GENERAL: Remark = {
  about: 'every capability',
  text: 'Janee compared paths as they were written: `/a/../b`, `/a//b` and `%2e%2e` passed its rules. Here they are refused',
}

function takeCapabilities(
  config: ReturnType<typeof readJaneeConfig>,
  services: ReadonlyMap<string, ImportedService>,
  leftOut: Remark[],
  remarks: Remark[],
): Capability[] {
  const taken: Capability[] = []
  for (const [name, janee] of config.capabilities) {
    const about = `capability ${name}`
    const service = services.get(janee.service)?.service
    if (service === undefined) {
      leftOut.push({ about, text: 'its service is not taken' })
      continue
    }
    const id = freshName(
      name,
      taken.map((each) => each.id),
    )
    const made = translateCapability(id, name.slice(0, 200) || id, janee, {
      id: service.id,
      baseUrl: service.baseUrls[0] ?? '',
    })
    if ('cannot' in made) {
      leftOut.push({ about, text: made.cannot })
      continue
    }
    taken.push(made.capability)
    for (const text of made.differences) remarks.push({ about, text })
  }
  if (taken.length > 0) remarks.push(GENERAL)
  return taken
}
