import type { Capability } from '../../shared/model/capability.ts'
import type { PresetOffers } from '../../shared/model/preset-change.ts'
import type { Service } from '../../shared/model/service.ts'
import { presetById } from '../../shared/presets/catalogue.ts'
import { isOffered } from '../../shared/presets/is-offered.ts'
import { putService } from '../store/services.ts'
import type { OwnerContext } from './context.ts'
import { offeredAs } from './preset-now.ts'
import { requireService } from './require.ts'

/**
 * The capabilities that a service's preset has by now and had not when the service was made.
 *
 * @param capabilities all there are, also of other services: what its owner has already is no news.
 * @returns null where there is none, no preset, or where it was not kept what there was.
 */
export function newOffers(service: Service, capabilities: readonly Capability[]): PresetOffers | null {
  const preset = presetById(service.preset ?? '')
  const { offered, values = {} } = service.from ?? {}
  if (preset === null || offered === undefined) return null
  const own = capabilities
    .filter((each) => each.service === service.id)
    .map((each) => offeredAs(each, preset))
  const fresh = preset.capabilities
    .filter((each) => isOffered(each, service.auth))
    .map(({ id }) => id)
    .filter((id) => !offered.includes(id) && !own.includes(id))
  return fresh.length === 0 ? null : { capabilities: fresh, known: Object.keys(values) }
}

/**
 * Tell these capabilities of its preset as new no more; for a transaction of the caller's.
 *
 * @returns whether that changed anything: of a service from before it was kept what there was, nothing is.
 * @throws Refusal `unknown` where there is no such service.
 */
export function noteOffered(context: OwnerContext, id: string, names: readonly string[]): boolean {
  const service = requireService(context, id)
  const { from } = service
  if (from?.offered === undefined) return false
  const offered = [...new Set([...from.offered, ...names])]
  if (offered.length === from.offered.length) return false
  putService(context.store, context.keys, { ...service, from: { ...from, offered } })
  return true
}
