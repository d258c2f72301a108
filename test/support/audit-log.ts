import { randomUUID } from 'node:crypto'
import { appendRecord } from '../../native-host/audit/chain.ts'
import { recordAct, recordRefusal } from '../../native-host/audit/write-audit.ts'
import { vaultTime } from '../../native-host/sessions/clock.ts'
import type { Store } from '../../native-host/store/store.ts'
import type { VaultKeys } from '../../native-host/vault/keys.ts'
import type { AuditRecord } from '../../shared/model/audit-record.ts'

type CallRecord = Extract<AuditRecord, { kind: 'intent' | 'refusal' }>
type OutcomeRecord = Extract<AuditRecord, { kind: 'outcome' }>

/** Writes a log by the product's own writer, as many calls would have left it. */
export class AuditLog {
  readonly #store: Store
  readonly #keys: VaultKeys

  constructor({ store, keys }: { store: Store; keys: VaultKeys }) {
    this.#store = store
    this.#keys = keys
  }

  /** Write what `work` writes in one transaction: a disk waits once for all of it. */
  together<T>(work: () => T): T {
    return this.#store.transaction(work)
  }

  /** A call that was let through. @returns its id. */
  intent(at: number, part: Partial<CallRecord> = {}): string {
    return this.#append({ ...this.#call(at), ...part })
  }

  /** How such a call ended. */
  outcome(intent: string, at: number, part: Partial<OutcomeRecord> = {}): void {
    this.#append({
      kind: 'outcome',
      id: randomUUID(),
      intent,
      at,
      result: 'sent',
      problem: null,
      status: 200,
      requestBytes: 120,
      responseBytes: 4096,
      milliseconds: 840,
      durations: { decide: 2, upstream: 610, body: 228 },
      requestDigest: null,
      responseDigest: null,
      redactions: 0,
      tokens: null,
      cost: null,
      ...part,
    })
  }

  /** A call that was refused. @returns its id. */
  refusal(at: number, part: Partial<CallRecord> = {}): string {
    const refused = { kind: 'refusal', decision: 'deny', reason: 'no-rule' } as const
    const record = { ...this.#call(at), ...refused, ...part }
    recordRefusal(this.#store, this.#keys, record)
    return record.id
  }

  /** Something the owner did. */
  act(at: number, act: string, subject: string): void {
    recordAct(this.#store, this.#keys, { act, subject, by: 'cli', now: at })
  }

  #append(record: AuditRecord): string {
    this.#store.transaction(() =>
      appendRecord(this.#store, this.#keys, record, vaultTime(this.#store, this.#keys, record.at)),
    )
    return record.id
  }

  #call(at: number): CallRecord {
    return {
      kind: 'intent',
      id: randomUUID(),
      at,
      origin: 'https://site.example',
      topOrigin: 'https://site.example',
      tabId: 1,
      frameId: 0,
      session: null,
      capability: 'chat',
      service: 'model',
      method: 'POST',
      url: 'https://api.example/v1/chat/completions',
      query: [],
      headers: ['content-type'],
      body: null,
      decision: 'allow',
      reason: 'rule-allow',
      rule: 'POST /v1/chat/completions',
      approvedBy: null,
      count: 1,
    }
  }
}
