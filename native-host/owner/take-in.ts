import type { Capability } from '../../shared/model/capability.ts'
import { CapabilitySchema } from '../../shared/model/capability.ts'
import type { Grant } from '../../shared/model/grant.ts'
import { say } from '../../shared/model/said.ts'
import type { Service } from '../../shared/model/service.ts'
import { ServiceSchema } from '../../shared/model/service.ts'
import { type Ledger, putBackLedger } from '../budgets/ledger.ts'
import { checkCapability, checkService } from '../policy/validate.ts'
import { Refusal } from '../refusal.ts'
import { endSessions } from '../sessions/sessions.ts'
import { findCapability, listCapabilities, putCapability } from '../store/capabilities.ts'
import { findGrant, findGrantFor, putGrant } from '../store/grants.ts'
import { findService, putService, removeService } from '../store/services.ts'
import type { Store } from '../store/store.ts'
import { checkFailover } from './check-failover.ts'
import { checkFit } from './check-fit.ts'
import { checkSchemes } from './check-schemes.ts'
import { checkSecrets, type SecretBytes } from './check-secrets.ts'
import type { OwnerContext } from './context.ts'
import { firstIssue } from './first-issue.ts'
import { putSecrets } from './put-secrets.ts'
import { record } from './record.ts'
import { requireService } from './require.ts'

/** A service with all of its secrets. */
export interface KeyedService {
  readonly service: Service
  readonly secrets: SecretBytes
}

/** What comes into the vault at once, from a file. */
export interface Intake {
  readonly services: readonly KeyedService[]
  readonly capabilities: readonly Capability[]
  readonly grants: readonly Grant[]
  readonly ledgers: readonly Ledger[]
  /** True where a vault had all of it before: what has run out since, a certificate, is no reason to lose the rest. */
  readonly wasSaved: boolean
}

/** What was done: ids, in the order of the intake. */
export interface TakenIn {
  services: string[]
  capabilities: string[]
  /** Ids of the grants that came in. */
  grants: string[]
  /** Services and capabilities that were there before and were replaced. */
  replaced: string[]
  /** Grants the vault had already, by id or for the same place: they stayed as they were. */
  keptGrants: number
}

/** Most ids a message names. */
const MOST_NAMED = 20

/**
 * Bring services, capabilities and grants in, all or nothing, each checked as when the owner adds it by hand.
 *
 * What is replaced is replaced whole, also its secrets, and its sessions end: nothing goes on under other rules. No session
 * is started.
 *
 * @param how `verb` of the acts in the audit (`restore`, `import`); `replace` false: an id that exists refuses everything.
 * @throws Refusal `exists` with the list of ids, `invalid`, `secret-missing`, `unknown` (a capability without its service).
 */
export function takeIn(
  context: OwnerContext,
  intake: Intake,
  how: { verb: string; replace: boolean },
): TakenIn {
  const checked = checkIntake(context, intake)
  return context.store.transaction(() => {
    const taken = takenIds(context, checked)
    if (taken.length > 0 && !how.replace) throw existing(taken)
    for (const each of checked.services) putWhole(context, each, how.verb)
    for (const each of checked.capabilities) putAnew(context, each, how.verb)
    // Now that all of them are there: one may go on to another.
    for (const each of checked.capabilities) checkGoingOn(context, each, checked)
    const grants = checked.grants.filter((grant) => putMissing(context, grant, how.verb))
    for (const ledger of checked.ledgers) putBackLedger(context.store, context.keys, ledger)
    return {
      services: checked.services.map(({ service }) => service.id),
      capabilities: checked.capabilities.map(({ id }) => id),
      grants: grants.map(({ id }) => id),
      replaced: taken,
      keptGrants: checked.grants.length - grants.length,
    }
  })
}

/**
 * The same without writing: what would be refused is refused, but for ids that are taken.
 *
 * @param complete false: secrets that are not there yet may be missing. @returns the ids that exist already.
 */
export function checkTakeIn(context: OwnerContext, intake: Intake, complete = true): string[] {
  const { store, keys } = context
  const checked = checkIntake(context, intake, complete)
  const taken = takenIds(context, checked)
  undone(store, () => {
    for (const { service } of checked.services) putService(store, keys, service)
    for (const capability of checked.capabilities) putCapability(store, keys, capability)
    // One may go on to another of them: that can be told only with all of them in place.
    for (const each of checked.capabilities) checkGoingOn(context, each, checked)
  })
  return taken
}

/** Do work that throws where something is wrong, and leave nothing of it. */
function undone(store: Store, work: () => void): void {
  const enough = new Error('enough')
  try {
    store.transaction(() => {
      work()
      throw enough
    })
  } catch (error) {
    if (error !== enough) throw error
  }
}

