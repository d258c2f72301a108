import type { Capability } from '../../shared/model/capability.ts'
import { CapabilitySchema } from '../../shared/model/capability.ts'
import { say } from '../../shared/model/said.ts'
import { presetById } from '../../shared/presets/catalogue.ts'
import type { GivenValues } from '../../shared/presets/fill-values.ts'
import { capabilityOrigin } from '../../shared/presets/preset-origin.ts'
import { capabilityFromPreset } from '../../shared/presets/preset-to-service.ts'
import { checkCapability } from '../policy/validate.ts'
import { Refusal } from '../refusal.ts'
import { endSessions } from '../sessions/sessions.ts'
import { findCapability, listCapabilities, putCapability, removeCapability } from '../store/capabilities.ts'
import { listGrants, removeGrant } from '../store/grants.ts'
import { checkFailover } from './check-failover.ts'
import { checkOffered } from './check-offered.ts'
import type { OwnerContext } from './context.ts'
import { firstIssue } from './first-issue.ts'
import { noteOffered } from './offers.ts'
import { withValues } from './preset-values.ts'
import { record } from './record.ts'
import { requireCapability, requireService } from './require.ts'

/** All capabilities, by id. */
export function list(context: OwnerContext): Capability[] {
  return listCapabilities(context.store, context.keys)
}

/**
 * Save a new capability.
 *
 * @throws Refusal `exists`, `unknown` (service), `invalid` with what is wrong in it.
 */
export function add(context: OwnerContext, draft: Capability): Capability {
  const service = requireService(context, draft.service)
  const parsed = CapabilitySchema.safeParse(draft)
  if (!parsed.success) throw new Refusal('invalid', firstIssue('capability', parsed.error.issues))
  const capability = parsed.data
  checkCapability(capability, service)
  checkFailover(context, capability, service)
  context.store.transaction(() => {
    if (findCapability(context.store, context.keys, capability.id) !== null) {
      throw new Refusal('exists', say`there is a capability \`${capability.id}\` already`)
    }
    putCapability(context.store, context.keys, capability)
    // What was added once is no news when it is removed again.
    if (capability.from !== undefined) noteOffered(context, service.id, [capability.from.capability])
    record(context, 'capability.add', capability.id)
  })
  return capability
}

/**
 * The capability that the service's own preset offers under a name, not saved.
 *
 * @throws Refusal `unknown` for a service, preset or name that there is not; `invalid` for a value it needs.
 */
export function fromPreset(
  context: OwnerContext,
  wanted: { id: string; service: string; name: string; models?: readonly string[]; values?: GivenValues },
): Capability {
  const service = requireService(context, wanted.service)
  const preset = service.preset === null ? null : presetById(service.preset)
  if (preset === null)
    throw new Refusal('unknown', say`service \`${service.id}\` does not come from a preset`)
  const offered = preset.capabilities.find((each) => each.id === wanted.name)
  if (offered === undefined) {
    const names = preset.capabilities.map((each) => `\`${each.id}\``).join(', ')
    throw new Refusal(
      'unknown',
      say`preset \`${preset.id}\` has no capability \`${wanted.name}\`: it has ${names}`,
    )
  }
  checkOffered(offered, service)
  const models = wanted.models === undefined ? {} : { models: [...wanted.models] }
  const values = wanted.values ?? {}
  const made = withValues(preset, values, () =>
    capabilityFromPreset(preset, wanted.name, { id: wanted.id, service, values, ...models }),
  )
  return { ...made, from: capabilityOrigin(made, wanted.name, values) }
}

/** Remove a capability, its grants and its sessions. @throws Refusal `unknown`. */
export function remove(context: OwnerContext, id: string): void {
  requireCapability(context, id)
  context.store.urgently(() => dropCapability(context, id))
}

/** The part of {@link remove} that runs inside a transaction of the caller's. */
export function dropCapability(context: OwnerContext, id: string): void {
  const { store, keys } = context
  endSessions(store, keys, { capability: id }, 'removed', context.now())
  for (const grant of listGrants(store, keys)) {
    if (grant.capability !== id) continue
    removeGrant(store, keys, grant.id)
    record(context, 'grant.remove', grant.id)
  }
  removeCapability(store, keys, id)
  record(context, 'capability.remove', id)
}
