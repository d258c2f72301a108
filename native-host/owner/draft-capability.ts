import { createHash } from 'node:crypto'
import { type Capability, CapabilitySchema } from '../../shared/model/capability.ts'
import type { CapabilityDraft, DraftedCapability } from '../../shared/model/capability-draft.ts'
import { say } from '../../shared/model/said.ts'
import { DEFAULT_LIMITS } from '../../shared/presets/preset-to-service.ts'
import { checkCapability } from '../policy/validate.ts'
import { Refusal } from '../refusal.ts'
import { findCapability } from '../store/capabilities.ts'
import * as capabilities from './capabilities.ts'
import type { OwnerContext } from './context.ts'
import { firstIssue } from './first-issue.ts'
import { requireService } from './require.ts'

/**
 * The capability that a draft would become, not saved.
 *
 * @throws Refusal `unknown` (service), `exists`, `invalid` with what is wrong in it.
 */
export function draft(context: OwnerContext, wanted: CapabilityDraft): DraftedCapability {
  const service = requireService(context, wanted.service)
  const { id, label, allow, limits } = wanted
  const parsed = CapabilitySchema.safeParse({
    id,
    service: service.id,
    label,
    rules: [...new Set(allow)].map((pattern) => ({ effect: 'allow', pattern })),
    body: [],
    models: null,
    limits: { ...DEFAULT_LIMITS, ...limits },
  })
  if (!parsed.success) throw new Refusal('invalid', firstIssue('capability', parsed.error.issues))
  checkCapability(parsed.data, service)
  if (findCapability(context.store, context.keys, id) !== null)
    throw new Refusal('exists', say`there is a capability \`${id}\` already: give this one another name`)
  return { digest: capabilityDigest(parsed.data), capability: parsed.data }
}

/**
 * Save a draft that was shown.
 *
 * @throws Refusal `unknown` where `digest` is not that of what the draft would become now; else as {@link draft}.
 */
export function addDrafted(context: OwnerContext, wanted: CapabilityDraft, digest: string): Capability {
  return context.store.transaction(() => {
    const drafted = draft(context, wanted)
    // SECURITY: what is saved is what was shown.
    if (drafted.digest !== digest)
      throw new Refusal('unknown', 'this is not the capability that was shown: look at it again')
    return capabilities.add(context, drafted.capability)
  })
}

/** Names one exact capability: all of it, in hexadecimal SHA-256. */
export function capabilityDigest(capability: Capability): string {
  return createHash('sha256').update(JSON.stringify(capability)).digest('hex')
}
