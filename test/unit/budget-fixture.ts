import { randomUUID } from 'node:crypto'
import { type Permit, recordIntent, recordOwnerCall } from '../../native-host/audit/permit.ts'
import { recordOutcome } from '../../native-host/audit/write-audit.ts'
import type { Asked, Use } from '../../native-host/budgets/amounts.ts'
import type { Store } from '../../native-host/store/store.ts'
import type { VaultKeys } from '../../native-host/vault/keys.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Session } from '../../shared/model/grant.ts'
import { callRecord, outcomeRecord } from './vault-fixture.ts'

/** A POST that names all it may come to. */
export function asks(changes: Partial<Asked> = {}): Asked {
  return { bytesUp: 0, input: 10, output: 90, spends: true, ...changes }
}

export interface Caller {
  readonly store: Store
  readonly keys: VaultKeys
  readonly capability: Capability
  /** Null: the local owner. */
  readonly session: Session | null
}

/** Ask for a permit: it, or the reason there is none. */
export function begin(caller: Caller, asked: Asked, now: number): Permit | string {
  const { store, keys, capability, session } = caller
  const record = callRecord({ id: randomUUID(), session: session?.id ?? null, at: now })
  const answer =
    session === null
      ? recordOwnerCall(store, keys, { service: capability.service, capability, record, asked })
      : recordIntent(store, keys, { session: session.id, capability, now, record, asked })
  return 'refused' in answer ? answer.refused : answer
}

/** The same where there must be one. @throws Error with the reason. */
export function begun(caller: Caller, asked: Asked, now: number): Permit {
  const permit = begin(caller, asked, now)
  if (typeof permit === 'string') throw new Error(permit)
  return permit
}

/** End a call. `bytes`: of the response; a request body is not counted here. */
export function end(
  { store, keys }: Pick<Caller, 'store' | 'keys'>,
  permit: Permit,
  now: number,
  { use, bytes = 0, bytesUp = 0 }: { use?: Use; bytes?: number; bytesUp?: number } = {},
): void {
  const counts = { requestBytes: bytesUp, responseBytes: bytes }
  const record = outcomeRecord({ intent: permit.auditId, at: now, ...counts })
  recordOutcome(store, keys, record, permit.session, use)
}

/** A use that the answer told of. */
export function used(input: number, output: number): Use {
  return { isSent: true, tokens: { input, output } }
}
