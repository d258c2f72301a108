import { isDeepStrictEqual } from 'node:util'
import type { ApprovedBy } from '../../shared/model/audit-record.ts'
import { type Capability, CapabilitySchema } from '../../shared/model/capability.ts'
import type { Session } from '../../shared/model/grant.ts'
import { isReading } from '../../shared/model/reading.ts'
import type { Asked } from '../budgets/amounts.ts'
import { removeReservation } from '../budgets/reservation-rows.ts'
import { type NoRoom, type Room, reserve } from '../budgets/reserve.ts'
import { vaultTime } from '../sessions/clock.ts'
import { noteUse } from '../sessions/last-use.ts'
import { isLeftOrigin } from '../sessions/served-playground.ts'
import { isLive } from '../sessions/session-life.ts'
import { readSession, writeSession } from '../sessions/session-rows.ts'
import { type Approved, takeAnswer } from '../sessions/take-answer.ts'
import { isVaultPaused } from '../sessions/vault-pause.ts'
import { findCapability } from '../store/capabilities.ts'
import { findGrant } from '../store/grants.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { checkNotLocked } from '../vault/lock.ts'
import { appendRecord } from './chain.ts'
import { brokenLimit, rateIndex } from './limits.ts'
import { checkNotRolledBack } from './rollback.ts'
import { type CallRecord, wrongRecord } from './write-audit.ts'

/** Only this file has it. */
const MINT = Symbol('mint')

/**
 * Proof that the intent of one call is in the log. Only `recordIntent` and `recordOwnerCall` make one; the vault gives
 * secrets for nothing else.
 */
class Permit {
  readonly #brand = true
  /** Id of the intent. */
  readonly auditId: string
  readonly service: string
  readonly capability: string | null
  /** Null for the local owner's own call. */
  readonly session: string | null
  /** What was reserved for the call. */
  readonly room: Readonly<Room>

  constructor(
    mint: symbol,
    intent: { id: string; service: string; capability: string | null; session: string | null },
    room: Room,
  ) {
    // SECURITY: the constructor can be reached from any permit; without the symbol it makes none.
    if (mint !== MINT) throw new TypeError('a permit is made by recording an intent')
    this.auditId = intent.id
    this.service = intent.service
    this.capability = intent.capability
    this.session = intent.session
    this.room = Object.freeze({ ...room })
    Object.freeze(this)
  }

  static isPermit(value: unknown): value is Permit {
    return typeof value === 'object' && value !== null && #brand in value && value.#brand
  }
}

export type { Permit }

/** True for what `recordIntent` and `recordOwnerCall` made; false for anything that looks like it. */
export function isPermit(value: unknown): value is Permit {
  return Permit.isPermit(value)
}

/** Why there is no permit. */
export interface PermitRefused {
  readonly refused: 'session-ended' | 'vault-paused' | 'rate-limited' | 'approval-stale' | NoRoom
}

/** One call that was decided and is about to be sent. */
export interface Intent {
  readonly session: string | null
  readonly capability: Capability
  /** Whether it was decided as a call whose changes the owner is asked about. Absent: it was not. */
  readonly askWrites?: boolean
  /** The wall clock, milliseconds since the epoch. */
  readonly now: number
  readonly record: CallRecord
  /** What it may come to, see `policy/asked-tokens.ts`. Absent: nothing bounds it. */
  readonly asked?: Asked
  /** The owner's answer, for a call that an ask rule parked; absent or null for others. */
  readonly approved?: Approved | null
}

const UNBOUNDED: Asked = { bytesUp: null, input: null, output: null, spends: true }
const NO_LIMIT: Room = { up: null, down: null, counts: false }

/**
 * Reserve what one call may use and write its intent down, in one durable transaction: the session and its grant are
 * live and not paused, the capability is still what was decided by, its limits have room, and where the owner had to be asked the answer
 * is used up. `recordOutcome` settles it.
 *
 * @returns a permit, or why there is none; nothing is written then.
 * @throws Refusal where anything cannot be written: no audit, no send; `vault-locked` with keys from before a lock; `rolled-back`.
 */
