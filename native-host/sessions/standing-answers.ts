import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { TEN_MINUTES_MS } from '../../shared/model/approval.ts'
import { type Capability, CapabilitySchema } from '../../shared/model/capability.ts'
import type { Session } from '../../shared/model/grant.ts'
import { IdSchema, TimestampSchema } from '../../shared/model/names.ts'
import { bytesOf } from '../store/columns.ts'
import { openJson, sealJson } from '../store/sealed-json.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

/** An answer for more than one call: who gave it, which one, and when it is over. */
const StandingSchema = z.object({
  /** Id of the approval it was given to. */
  approval: IdSchema,
  by: z.enum(['extension', 'cli']),
  answer: z.enum(['ten-minutes', 'session']),
  expiresAt: TimestampSchema,
})
export type StandingAnswer = z.infer<typeof StandingSchema>

/** What a standing answer is for: one session, one ask rule, and the capability exactly as it was then. */
export interface StandingFor {
  readonly session: Session
  readonly capability: Capability
  readonly rule: string
}

// SECURITY: the whole capability is in it: a rule, a limit or a model list that changes makes every earlier answer void.
function indexOf(keys: VaultKeys, { session, capability, rule }: StandingFor): Uint8Array {
  const content = createHash('sha256')
    .update(JSON.stringify(CapabilitySchema.parse(capability)))
    .digest('hex')
  return keys.index('standing-answers', JSON.stringify([session.id, content, rule]))
}

function placeOf(index: Uint8Array): string {
  return `standing-answers:${Buffer.from(index).toString('hex')}`
}

/**
 * Keep an answer for further calls of the session, until its time or the session is over.
 *
 * @param time the vault's time, milliseconds. Within the transaction of the call it was given to.
 */
export function putStandingAnswer(
  store: Store,
  keys: VaultKeys,
  wanted: StandingFor,
  given: Omit<StandingAnswer, 'expiresAt'>,
  time: number,
): void {
  const { session } = wanted
  const until = given.answer === 'session' ? session.expiresAt : time + TEN_MINUTES_MS
  const expiresAt = Math.min(until, session.expiresAt)
  const index = indexOf(keys, wanted)
  const sealed = sealJson(keys, placeOf(index), StandingSchema, { ...given, expiresAt })
  store.run('DELETE FROM standing_answers WHERE expires_at <= ?', time)
  store.run(
    'INSERT OR REPLACE INTO standing_answers (ask_index, session, expires_at, sealed) VALUES (?, ?, ?, ?)',
    index,
    session.id,
    expiresAt,
    sealed,
  )
}

/**
 * The answer that stands for a call, or null. Whether the session is live is not asked here.
 *
 * @param time the vault's time, milliseconds. @throws Refusal `store-damaged`.
 */
export function findStandingAnswer(
  store: Store,
  keys: VaultKeys,
  wanted: StandingFor,
  time: number,
): StandingAnswer | null {
  const index = indexOf(keys, wanted)
  const row = store.get('SELECT sealed FROM standing_answers WHERE ask_index = ?', index)
  if (row === null) return null
  const standing = openJson(keys, placeOf(index), StandingSchema, bytesOf(row, 'sealed'))
  return time < standing.expiresAt ? standing : null
}
