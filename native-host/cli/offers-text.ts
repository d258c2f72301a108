import type { PresetOffers } from '../../shared/model/preset-change.ts'
import type { Service } from '../../shared/model/service.ts'
import { presetById } from '../../shared/presets/catalogue.ts'

/** How many capabilities of its preset are new to a service, for a list of services. */
export function offersText({ capabilities }: PresetOffers): string {
  const count = capabilities.length
  return `${count} new ${count === 1 ? 'capability' : 'capabilities'} in the catalogue`
}

/**
 * What is new, in the preset's words, with the command that adds each and the one that dismisses it; no line where nothing is.
 *
 * @param offers ids of capabilities of the service's preset.
 */
export function newText({ id, preset }: Pick<Service, 'id' | 'preset'>, offers: readonly string[]): string[] {
  const all = presetById(preset ?? '')?.capabilities ?? []
  const fresh = all.filter((each) => offers.includes(each.id))
  if (fresh.length === 0) return []
  return [
    'New in the catalogue, and given to no site:',
    ...fresh.flatMap(({ id: name, label, description }) => [
      `  ${name}: ${label}. ${description}`,
      `    valetkey capability add ${id}-${name} --service ${id} --from-preset ${name}`,
      `    valetkey service dismiss ${id} ${name}`,
    ]),
  ]
}
