import type { Service } from '../../shared/model/service.ts'
import { presetById } from '../../shared/presets/catalogue.ts'
import { baseLength, type Place } from './base-url.ts'

/** `/v1`, `/v1beta`: where APIs of one shape put their version. */
const VERSION = /^\/(v\d[0-9a-z.]*)(?=\/|$)/

/**
 * The address at another service of the same API shape. Some base URLs end in the version of the API (`https://host/v1`,
 * as client libraries take them) and some have it behind them (`https://host`): it is there once in the result.
 *
 * @param place canonical, of service `from`.
 * @returns below the first base URL of `to`; null where the place is not one of `from`.
 */
export function rebasePath(place: Place, from: Service, to: Service): string | null {
  const base = from.baseUrls
    .toSorted((a, b) => b.length - a.length)
    .find((url) => baseLength(url, place) >= 0)
  const [target] = to.baseUrls
  if (base === undefined || target === undefined) return null
  const below = place.path.slice(baseLength(base, place))
  const own = hasVersion(base, from) ? null : VERSION.exec(below)
  const version = hasVersion(base, from) ? versionOf(base) : own === null ? null : own[1]
  const call = own === null ? below : below.slice(own[0].length)
  if (version === null || version === undefined || hasVersion(target, to)) return target + call
  return `${target}/${version}${call}`
}

/** True where calls go right below the base URL, without a version between. */
function hasVersion(baseUrl: string, service: Service): boolean {
  const path = pathOf(baseUrl)
  if (path === '') return false
  const preset = service.preset === null ? null : presetById(service.preset)
  return preset?.baseUrlHint !== undefined || path.split('/').some((segment) => VERSION.test(`/${segment}`))
}

function versionOf(baseUrl: string): string {
  const segments = pathOf(baseUrl).split('/')
  return segments.findLast((segment) => VERSION.test(`/${segment}`)) ?? 'v1'
}

function pathOf(baseUrl: string): string {
  return (URL.parse(baseUrl)?.pathname ?? '').replace(/\/+$/, '')
}
