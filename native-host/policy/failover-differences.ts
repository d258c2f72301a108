import type { CapabilityDifference } from '../../shared/model/capability-edit.ts'
import type { Failover } from '../../shared/model/failover.ts'
import { nameThere } from './failover-body.ts'

/**
 * Whether calls go on elsewhere than before. It opens where a call could go on, or could be sent twice, that was not before;
 * that the other capability decides anew and needs its own session makes it no smaller: what a page meant for one
 * service reaches another.
 */
export function failoverDifferences(was: Failover | null, now: Failover | null): CapabilityDifference[] {
  if (JSON.stringify(was) === JSON.stringify(now)) return []
  return [{ kind: 'failover', was, now, opens: opens(was, now) }]
}

function opens(was: Failover | null, now: Failover | null): boolean {
  if (now === null) return false
  if (was === null || was.capability !== now.capability) return true
  if (now.on.some((trigger) => !was.on.includes(trigger))) return true
  return waitsLess(was, now) || !renamesLess(was, now)
}

/** The sooner a call goes on, the more calls do, also those whose answer was on its way. */
function waitsLess(was: Failover, now: Failover): boolean {
  return (now.wait ?? Number.POSITIVE_INFINITY) < (was.wait ?? Number.POSITIVE_INFINITY)
}

/** A model that neither of two failovers names. */
const ANY_OTHER = '\0'

/** True where no model gets another name there than before, or one where it had none. */
function renamesLess(was: Failover, now: Failover): boolean {
  const named = [...was.models, ...now.models].flatMap(({ from, to }) => [from ?? ANY_OTHER, to])
  return [ANY_OTHER, ...named].every((model) => {
    const name = nameThere(model, now.models)
    return name === null || name === nameThere(model, was.models)
  })
}
