import type { Capability } from '../../shared/model/capability.ts'
import { say } from '../../shared/model/said.ts'
import type { Service } from '../../shared/model/service.ts'
import { presetById } from '../../shared/presets/catalogue.ts'
import type { GivenValues } from '../../shared/presets/fill-values.ts'
import { capabilityValues } from '../../shared/presets/fill-values.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { Refusal } from '../refusal.ts'
import { listCapabilities } from '../store/capabilities.ts'
import { add, fromPreset } from './capabilities.ts'
import type { OwnerContext } from './context.ts'
import { newOffers, noteOffered } from './offers.ts'
import { record } from './record.ts'
import { requireService } from './require.ts'
import { summariseService } from './summarise-service.ts'

/** What the owner decided of capabilities that were told as new, by their ids in the preset. What is in neither list is told again. */
export interface DecidedOffers {
  readonly add: readonly string[]
  readonly dismiss: readonly string[]
  /** Of capabilities that want their models named. */
  readonly models?: readonly string[] | undefined
  /** What the preset asks for besides, by the ids of its values; what was said when the service was made counts too. */
  readonly values?: GivenValues | undefined
}

/**
 * Make capabilities that a service's preset has got since the service was made, and tell the others that are named no more; all
 * or nothing. No site is given anything.
 *
 * @throws Refusal `unknown` for one that is not told as new; `exists` where its id is taken; `invalid` where one is in both lists,
 *   and for a value that is missing.
 */
export function decideOffers(context: OwnerContext, id: string, decided: DecidedOffers): ServiceSummary {
  return context.store.transaction(() => {
    const service = requireService(context, id)
    checkOffers(service, listCapabilities(context.store, context.keys), decided)
    for (const name of decided.add) add(context, offeredCapability(context, service, name, decided))
    if (noteOffered(context, id, decided.dismiss)) record(context, 'service.update', id)
    return summariseService(context, requireService(context, id))
  })
}

function checkOffers(service: Service, capabilities: readonly Capability[], decided: DecidedOffers): void {
  const told = newOffers(service, capabilities)?.capabilities ?? []
  const odd = [...decided.add, ...decided.dismiss].find((name) => !told.includes(name))
  if (odd !== undefined)
    throw new Refusal('unknown', say`\`${odd}\` is no new capability of \`${service.id}\``)
  const both = decided.add.find((name) => decided.dismiss.includes(name))
  if (both !== undefined) throw new Refusal('invalid', say`\`${both}\` is added and dismissed at once`)
}

/** As `service add` would have made it. */
function offeredCapability(
  context: OwnerContext,
  service: Service,
  name: string,
  { models, values = {} }: DecidedOffers,
): Capability {
  const preset = presetById(service.preset ?? '')
  const offered = preset?.capabilities.find((each) => each.id === name)
  const needed = preset === null || offered === undefined ? [] : capabilityValues(preset, offered)
  const said: GivenValues = { ...service.from?.values, ...values }
  return fromPreset(context, {
    ...{ id: `${service.id}-${name}`, service: service.id, name },
    ...(models === undefined || offered?.models !== true ? {} : { models }),
    values: Object.fromEntries(needed.flatMap(({ id }) => (said[id] === undefined ? [] : [[id, said[id]]]))),
  })
}