export function recordIntent(store: Store, keys: VaultKeys, intent: Intent): Permit | PermitRefused {
  const { capability, record, asked = UNBOUNDED } = intent
  checkRecord(record, 'intent', {
    session: intent.session,
    capability: capability.id,
    service: capability.service,
  })
  return store.transaction(() => {
    checkNotLocked(store, keys)
    checkNotRolledBack(store)
    const time = vaultTime(store, keys, intent.now)
    const session =
      intent.session === null ? null : usableSession(store, keys, intent.session, capability, time)
    if (session === undefined || !isCurrent(store, keys, capability)) return { refused: 'session-ended' }
    // SECURITY: before anything is reserved or used up. Only calls of a session: the owner's own come by `recordOwnerCall`.
    if (session !== null && isVaultPaused(store)) return { refused: 'vault-paused' }
    if (session !== null && isUnasked(store, keys, intent, session)) return { refused: 'approval-stale' }
    const broken = brokenLimit(store, keys, { capability, session, time })
    if (broken !== null) return { refused: broken }
    // First what may refuse without a trace: an answer is used up only by a call that is sent.
    const room = reserve(store, keys, { id: record.id, capability, session, asked, time })
    if ('refused' in room) return room
    const yes = answerFor(store, keys, intent, session, time)
    if (yes === 'none') {
      removeReservation(store, record.id)
      return { refused: 'approval-stale' }
    }
    if (session !== null)
      writeSession(store, keys, { ...session, requests: session.requests + 1, lastUsedAt: time })
    noteUse(store, keys, time)
    appendRecord(store, keys, { ...record, approvedBy: yes }, time, rateIndex(keys, capability.id))
    const { service } = capability
    const about = { id: record.id, service, capability: capability.id, session: intent.session }
    return new Permit(MINT, about, room)
  })
}

// SECURITY: the owner may have wished to be asked since the call was decided.
function isUnasked(store: Store, keys: VaultKeys, { askWrites, record }: Intent, session: Session): boolean {
  if (askWrites === true || record.decision !== 'allow' || isReading(record.method)) return false
  return findGrant(store, keys, session.grant)?.askWrites ?? true
}

/** Who said yes to a call that the owner is asked about, `none` where nobody has; null where nobody has to. */
function answerFor(
  store: Store,
  keys: VaultKeys,
  { record, capability, approved }: Intent,
  session: Session | null,
  time: number,
): ApprovedBy | 'none' | null {
  if (record.decision === 'allow') return null
  // SECURITY: whatever the code before this has done, an ask without an answer sends nothing.
  if (session === null || approved === null || approved === undefined) return 'none'
  return takeAnswer(store, keys, approved, { session, capability, rule: record.rule ?? '' }, time) ?? 'none'
}

/** The session where it may be used for this capability now; undefined where not. */
function usableSession(
  store: Store,
  keys: VaultKeys,
  id: string,
  capability: Capability,
  time: number,
): Session | undefined {
  const session = readSession(store, keys, id)
  if (session === null || !isLive(session, time)) return undefined
  // SECURITY: the page of a playground whose process was killed is a stranger's, from the moment that one has its port.
  if (isLeftOrigin(store, keys, session)) return undefined
  if (session.capability !== capability.id || session.service !== capability.service) return undefined
  const grant = findGrant(store, keys, session.grant)
  return grant !== null && grant.capability === capability.id ? session : undefined
}

// SECURITY: what was decided must be what the owner wants now: a rule tightened in between counts.
function isCurrent(store: Store, keys: VaultKeys, capability: Capability): boolean {
  const stored = findCapability(store, keys, capability.id)
  // The very object, frozen, where nobody has written since the call was decided: see `store/opened-rows.ts`.
  if (stored === capability) return true
  return stored !== null && isDeepStrictEqual(stored, CapabilitySchema.parse(capability))
}

function checkRecord(
  record: CallRecord,
  kind: CallRecord['kind'],
  about: { session: string | null; capability: string | null; service: string },
): void {
  const { session, capability, service } = about
  if (record.kind !== kind || record.session !== session) throw wrongRecord()
  if (record.capability !== capability || record.service !== service || record.decision === 'deny')
    throw wrongRecord()
}

/**
 * Write down the intent of a call that the owner makes on this machine, `valetkey call` and `service test`: no session
 * and none of its limits, the same door to the secrets. Tokens and money of the capability count for it like for any.
 *
 * @param call `capability` null: a test of the service itself, which counts for no budget. `asked` as in {@link Intent}.
 * @returns a permit, or why there is none; nothing is written then.
 * @throws Refusal where it cannot be written: no audit, no send; `vault-locked` with keys from before a lock; `rolled-back`.
 */
export function recordOwnerCall(
  store: Store,
  keys: VaultKeys,
  call: { service: string; capability: Capability | null; record: CallRecord; asked?: Asked },
): Permit | PermitRefused {
  const { service, capability, record, asked = UNBOUNDED } = call
  checkRecord(record, 'intent', { session: null, capability: capability?.id ?? null, service })
  return store.transaction(() => {
    checkNotLocked(store, keys)
    checkNotRolledBack(store)
    const time = vaultTime(store, keys, record.at)
    const wanted = { id: record.id, session: null, asked, time }
    const room = capability === null ? NO_LIMIT : reserve(store, keys, { ...wanted, capability })
    if ('refused' in room) return room
    noteUse(store, keys, time)
    appendRecord(store, keys, record, time)
    return new Permit(MINT, { id: record.id, service, capability: record.capability, session: null }, room)
  })
}
