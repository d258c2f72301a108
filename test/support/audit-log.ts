import { randomUUID } from 'node:crypto'
import { appendRecord } from '../../native-host/audit/chain.ts'
import type { Store } from '../../native-host/store/store.ts'
import type { VaultKeys } from '../../native-host/vault/keys.ts'
import type { AuditRecord } from '../../shared/model/audit-record.ts'

type CallRecord = Extract<AuditRecord, { kind: 'intent' | 'refusal' }>
type OutcomeRecord = Extract<AuditRecord, { kind: 'outcome' }>

/**
 * Writes a log by the product's own writer, as many calls would have left it. The vault's clock stands where it is: a host that runs
 * beside takes none of the times written here for its own, and does not lock itself.
 */
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
    return this.#append({ ...this.#call(at), kind: 'refusal', decision: 'deny', reason: 'no-rule', ...part })
  }

  /** Something the owner did. */
  act(at: number, act: string, subject: string): void {
    this.#append({ kind: 'act', id: randomUUID(), at, act, subject, by: 'cli' })
  }

  #append(record: AuditRecord): string {
    this.#store.transaction(() => appendRecord(this.#store, this.#keys, record, record.at))
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
