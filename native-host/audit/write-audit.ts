import { randomUUID } from 'node:crypto'
import type { AuditRecord } from '../../shared/model/audit-record.ts'
import type { Session } from '../../shared/model/grant.ts'
import { UNKNOWN_USE, type Use } from '../budgets/amounts.ts'
import { type Settled, settle } from '../budgets/settle.ts'
import { Refusal } from '../refusal.ts'
import { isAutoLockDueAt } from '../sessions/auto-lock.ts'
import { vaultTime } from '../sessions/clock.ts'
import { noteUse } from '../sessions/last-use.ts'
import { isLive } from '../sessions/session-life.ts'
import { readSession, writeSession } from '../sessions/session-rows.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { appendRecord } from './chain.ts'

/** A record of one call: what was sent or refused. */
export type CallRecord = Extract<AuditRecord, { kind: 'intent' | 'refusal' }>

/** A record of how a call ended. */
export type OutcomeRecord = Extract<AuditRecord, { kind: 'outcome' }>

/** Write down a call that was refused, or `count` of them, and count it for its session. Durable when it returns. */
export function recordRefusal(store: Store, keys: VaultKeys, record: CallRecord): void {
  if (record.kind !== 'refusal') throw wrongRecord()
  store.transaction(() => {
    const session = record.session === null ? null : readSession(store, keys, record.session)
    if (session !== null) writeSession(store, keys, { ...session, blocked: session.blocked + record.count })
    appendRecord(store, keys, record, vaultTime(store, keys, record.at))
  })
}

/**
 * Write down how a call ended, and settle what it had reserved at what it used. Durable when it returns.
 *
 * @param record its `tokens` and `cost` are what settling says. @param use absent: unknown, so all that was reserved.
 */
export function recordOutcome(
  store: Store,
  keys: VaultKeys,
  record: Omit<OutcomeRecord, 'tokens' | 'cost'>,
  sessionId: string | null,
  use: Use = UNKNOWN_USE,
): void {
  store.transaction(() => {
    const time = vaultTime(store, keys, record.at)
    const settled = settle(store, keys, record.intent, use, time)
    const session = sessionId === null ? null : readSession(store, keys, sessionId)
    if (session !== null) {
      const bytes = session.bytes + record.responseBytes
      const bytesUp = session.bytesUp + record.requestBytes
      // A stream that has just ended was a use; one that outlived its session is none.
      const lastUsedAt = isLive(session, time) ? time : session.lastUsedAt
      writeSession(store, keys, { ...session, bytes, bytesUp, lastUsedAt, ...used(session, settled) })
    }
    // SECURITY: a call that breaks as the machine wakes, before anybody looked at the time, keeps no vault open.
    if (!isAutoLockDueAt(store, keys, time)) noteUse(store, keys, time)
    appendRecord(store, keys, { ...record, ...settled }, time)
  })
}

/** What a session has used with this call; what nobody knows is left out. */
function used(session: Session, { tokens, cost }: Settled): Pick<Session, 'tokens' | 'cost'> {
  return {
    ...(tokens === null ? {} : { tokens: (session.tokens ?? 0) + tokens.input + tokens.output }),
    ...(cost === null ? {} : { cost: (session.cost ?? 0) + cost }),
  }
}

/**
 * Write down an act of the owner. Durable when it returns.
 *
 * @param done `act` such as `service.add`, `subject` an id or name and never a secret, `by` `cli`, `extension` or
 *   `clock`, `now` the wall clock in milliseconds.
 */
export function recordAct(
  store: Store,
  keys: VaultKeys,
  done: { act: string; subject: string; by: string; now: number },
): void {
  const { now, ...rest } = done
  store.transaction(() => {
    const record: AuditRecord = { kind: 'act', id: randomUUID(), at: now, ...rest }
    const time = vaultTime(store, keys, now)
    if (done.by !== 'clock') noteUse(store, keys, time)
    appendRecord(store, keys, record, time)
  })
}

/** For a record that is not of the kind, or not about the call, that it is to be written for: a fault of ours. */
export function wrongRecord(): Refusal {
  return new Refusal('internal', 'the record does not speak about the call it is for')
}
