import type { Capability, CapabilityLimits, ModelPrice, Prices } from '../../shared/model/capability.ts'
import type { CapabilityEdit } from '../../shared/model/capability-edit.ts'
import type { Failover, FailoverTrigger } from '../../shared/model/failover.ts'
import { DEFAULT_ON } from './parse-failover.ts'
import { NONE, type OrNone, typed } from './parse-figures.ts'
import { UsageError } from './usage-error.ts'

/** What the owner types of an edit. What is absent stays as it is. */
export interface EditOptions {
  failover?: OrNone<string>
  failoverOn?: FailoverTrigger[]
  /** `none`: the same names. */
  failoverModel?: OrNone<Failover['models']>
  failoverTimeout?: OrNone<number>
  price?: OrNone<Prices>
  modelPrice?: OrNone<ModelPrice[]>
  maxCost?: OrNone<number>
  budgetPeriod?: CapabilityLimits['period']
}

/**
 * The edit that was typed, whole in each part: what is not named of a failover or of prices is as it was.
 *
 * @throws UsageError where nothing is to be changed, or something of a failover or of prices that there are none of.
 */
export function editOf(before: Capability, options: EditOptions): CapabilityEdit {
  const failover = failoverEdit(before.failover, options)
  const prices = priceEdit(before.limits.prices, options)
  const { maxCost, budgetPeriod: period } = options
  const limits = {
    ...(prices === undefined ? {} : { prices }),
    ...(maxCost === undefined ? {} : { maxCost: typed(maxCost) }),
    ...(period === undefined ? {} : { period }),
  }
  if (failover === undefined && Object.keys(limits).length === 0)
    throw new UsageError('say what is to be otherwise: see `valetkey capability edit --help`')
  return {
    ...(failover === undefined ? {} : { failover }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  }
}

function failoverEdit(before: Failover | undefined, options: EditOptions): Failover | null | undefined {
  const { failover, failoverOn, failoverModel, failoverTimeout } = options
  const settings = [failoverOn, failoverModel, failoverTimeout]
  if (failover === undefined && settings.every((each) => each === undefined)) return undefined
  if (failover === NONE) {
    if (settings.some((each) => each !== undefined))
      throw new UsageError('`--failover none` goes with no other setting of a failover')
    return null
  }
  const capability = failover ?? before?.capability
  if (capability === undefined)
    throw new UsageError('its calls go on nowhere yet: say where with `--failover`')
  const on = failoverOn ?? before?.on ?? DEFAULT_ON
  // How long to wait means nothing where a wait is no reason to go on.
  const kept = on.includes('timeout') ? (before?.wait ?? null) : null
  return {
    capability,
    on,
    models: failoverModel === undefined ? (before?.models ?? []) : (typed(failoverModel) ?? []),
    wait: failoverTimeout === undefined ? kept : typed(failoverTimeout),
  }
}

function priceEdit(before: Prices | null, { price, modelPrice }: EditOptions): Prices | null | undefined {
  if (price === undefined && modelPrice === undefined) return undefined
  const base = price === undefined ? before : typed(price)
  const models = modelPrice === undefined ? (before?.models ?? []) : (typed(modelPrice) ?? [])
  if (base === null) {
    if (modelPrice !== undefined && modelPrice !== NONE)
      throw new UsageError('say with `--price` what the other models cost')
    return null
  }
  const { models: _, ...others } = base
  return models.length === 0 ? others : { ...others, models }
}
