import type { Preset, PresetValue } from '../../../shared/model/preset.ts'
import type { PresetOffers } from '../../../shared/model/preset-change.ts'
import { capabilityValues, isValue } from '../../../shared/presets/fill-values.ts'
import type { Command } from '../../../shared/protocol/commands.ts'
import { t } from '../../ui/strings.ts'
import { namedModels } from '../service-name.ts'
import { asksModels } from '../service-order.ts'

type OffersOrder = Extract<Command, { name: 'service-offers' }>

/** What the owner ticked and typed of what is new in a preset. */
export interface ChosenOffers {
  /** Ids of the preset's capabilities. */
  ticked: readonly string[]
  models: string
  /** By the ids of the preset's values. */
  values: Readonly<Record<string, string>>
}

/** What keeps it from being ordered, by field. Empty: nothing. */
export interface OfferFaults {
  models?: string
  values?: Readonly<Record<string, string>>
}

/** What the ticked capabilities ask for and was not said when the service was made. */
export function valuesAsked(preset: Preset, offers: PresetOffers, ticked: readonly string[]): PresetValue[] {
  const needed = preset.capabilities
    .filter(({ id }) => ticked.includes(id))
    .flatMap((each) => capabilityValues(preset, each).map(({ id }) => id))
  return (preset.values ?? []).filter(({ id }) => needed.includes(id) && !offers.known.includes(id))
}

/** What the owner still has to mend. The host has the last word on what is let through here. */
export function offerFaults(preset: Preset, offers: PresetOffers, chosen: ChosenOffers): OfferFaults {
  const faults: OfferFaults = {}
  if (asksModels(preset, chosen.ticked) && namedModels(chosen.models).length === 0)
    faults.models = t('modelsEmpty')
  const wrong = valuesAsked(preset, offers, chosen.ticked).filter(
    (one) => !isValue(one, said(chosen, one.id)),
  )
  if (wrong.length > 0)
    faults.values = Object.fromEntries(wrong.map(({ id, hint }) => [id, t('valueWrong', hint)]))
  return faults
}

/** The order to add what is ticked, and nothing else. */
export function addOrder(
  service: string,
  preset: Preset,
  offers: PresetOffers,
  chosen: ChosenOffers,
): OffersOrder {
  const asked = valuesAsked(preset, offers, chosen.ticked)
  return {
    name: 'service-offers',
    id: service,
    add: [...chosen.ticked],
    dismiss: [],
    ...(asksModels(preset, chosen.ticked) ? { models: namedModels(chosen.models) } : {}),
    ...(asked.length === 0
      ? {}
      : { values: Object.fromEntries(asked.map(({ id }) => [id, said(chosen, id)])) }),
  }
}

/** The order to be told of these no more. */
export function dismissOrder(service: string, dismissed: string[]): OffersOrder {
  return { name: 'service-offers', id: service, add: [], dismiss: dismissed }
}

function said({ values }: ChosenOffers, id: string): string {
  return (values[id] ?? '').trim()
}
