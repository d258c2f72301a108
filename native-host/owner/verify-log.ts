import type { AuditCheck, AuditChecked, AuditFinding } from '../../shared/protocol/audit-reading.ts'
import { NO_ROWS } from '../audit/chain.ts'
import { nextTurn } from '../audit/next-turn.ts'
import { isRolledBack } from '../audit/rollback.ts'
import { lastPlace } from '../audit/scan-audit.ts'
import { type AuditVerdict, type CheckedSoFar, checkRows } from '../audit/verify-audit.ts'
import type { OwnerContext } from './context.ts'

/** Rows checked in one turn of the event loop. */
const SLICE = 100
/** Slices for one answer, so that whoever waits sees it go on. */
const SLICES_PER_ANSWER = 25

/**
 * What a check of the rows comes to, for the owner: a log that is whole and was put back to an older state is no good either.
 *
 * @param fits false where it does not go on from a head that the owner kept.
 */
export function findingOf(store: OwnerContext['store'], verdict: AuditVerdict, fits = true): AuditFinding {
  if (!verdict.ok || (fits && !isRolledBack(store))) return verdict
  const { records } = verdict
  return { ok: false, records, firstBad: records + 1, reason: 'rolled-back' }
}

/**
 * A part of the check that `audit verify` makes in one go; calls of pages have their turns between its slices.
 *
 * @param from where the last part ended; absent: the first record. One that was never true makes the check fail.
 */
export async function verifyLog({ store, keys }: OwnerContext, from?: AuditChecked): Promise<AuditCheck> {
  let so: CheckedSoFar = {
    before: from === undefined ? NO_ROWS : { sequence: from.sequence, mac: Buffer.from(from.mac, 'hex') },
    verdict: null,
  }
  for (let slices = 0; slices < SLICES_PER_ANSWER && so.verdict === null; slices += 1) {
    if (slices > 0) await nextTurn()
    so = checkRows(store, keys, so.before, SLICE)
  }
  const { before, verdict } = so
  const next = { sequence: before.sequence, mac: Buffer.from(before.mac).toString('hex') }
  return {
    finding: verdict === null ? null : findingOf(store, verdict),
    next: verdict === null ? next : null,
    checked: before.sequence,
    head: lastPlace(store),
  }
}