/** The refusal for ids that are there already, all of them named as far as a sentence can. */
export function existing(taken: readonly string[]): Refusal {
  const named = taken.slice(0, MOST_NAMED).join(', ')
  const more = taken.length > MOST_NAMED ? ` and ${taken.length - MOST_NAMED} more` : ''
  return new Refusal(
    'exists',
    say`the vault has these already: ${named}${more}. Nothing was changed; \`--replace\` puts these in their place`,
  )
}

function checkIntake(context: OwnerContext, intake: Intake, complete = true): Intake {
  const services = intake.services.map(({ service, secrets }) => ({
    service: checkedService(service, secrets, { complete, now: intake.wasSaved ? null : context.now() }),
    secrets,
  }))
  refuseTwice(
    'service',
    services.map(({ service }) => service.id),
  )
  const byId = new Map(services.map(({ service }) => [service.id, service]))
  const capabilities = intake.capabilities.map((draft) => checkedCapability(context, draft, byId))
  refuseTwice(
    'capability',
    capabilities.map(({ id }) => id),
  )
  const known = new Set(
    [...capabilities, ...listCapabilities(context.store, context.keys)].map(({ id }) => id),
  )
  const lost = intake.grants.find((grant) => !known.has(grant.capability))
  if (lost !== undefined)
    throw new Refusal('unknown', say`a grant is for \`${lost.capability}\`, and there is no such capability`)
  return { ...intake, services, capabilities }
}

function checkedService(
  draft: Service,
  secrets: SecretBytes,
  how: { complete: boolean; now: number | null },
): Service {
  const parsed = ServiceSchema.safeParse(draft)
  if (!parsed.success)
    throw new Refusal('invalid', firstIssue(`service \`${draft.id}\``, parsed.error.issues))
  checkService(parsed.data)
  checkSecrets(parsed.data, secrets, how.complete)
  checkSchemes(parsed.data)
  checkFit(parsed.data, secrets, how)
  return parsed.data
}

function checkedCapability(
  { store, keys }: OwnerContext,
  draft: Capability,
  services: ReadonlyMap<string, Service>,
): Capability {
  const parsed = CapabilitySchema.safeParse(draft)
  if (!parsed.success)
    throw new Refusal('invalid', firstIssue(`capability \`${draft.id}\``, parsed.error.issues))
  const service = services.get(draft.service) ?? findService(store, keys, draft.service)
  if (service === null)
    throw new Refusal(
      'unknown',
      say`capability \`${draft.id}\` is for \`${draft.service}\`, and there is no such service`,
    )
  checkCapability(parsed.data, service)
  return parsed.data
}

function refuseTwice(what: string, ids: readonly string[]): void {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw new Refusal('invalid', say`the ${what} \`${twice}\` stands there twice`)
}

/** Services and capabilities of an intake whose ids exist already. */
export function takenIds({ store, keys }: OwnerContext, { services, capabilities }: Intake): string[] {
  const ofServices = services
    .map(({ service }) => service.id)
    .filter((id) => findService(store, keys, id) !== null)
  const ofCapabilities = capabilities
    .map(({ id }) => id)
    .filter((id) => findCapability(store, keys, id) !== null)
  return [...ofServices.map((id) => `service ${id}`), ...ofCapabilities.map((id) => `capability ${id}`)]
}

function putWhole(context: OwnerContext, { service, secrets }: KeyedService, verb: string): void {
  const { store, keys, now } = context
  for (const capability of listCapabilities(store, keys)) {
    if (capability.service === service.id)
      endSessions(store, keys, { capability: capability.id }, 'removed', now())
  }
  // SECURITY: with its row go its secrets; one of before must not be sent to where the new one lives.
  removeService(store, keys, service.id)
  putService(store, keys, service)
  putSecrets(context, service.id, secrets)
  record(context, `service.${verb}`, service.id)
}

function putAnew(context: OwnerContext, capability: Capability, verb: string): void {
  endSessions(context.store, context.keys, { capability: capability.id }, 'removed', context.now())
  putCapability(context.store, context.keys, capability)
  record(context, `capability.${verb}`, capability.id)
}

function checkGoingOn(context: OwnerContext, capability: Capability, { wasSaved }: Intake): void {
  try {
    checkFailover(context, capability, requireService(context, capability.service))
  } catch (error) {
    // What it went on to may have been removed in the vault it comes from: then it goes on to nothing.
    if (!(wasSaved && error instanceof Refusal && error.code === 'unknown')) throw error
  }
}

function putMissing(context: OwnerContext, grant: Grant, verb: string): boolean {
  const { store, keys } = context
  const { origin, topOrigin, capability, id } = grant
  if (findGrant(store, keys, id) !== null) return false
  if (findGrantFor(store, keys, origin, topOrigin, capability) !== null) return false
  putGrant(store, keys, grant)
  record(context, `grant.${verb}`, id)
  return true
}
