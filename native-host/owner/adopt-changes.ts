import { type Capability, CapabilitySchema } from '../../shared/model/capability.ts'
import type { PresetUpdate } from '../../shared/model/preset-change.ts'
import { type Service, type ServiceMade, ServiceSchema } from '../../shared/model/service.ts'
import { isSignedInTo, secretNames } from '../../shared/presets/secret-names.ts'
import { capabilityDifferences } from '../policy/capability-differences.ts'
import { type CapabilityMade, capabilityView } from '../policy/capability-parts.ts'
import { checkCapability, checkService } from '../policy/validate.ts'
import { Refusal } from '../refusal.ts'
import { putCapability } from '../store/capabilities.ts'
import { listSecretNames, putService } from '../store/services.ts'
import { checkFailover } from './check-failover.ts'
import { checkSchemes } from './check-schemes.ts'
import type { OwnerContext } from './context.ts'
import { firstIssue } from './first-issue.ts'
import { type Change, serviceView } from './preset-changes.ts'
import { type Compared, compared, shown } from './preset-update.ts'
import { record } from './record.ts'
import { requireService } from './require.ts'

/** What the owner decided of changes that were shown, by their ids. What is in neither list is shown again. */
export interface Decided {
  readonly digest: string
  readonly adopt: readonly string[]
  /** Stays as it is, as the owner's own choice. */
  readonly keep: readonly string[]
  readonly widen: boolean
}

/**
 * Take over changes of a preset into a stored service and its capabilities, all or nothing; they bind live sessions from
 * their next call.
 *
 * @returns what is still otherwise.
 * @throws Refusal `unknown` where `digest` is not that of what would be shown now, or an id is none of it; `invalid` where a
 *   change opens something and `widen` does not say so; `secret-missing` where another scheme wants a secret there is not.
 */
export function adoptChanges(context: OwnerContext, id: string, decided: Decided): PresetUpdate {
  return context.store.transaction(() => {
    const found = compared(context, requireService(context, id))
    const told = shown(found)
    // SECURITY: what is saved is what was shown, and nothing that anybody changed meanwhile is undone.
    if (told.digest !== decided.digest)
      throw new Refusal('unknown', 'the service is not as it was when its changes were shown: look again')
    checkDecided(told, decided)
    const service = updatedService(found, decided)
    if (service !== found.service) checkUpdated(context, found.service, service)
    for (const each of found.capabilities) updateCapability(context, each, { found, service, decided })
    if (service !== found.service) {
      putService(context.store, context.keys, service)
      record(context, 'service.update', id)
    }
    return shown(compared(context, requireService(context, id)))
  })
}

function checkDecided({ changes }: PresetUpdate, { adopt, keep, widen }: Decided): void {
  const known = new Map(changes.map((each) => [each.id, each]))
  const odd = [...adopt, ...keep].find((id) => !known.has(id))
  if (odd !== undefined) throw new Refusal('unknown', `there is no change \`${odd}\` to this service`)
  const both = adopt.find((id) => keep.includes(id))
  if (both !== undefined)
    throw new Refusal('invalid', `the change \`${both}\` is adopted and kept out at once`)
  if (!widen && adopt.some((id) => known.get(id)?.opens === true)) throw opensMore()
}

function opensMore(): Refusal {
  return new Refusal('invalid', 'a change allows more than before: confirm it to adopt it')
}

/** The very object where nothing is decided of it. */
function updatedService({ service, itself }: Compared, { adopt, keep }: Decided): Service {
  if (typeof itself === 'string') return service
  const { now, changes } = itself
  const decided = changes.filter(({ shown }) => adopt.includes(shown.id) || keep.includes(shown.id))
  const made = into(serviceView(service, now), chosen(changes, adopt))
  const kept = keptAfter(service.from?.made, now.made, changes.length === decided.length, decided)
  if (kept === null && made === null) return service
  const { hazards: _, ...parts } = made ?? serviceView(service, now)
  const { queue: __, modelLists: ___, denyFields: ____, from: _____, ...rest } = service
  // Which of its capabilities were offered is told and decided apart.
  const from = kept === null ? service.from : { ...service.from, values: now.values, made: kept }
  const parsed = ServiceSchema.safeParse({ ...rest, ...parts, ...(from === undefined ? {} : { from }) })
  if (!parsed.success) throw new Refusal('invalid', firstIssue('service', parsed.error.issues))
  return parsed.data
}

function checkUpdated({ store, keys }: OwnerContext, before: Service, service: Service): void {
  checkService(service)
  checkSchemes(service)
  if (JSON.stringify(before.auth) === JSON.stringify(service.auth)) return
  const stored = listSecretNames(store, keys, service.id)
  const needed = secretNames(service.auth.filter(({ auth }) => !isSignedInTo(auth)))
  const lacking = needed.find((name) => !stored.includes(name))
  if (lacking !== undefined)
    throw new Refusal(
      'secret-missing',
      `the preset's other way to give the key needs a secret \`${lacking}\`: remove the service and add it anew`,
    )
}

function updateCapability(
  context: OwnerContext,
  { stored, compared }: Compared['capabilities'][number],
  { found, service, decided }: { found: Compared; service: Service; decided: Decided },
): void {
  const after = typeof compared === 'string' ? stored : updatedCapability(stored, compared, decided)
  if (after === stored && service === found.service) return
  checkCapability(after, service)
  if (after === stored) return
  checkFailover(context, after, service)
  const differences = capabilityDifferences(stored, after, service)
  // SECURITY: changes that open nothing one by one may do so together.
  if (!decided.widen && differences.some(({ opens }) => opens)) throw opensMore()
  putCapability(context.store, context.keys, after)
  if (differences.length > 0 || stored.label !== after.label) record(context, 'capability.update', after.id)
}

function updatedCapability(
  stored: Capability,
  { now, changes }: Exclude<Compared['capabilities'][number]['compared'], string>,
  { adopt, keep }: Decided,
): Capability {
  const decided = changes.filter(({ shown }) => adopt.includes(shown.id) || keep.includes(shown.id))
  const made = into(capabilityView(stored), chosen(changes, adopt))
  const kept = keptAfter(stored.from?.made, now.made, changes.length === decided.length, decided)
  if (kept === null && made === null) return stored
  const from = kept === null ? stored.from : { capability: now.capability, values: now.values, made: kept }
  const parsed = CapabilitySchema.safeParse({ ...stored, ...made, ...(from === undefined ? {} : { from }) })
  if (!parsed.success) throw new Refusal('invalid', firstIssue('capability', parsed.error.issues))
  return parsed.data
}

function chosen<M>(changes: readonly Change<M>[], ids: readonly string[]): Change<M>[] {
  return changes.filter(({ shown }) => ids.includes(shown.id))
}

/** Null where there is nothing to take over. */
function into<M extends ServiceMade | CapabilityMade>(made: M, changes: readonly Change<M>[]): M | null {
  return changes.length === 0 ? null : changes.reduce((so, change) => change.into(so), made)
}

/**
 * What is kept of the preset from now on: what was decided of is not shown again. Where nothing was kept before, only a
 * decision about all of it says what is the owner's own.
 *
 * @returns null where what was kept stays.
 */
function keptAfter<M extends ServiceMade | CapabilityMade>(
  kept: M | undefined,
  now: M,
  isWhole: boolean,
  decided: readonly Change<M>[],
): M | null {
  if (kept === undefined) return isWhole ? now : null
  return into(kept, decided)
}
