import { createHash } from 'node:crypto'
import type { Capability } from '../../shared/model/capability.ts'
import {
  isPlain,
  type NotCompared,
  type PresetChangeCount,
  type PresetUpdate,
} from '../../shared/model/preset-change.ts'
import type { Service, ServiceMade } from '../../shared/model/service.ts'
import { presetById } from '../../shared/presets/catalogue.ts'
import type { CapabilityMade } from '../policy/capability-parts.ts'
import { Refusal } from '../refusal.ts'
import { listCapabilities } from '../store/capabilities.ts'
import type { OwnerContext } from './context.ts'
import { type Change, capabilityChanges, serviceChanges } from './preset-changes.ts'
import { type CapabilityNow, capabilityNow, type ServiceNow, serviceNow } from './preset-now.ts'
import { requireService } from './require.ts'

/** What a preset says otherwise of a stored service and of each of its capabilities. */
export interface Compared {
  readonly service: Service
  /** Why the service itself is not compared, or what differs. */
  readonly itself: { now: ServiceNow; changes: Change<ServiceMade>[] } | NotCompared
  readonly capabilities: readonly {
    readonly stored: Capability
    readonly compared: { now: CapabilityNow; changes: Change<CapabilityMade>[] } | NotCompared
  }[]
}

/**
 * What the preset of a service says otherwise by now, of it and of its capabilities. Saves nothing.
 *
 * @throws Refusal `unknown` for a service there is not, one by hand, and one whose preset there is not any more.
 */
export function previewUpdate(context: OwnerContext, id: string): PresetUpdate {
  return context.store.snapshot(() => shown(compared(context, requireService(context, id))))
}

/** The same in figures; null where there is nothing, or no preset. */
export function countChanges(context: OwnerContext, service: Service): PresetChangeCount | null {
  if (presetById(service.preset ?? '') === null) return null
  const { changes } = shown(compared(context, service))
  if (changes.length === 0) return null
  const plain = changes.filter((each) => isPlain(each)).length
  return { plain, asked: changes.length - plain }
}

/** A stored service beside its preset. @throws Refusal `unknown` where there is no such preset. */
export function compared(context: OwnerContext, service: Service): Compared {
  const preset = service.preset === null ? null : presetById(service.preset)
  if (preset === null)
    throw new Refusal('unknown', `service \`${service.id}\` does not come from a preset of this version`)
  const now = serviceNow(service, preset)
  const own = listCapabilities(context.store, context.keys).filter((each) => each.service === service.id)
  return {
    service,
    itself: typeof now === 'string' ? now : { now, changes: serviceChanges(service, now) },
    capabilities: own.map((stored) => {
      // Where it would live once the service is as its preset says.
      const there = typeof now === 'string' ? service : now.service
      const fresh = capabilityNow(stored, preset, there)
      if (typeof fresh === 'string') return { stored, compared: fresh }
      return { stored, compared: { now: fresh, changes: capabilityChanges(stored, fresh, service) } }
    }),
  }
}

/** As it is told to the owner. */
export function shown({ service, itself, capabilities }: Compared): PresetUpdate {
  const changes = [
    ...(typeof itself === 'string' ? [] : itself.changes.map((each) => each.shown)),
    ...capabilities.flatMap(({ compared }) =>
      typeof compared === 'string' ? [] : compared.changes.map((each) => each.shown),
    ),
  ]
  return {
    service: service.id,
    digest: digestOf(service, capabilities, changes),
    changes,
    left: [
      ...(typeof itself === 'string' ? [{ capability: null, why: itself }] : []),
      ...capabilities.flatMap(({ stored, compared }) =>
        // Made by hand beside those of the preset: there is nothing to say of it.
        typeof compared !== 'string' || compared === 'unknown'
          ? []
          : [{ capability: stored.id, why: compared }],
      ),
    ],
  }
}

function digestOf(
  service: Service,
  capabilities: Compared['capabilities'],
  changes: PresetUpdate['changes'],
): string {
  const stored = capabilities.map((each) => each.stored)
  return createHash('sha256')
    .update(JSON.stringify([service, stored, changes]))
    .digest('hex')
}
