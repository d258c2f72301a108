import type { Capability } from '../../shared/model/capability.ts'
import type { Failover } from '../../shared/model/failover.ts'
import { type Sentence, say } from '../../shared/model/said.ts'
import type { Service } from '../../shared/model/service.ts'
import { canonicalise } from '../policy/canonical.ts'
import { decide } from '../policy/decide.ts'
import { failoverRequest } from '../policy/failover-request.ts'
import { Refusal } from '../refusal.ts'
import { findCapability } from '../store/capabilities.ts'
import type { OwnerContext } from './context.ts'
import { requireService } from './require.ts'

/**
 * Check before a capability is saved that its calls can go on where its failover says.
 *
 * @throws Refusal `unknown` where there is no such capability; `invalid` with a sentence: for itself or in a circle, for
 *   the same service, for another API, with models that are not allowed there, with settings that contradict each other.
 */
export function checkFailover(context: OwnerContext, capability: Capability, service: Service): void {
  const { failover } = capability
  if (failover === undefined) return
  checkSettings(failover)
  if (failover.capability === capability.id) throw invalid('a capability cannot be its own failover')
  const other = findCapability(context.store, context.keys, failover.capability)
  if (other === null)
    throw new Refusal('unknown', say`there is no capability \`${failover.capability}\` to go on to`)
  if (goesBack(context, other, capability.id))
    throw invalid(say`\`${other.id}\` goes on to \`${capability.id}\`: calls would go in a circle`)
  const there = requireService(context, other.service)
  if (there.id === service.id)
    throw invalid(say`\`${other.id}\` is for the same service, which does not answer then either`)
  checkModels(failover, other)
  if (!isOfOneShape(capability, service, other, there))
    throw invalid(
      say`\`${other.id}\` allows none of the calls of \`${capability.id}\`: is it for the same kind of API?`,
    )
}

function checkSettings({ on, models, wait }: Failover): void {
  if (new Set(on).size !== on.length) throw invalid('a reason to go on elsewhere stands there twice')
  if (new Set(models.map(({ from }) => from)).size !== models.length)
    throw invalid('a model has two names at the other service')
  if (wait !== null && !on.includes('timeout'))
    throw invalid('how long to wait for an answer goes with `timeout` among the reasons to go on elsewhere')
}

function checkModels({ models }: Failover, { id, models: listed }: Capability): void {
  const unlisted = listed === null ? undefined : models.find(({ to }) => !listed.includes(to))
  if (unlisted !== undefined) throw invalid(say`\`${id}\` does not allow the model \`${unlisted.to}\``)
}

function goesBack(context: OwnerContext, from: Capability, id: string): boolean {
  const seen = new Set<string>()
  for (let each: Capability | null = from; each !== null && !seen.has(each.id); ) {
    if (each.failover?.capability === id) return true
    seen.add(each.id)
    const next: string | undefined = each.failover?.capability
    each = next === undefined ? null : findCapability(context.store, context.keys, next)
  }
  return false
}

/** True where one call that the first names in full is let through by the second, or the first names none in full. */
function isOfOneShape(capability: Capability, from: Service, other: Capability, to: Service): boolean {
  const named = capability.rules.flatMap(({ effect, pattern }) =>
    effect === 'deny' || /[*?]/.test(pattern.slice(pattern.indexOf(' '))) ? [] : [pattern],
  )
  // Whether a body meets its conditions is for the call to say.
  const open = { ...other, body: [], models: null }
  return named.length === 0 || named.some((pattern) => isLetThrough(pattern, from, open, to))
}

function isLetThrough(pattern: string, from: Service, open: Capability, to: Service): boolean {
  const [methods = '', path = ''] = pattern.split(' ')
  const method = (methods.split(',')[0] ?? '').replace('*', 'POST')
  const origin = from.baseUrls.map((url) => URL.parse(url)?.origin).find((each) => each !== undefined)
  const canonical = canonicalise({ method, url: `${origin}${path}`, headers: [] }, from)
  if ('refused' in canonical) return false
  const made = failoverRequest(canonical.request, null, { from, to }, [])
  return !('refused' in made) && decide(made.request, null, open, to).effect !== 'deny'
}

function invalid(message: Sentence): Refusal {
  return new Refusal('invalid', message)
}
