import type { Capability } from '../../shared/model/capability.ts'
import { say } from '../../shared/model/said.ts'
import type { Service } from '../../shared/model/service.ts'
import { Refusal } from '../refusal.ts'
import { findCapability } from '../store/capabilities.ts'
import { findService } from '../store/services.ts'
import type { OwnerContext } from './context.ts'

/** The service of that id. @throws Refusal `unknown`. */
export function requireService(context: OwnerContext, id: string): Service {
  const service = findService(context.store, context.keys, id)
  if (service === null) throw new Refusal('unknown', say`there is no service \`${id}\``)
  return service
}

/** The capability of that id. @throws Refusal `unknown`. */
export function requireCapability(context: OwnerContext, id: string): Capability {
  const capability = findCapability(context.store, context.keys, id)
  if (capability === null) throw new Refusal('unknown', say`there is no capability \`${id}\``)
  return capability
}
