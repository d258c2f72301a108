import * as z from 'zod/mini'
import { type Approval, ApprovalAnswerSchema, ApprovalSchema } from '../../shared/model/approval.ts'
import { TimestampSchema } from '../../shared/model/names.ts'
import { Refusal } from '../refusal.ts'
import { bytesOf, integerOf, type Row, textOf } from '../store/columns.ts'
import { openJson, sealJson } from '../store/sealed-json.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

/** How long a row outlives the wait, milliseconds: an answer of the last moment is still found by its host. */
const KEEP_MS = 10_000

/** The owner's answer, through which front end, and when (the vault's time, milliseconds). */
const AnsweredSchema = z.object({
  answer: ApprovalAnswerSchema,
  by: z.enum(['extension', 'cli']),
  at: TimestampSchema,
})
export type Answered = z.infer<typeof AnsweredSchema>

const SealedSchema = z.object({ approval: ApprovalSchema, answered: z.nullable(AnsweredSchema) })

/**
 * A call that waits for the owner, or was answered and not yet gone on with: only the process that asked goes on, and then
 * removes it. A row that is gone lets nothing pass.
 */
export interface WaitingApproval {
  /** The process that holds the call. */
  readonly host: string
  readonly approval: Approval
  /** Null while the owner has not answered. */
  readonly answered: Answered | null
}

// SECURITY: who holds the call, the session and the time are columns in clear, for lookups: bound here and to the record.
function placeOf(id: string, version: number, host: string): string {
  return `approvals:${id}:${version}:${host}`
}

function openRow(keys: VaultKeys, row: Row): WaitingApproval {
  const [id, host] = [textOf(row, 'id'), textOf(row, 'host')]
  const place = placeOf(id, integerOf(row, 'version'), host)
  const { approval, answered } = openJson(keys, place, SealedSchema, bytesOf(row, 'sealed'))
  const { session, expiresAt } = approval
  if (approval.id !== id || session !== row.session || expiresAt !== row.expires_at)
    throw new Refusal('store-damaged', 'the vault is damaged: an approval lies in the wrong place')
  return { host, approval, answered }
}

/** Put a call among those that wait. Within a transaction of the caller's or alone. */
export function putApproval(store: Store, keys: VaultKeys, host: string, approval: Approval): void {
  const { id, session, expiresAt } = approval
  store.run(
    'INSERT INTO approvals (id, version, host, session, expires_at, sealed) VALUES (?, 1, ?, ?, ?, ?)',
    id,
    host,
    session,
    expiresAt,
    sealJson(keys, placeOf(id, 1, host), SealedSchema, { approval, answered: null }),
  )
}

/** The row of an id, or null. @throws Refusal `store-damaged`. */
export function readApproval(store: Store, keys: VaultKeys, id: string): WaitingApproval | null {
  const row = store.get('SELECT * FROM approvals WHERE id = ?', id)
  return row === null ? null : openRow(keys, row)
}

/** All rows, of one process or of every one. @throws Refusal `store-damaged`. */
export function listApprovals(store: Store, keys: VaultKeys, host?: string): WaitingApproval[] {
  const rows =
    host === undefined
      ? store.all('SELECT * FROM approvals')
      : store.all('SELECT * FROM approvals WHERE host = ?', host)
  return rows.map((row) => openRow(keys, row))
}

/** Write the owner's answer into a row that has none. Within the transaction that read it. */
export function writeAnswer(
  store: Store,
  keys: VaultKeys,
  { host, approval }: WaitingApproval,
  answered: Answered,
): void {
  const { id } = approval
  const version = integerOf(store.get('SELECT version FROM approvals WHERE id = ?', id) ?? {}, 'version') + 1
  const sealed = sealJson(keys, placeOf(id, version, host), SealedSchema, { approval, answered })
  store.run('UPDATE approvals SET version = ?, sealed = ? WHERE id = ?', version, sealed, id)
}

/** Take a row away; false where there is none. */
export function removeApproval(store: Store, id: string): boolean {
  return store.run('DELETE FROM approvals WHERE id = ?', id) > 0
}

/** Take away all rows of a session that is over, within the transaction that ends it. */
export function dropApprovals(store: Store, session: string): void {
  store.run('DELETE FROM approvals WHERE session = ?', session)
  dropStandingAnswers(store, session)
}

/** Take away the answers that stand for further calls of a session; what waits goes on waiting. */
export function dropStandingAnswers(store: Store, session: string): void {
  store.run('DELETE FROM standing_answers WHERE session = ?', session)
}

/** Take away all rows of a process that ends. */
export function dropApprovalsOfHost(store: Store, host: string): void {
  store.run('DELETE FROM approvals WHERE host = ?', host)
}

/** Take away what a process that died has left. @param time the vault's time, milliseconds. */
export function dropLeftApprovals(store: Store, time: number): void {
  store.run('DELETE FROM approvals WHERE expires_at < ?', time - KEEP_MS)
}
