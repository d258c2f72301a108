import { createHash } from 'node:crypto'
import { type Capability, CapabilitySchema } from '../../shared/model/capability.ts'
import { EDITABLE_LIMITS } from '../../shared/model/capability-bounds.ts'
import type { CapabilityEdit, CapabilityPreview } from '../../shared/model/capability-edit.ts'
import { capabilityDifferences } from '../policy/capability-differences.ts'
import { checkCapability } from '../policy/validate.ts'
import { Refusal } from '../refusal.ts'
import { putCapability } from '../store/capabilities.ts'
import { checkFailover } from './check-failover.ts'
import type { OwnerContext } from './context.ts'
import { firstIssue } from './first-issue.ts'
import { record } from './record.ts'
import type { CallChoice } from './recorded-calls.ts'
import { replayUnder } from './replay.ts'
import { requireCapability, requireService } from './require.ts'
import { proposeTighter } from './tighten.ts'

/** How far back in the log an edit is tried, in records: an owner waits for it. */
const LATEST_RECORDS = 5000
/** How many calls of those. */
const LATEST_CALLS = 200
/** A tightening goes by more, since what it does not find it takes away. */
const TIGHTEN_RECORDS = 20_000
/** Most kinds of call that are told to be decided otherwise. */
const MOST_CHANGED = 50

/**
 * A capability with an edit, not saved.
 *
 * @throws Refusal `unknown` for a capability there is not; `invalid` with what is wrong in it.
 */
export function edited(context: OwnerContext, id: string, edit: CapabilityEdit): Capability {
  const before = requireCapability(context, id)
  const service = requireService(context, before.service)
  const { failover, limits, ...parts } = edit
  const parsed = CapabilitySchema.safeParse({
    ...before,
    ...parts,
    // Null is the edit's word for none; a capability without one has no such member.
    ...(failover === undefined ? {} : { failover: failover ?? undefined }),
    limits: { ...before.limits, ...limits },
  })
  if (!parsed.success) throw new Refusal('invalid', firstIssue('capability', parsed.error.issues))
  checkCapability(parsed.data, service)
  checkFailover(context, parsed.data, service)
  return parsed.data
}

/** What an edit would come to: its differences, and the latest calls decided anew. Saves nothing. @throws Refusal as {@link edited}. */
export function preview(context: OwnerContext, id: string, edit: CapabilityEdit): CapabilityPreview {
  return context.store.snapshot(() => {
    const after = edited(context, id, edit)
    const before = requireCapability(context, id)
    const differences = capabilityDifferences(before, after, requireService(context, before.service))
    return {
      digest: digestOf(before, after),
      edit,
      before,
      after,
      differences,
      widens: differences.some(({ opens }) => opens),
      replay: tried(context, after),
    }
  })
}

/** What would leave only what was used, by the log's latest records. Saves nothing. @throws Refusal as `proposeTighter`. */
export function previewTighter(context: OwnerContext, id: string): CapabilityPreview {
  const { before, after } = proposeTighter(context, id, { records: TIGHTEN_RECORDS })
  const names = EDITABLE_LIMITS.filter((name) => before.limits[name] !== after.limits[name])
  return preview(context, id, {
    rules: after.rules,
    limits: Object.fromEntries(names.map((name) => [name, after.limits[name]])),
  })
}

/**
 * Save an edit that was shown; it binds live sessions from their next call.
 *
 * @throws Refusal `unknown` where `digest` is not that of this edit to the capability as it is now; `invalid` where it
 *   widens and `widen` does not say so; else as {@link edited}.
 */
export function update(
  context: OwnerContext,
  id: string,
  edit: CapabilityEdit,
  { digest, widen }: { digest: string; widen: boolean },
): Capability {
  return context.store.transaction(() => {
    const before = requireCapability(context, id)
    const after = edited(context, id, edit)
    // SECURITY: what is saved is what was shown, and nothing that anybody changed meanwhile is undone.
    if (digestOf(before, after) !== digest)
      throw new Refusal(
        'unknown',
        'the capability is not as it was when this change was shown: look at it again',
      )
    const differences = capabilityDifferences(before, after, requireService(context, before.service))
    if (!widen && differences.some(({ opens }) => opens))
      throw new Refusal('invalid', 'this change allows more than before: confirm it to save it')
    if (differences.length === 0) return before
    putCapability(context.store, context.keys, after)
    record(context, 'capability.update', id)
    return after
  })
}

function digestOf(before: Capability, after: Capability): string {
  return createHash('sha256')
    .update(JSON.stringify([before, after]))
    .digest('hex')
}

function tried(context: OwnerContext, after: Capability): CapabilityPreview['replay'] {
  const where: CallChoice = { capability: after.id, records: LATEST_RECORDS, calls: LATEST_CALLS }
  const { calls, changed, uncertain, otherwiseRefused } = replayUnder(context, after, where)
  return {
    calls: calls - otherwiseRefused,
    changed: changed.slice(0, MOST_CHANGED).map(({ method, url, query, count, was, now, nowReason }) => {
      return { method, url, query, count, was, now, nowReason }
    }),
    uncertain: uncertain.reduce((sum, { count }) => sum + count, 0),
  }
}
