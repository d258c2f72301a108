import { createHash } from 'node:crypto'
import type { Capability } from '../../shared/model/capability.ts'
import type { PresetChange, PresetDifference, Standing } from '../../shared/model/preset-change.ts'
import type { Service, ServiceMade } from '../../shared/model/service.ts'
import { madeOf } from '../../shared/presets/preset-origin.ts'
import { capabilityDifferences } from '../policy/capability-differences.ts'
import {
  type CapabilityMade,
  type CapabilityPart,
  capabilityParts,
  capabilityView,
  withCapabilityPart,
} from '../policy/capability-parts.ts'
import { partOpens } from '../policy/part-opens.ts'
import { partText } from '../policy/part-text.ts'
import { type PartValue, partsOf, withPart } from '../policy/service-parts.ts'
import { standingOf } from '../policy/standing.ts'
import type { CapabilityNow, ServiceNow } from './preset-now.ts'

/** A change of a preset, and how it is taken over into what is stored as into what is kept of the preset. */
export interface Change<Made> {
  readonly shown: PresetChange
  readonly into: (made: Made) => Made
}

/** What a service has as its preset would have said it; sentences it was shown with are those of when it was made. */
export function serviceView(stored: Service, now: ServiceNow): ServiceMade {
  const { hazards } = stored.from?.made ?? now.made
  return { ...madeOf({ hazards }, stored, now.own), hazards }
}

/** What the preset says otherwise of the service itself. */
export function serviceChanges(stored: Service, now: ServiceNow): Change<ServiceMade>[] {
  const before = stored.from === undefined ? undefined : partsOf(stored.from.made)
  const found = otherwise(before, partsOf(serviceView(stored, now)), partsOf(now.made))
  return found.flatMap(({ part, name, standing, was, now }) => {
    // Advice that is gone is nothing to decide about.
    if (part === 'hazard' && now === null) return []
    const what: PresetDifference = {
      kind: 'service',
      part,
      name,
      was: partText(part, was, now),
      now: partText(part, now, was),
    }
    const shown = { capability: null, standing, opens: partOpens(part, was, now), what: [what] }
    return [
      {
        shown: { id: idOf([null, part, name, standing, was, now]), ...shown },
        into: (made: ServiceMade) => withPart(made, { part, name, value: now }),
      },
    ]
  })
}

/** What the preset says otherwise of one of its capabilities. */
export function capabilityChanges(
  stored: Capability,
  now: CapabilityNow,
  service: Service,
): Change<CapabilityMade>[] {
  const before = stored.from === undefined ? undefined : capabilityParts(stored.from.made)
  const found = otherwise(before, capabilityParts(capabilityView(stored)), capabilityParts(now.made))
  return found.flatMap((each) => {
    const into = (made: CapabilityMade) => withCapabilityPart(made, { ...each, value: each.now })
    const what = differencesOf(stored, { ...stored, ...into(capabilityView(stored)) }, service)
    if (what.length === 0) return []
    const { part, name, standing, was } = each
    const opens = what.some((one) => 'opens' in one && one.opens)
    const id = idOf([stored.id, part, name, standing, was, each.now])
    return [{ shown: { id, capability: stored.id, standing, opens, what }, into }]
  })
}

function differencesOf(before: Capability, after: Capability, service: Service): PresetDifference[] {
  const rules = capabilityDifferences(before, after, service)
  if (before.label === after.label) return rules
  return [{ kind: 'label', was: before.label, now: after.label }, ...rules]
}

/** Null for what is not said. */
interface Otherwise<P> {
  part: P
  name: string
  standing: Standing
  was: unknown
  now: unknown
}

/** What differs between what is stored and what a preset says and is not the owner's own doing. */
function otherwise<P extends (PartValue | CapabilityPart)['part']>(
  before: readonly { part: P; name: string; value: unknown }[] | undefined,
  stored: readonly { part: P; name: string; value: unknown }[],
  now: readonly { part: P; name: string; value: unknown }[],
): Otherwise<P>[] {
  const [old, own, fresh] = [byName(before ?? []), byName(stored), byName(now)]
  return [...new Map([...own, ...fresh])].flatMap(([key, { part, name }]) => {
    const [was, said] = [own.get(key)?.value ?? null, fresh.get(key)?.value ?? null]
    const standing = standingOf(before === undefined ? undefined : (old.get(key)?.value ?? null), was, said)
    return standing === null ? [] : [{ part, name, standing, was, now: said }]
  })
}

function byName<T extends { part: string; name: string }>(parts: readonly T[]): Map<string, T> {
  return new Map(parts.map((each) => [`${each.part} ${each.name}`, each]))
}

/** Of what it is about and what it does: the same change has the same id until it is another. */
function idOf(about: unknown): string {
  return createHash('sha256').update(JSON.stringify(about)).digest('hex').slice(0, 16)
}
