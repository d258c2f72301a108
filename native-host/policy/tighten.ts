import type { Capability, Effect, Rule } from '../../shared/model/capability.ts'
import type { Service } from '../../shared/model/service.ts'
import { isIdLike } from './id-like.ts'
import { hasWholeQuery, isShown, judgeRecorded, type RecordedCall } from './judge-recorded.ts'
import { matchesWidely } from './matches-widely.ts'
import { isPattern, matches, parsePattern } from './pattern.ts'

/** A segment that no rule's own text holds: what stands for any, where one pattern is compared with another. */
const ANY = 'any-0-segment-9f'

/** A place that was used: what a rule of its own could say of it. */
interface Place {
  readonly call: RecordedCall
  readonly method: string
  /** As it was, and with ids left open. */
  readonly used: string
  readonly path: string
  /** Null: the names are not all known. */
  readonly names: ReadonlySet<string> | null
  readonly effect: Effect
  /** The rule that let the calls through. */
  readonly by: string
}

/**
 * The rules of the smallest capability that would have let through what was used: each address with what looks like an id left
 * open, and the query names that came. Never more than the rules there are: each new one lies within the one that let its
 * calls through.
 *
 * What denies stays, and what asked. What asks and was not used denies now, so that nothing comes to be allowed that was asked
 * about.
 *
 * @param used calls that were let through.
 */
export function tightenRules(
  used: readonly RecordedCall[],
  capability: Capability,
  service: Service,
): Rule[] {
  const places = used.flatMap((call) => placesOf(call, capability, service))
  const denied = capability.rules.filter(({ effect }) => effect === 'deny')
  const asking = capability.rules
    .filter(({ effect }) => effect === 'ask')
    .map((rule) => withoutUse(rule, places))
  const allowing = mergePlaces(places.filter(({ effect }) => effect === 'allow')).map((place) => {
    return { effect: 'allow' as const, pattern: patternOf(place, service) }
  })
  return unlike([...denied, ...asking, ...allowing])
}

/** A rule that asks; one that denies where nothing that was used is in its reach. */
function withoutUse(rule: Rule, places: readonly Place[]): Rule {
  const pattern = parsePattern(rule.pattern)
  const isUsed = places.some(({ call, used }) => {
    const query = call.query.map((name) => [name, ''] as const)
    // A name that the log does not hold may be one that the rule lists.
    const reach = hasWholeQuery(call) ? pattern : { ...pattern, names: null }
    return matchesWidely(reach, call.method, used, query)
  })
  return isUsed ? rule : { effect: 'deny', pattern: rule.pattern }
}

function placesOf(call: RecordedCall, capability: Capability, service: Service): Place[] {
  const { effect, rule } = judgeRecorded(call, capability, service).decision
  const url = URL.parse(call.url)
  if (effect === 'deny' || rule === null || url === null) return []
  const names =
    hasWholeQuery(call) && new Set(call.query).size === call.query.length ? new Set(call.query) : null
  const used = call.url.slice(url.origin.length)
  const place = { call, method: call.method, used, path: used, names, effect, by: rule }
  const allowed = effect === 'ask' ? allowedBeside(place, capability) : []
  const open = { ...place, path: openPath(used) }
  return [isWithin(open) ? open : place, ...allowed]
}

/** What asks matches widely where something allows: the rule that allows is then needed as well. */
function allowedBeside(place: Place, { rules }: Capability): Place[] {
  const isExact = ({ pattern }: Rule) => {
    const query = place.call.query.filter(isShown).map((name) => [name, ''] as const)
    return matches(parsePattern(pattern), place.method, place.used, query)
  }
  if (rules.some((rule) => rule.effect === 'ask' && isExact(rule))) return []
  const allowing = rules.find((rule) => rule.effect === 'allow' && isExact(rule))
  return allowing === undefined ? [] : [{ ...place, effect: 'allow', by: allowing.pattern }]
}

function openPath(path: string): string {
  return path
    .split('/')
    .map((segment) => (isIdLike(segment) ? '*' : segment))
    .join('/')
}

/** True where the rule that let a place through says yes to all that the place says. */
function isWithin({ method, path, names, by }: Place): boolean {
  const filled = path.split('/').map((segment) => (segment === '*' ? ANY : segment))
  const query = [...(names ?? [])].map((name) => [name, ''] as const)
  return matches(parsePattern(by), method, filled.join('/'), query)
}

/** Places that differ in their query alone are one, which lists the names of all. */
function mergePlaces(places: readonly Place[]): Place[] {
  const byKey = new Map<string, Place>()
  for (const place of places) {
    const key = JSON.stringify([place.method, place.path, place.effect, place.by])
    const other = byKey.get(key)
    const names =
      other === undefined
        ? place.names
        : other.names === null || place.names === null
          ? null
          : new Set([...other.names, ...place.names])
    byKey.set(key, { ...place, names })
  }
  return [...byKey.values()]
}

function patternOf(place: Place, service: Service): string {
  // A rule lets through what may be a credential only where it is the very text of the service's own denial.
  if (service.credentialMinting.includes(place.by)) return place.by
  const bare = `${place.method} ${place.path}`
  const own = parsePattern(place.by).names
  const names = place.names ?? own
  const listed = names === null ? null : `${bare}?${[...names].map(encodeURIComponent).join('&')}`
  if (listed !== null && isPattern(listed)) return listed
  return own === null && isPattern(bare) ? bare : place.by
}

function unlike(rules: readonly Rule[]): Rule[] {
  const seen = new Set<string>()
  return rules.filter(({ effect, pattern }) => {
    const text = `${effect} ${pattern}`
    if (seen.has(text)) return false
    seen.add(text)
    return true
  })
}
