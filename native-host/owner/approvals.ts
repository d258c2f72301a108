import type { ApprovalAnswer, ApprovalSummary } from '../../shared/model/approval.ts'
import { Refusal } from '../refusal.ts'
import {
  listApprovals,
  readApproval,
  removeApproval,
  type WaitingApproval,
  writeAnswer,
} from '../sessions/approval-rows.ts'
import { vaultTime } from '../sessions/clock.ts'
import { isLive } from '../sessions/session-life.ts'
import { readSession } from '../sessions/session-rows.ts'
import { checkNotLocked } from '../vault/lock.ts'
import type { OwnerContext } from './context.ts'
import { record } from './record.ts'

/** How long another process may take to go on with its call, milliseconds: many times its poll. */
const TAKEN_WITHIN_MS = 5000
/** How often it is looked whether it has, milliseconds. */
const LOOK_MS = 20

/**
 * The calls that wait for the owner, those of the asking process first, oldest first.
 *
 * @param host the process that answers, where it has calls of its own; null: it has none.
 */
export function list(context: OwnerContext, host: string | null): ApprovalSummary[] {
  const waiting = unanswered(context)
  const sites = Map.groupBy(waiting, siteOf)
  return waiting
    .map((each) => ({
      ...each.approval,
      here: each.host === host,
      more: (sites.get(siteOf(each))?.length ?? 1) - 1,
    }))
    .sort((a, b) => Number(b.here) - Number(a.here) || a.at - b.at || (a.id < b.id ? -1 : 1))
}

/**
 * Answer one call. Once this returns, the process that holds the call has taken the answer.
 *
 * @param given `digest` whole, of what was shown: the answer is to that call and to no other.
 * @throws Refusal `unknown` where the call no longer waits, has another digest, or its process is gone.
 */
export async function answer(
  context: OwnerContext,
  given: { id: string; digest: string; answer: ApprovalAnswer },
  host: string | null,
): Promise<void> {
  const { store } = context
  const asking = store.transaction(() => {
    const row = waitingRow(context, given)
    write(context, row, given.answer)
    return row.host
  })
  // This process takes its own at once, when the order is done.
  if (asking !== host) await taken(context, given.id)
}

/** Say no to all calls of one process, or to those of one origin. @returns how many there were. */
export function denyAll(context: OwnerContext, host: string | null, origin?: string): number {
  return context.store.transaction(() => {
    checkNotLocked(context.store, context.keys)
    const isChosen = ({ approval }: WaitingApproval) =>
      origin === undefined || approval.origin === origin || approval.topOrigin === origin
    const chosen = unanswered(context).filter((row) => row.host === host && isChosen(row))
    for (const row of chosen) write(context, row, 'deny')
    return chosen.length
  })
}

function siteOf({ approval }: WaitingApproval): string {
  return `${approval.origin} ${approval.topOrigin}`
}

function unanswered(context: OwnerContext): WaitingApproval[] {
  const time = vaultTime(context.store, context.keys, context.now())
  return listApprovals(context.store, context.keys).filter((row) => isWaiting(context, row, time))
}

function isWaiting({ store, keys }: OwnerContext, row: WaitingApproval, time: number): boolean {
  if (row.answered !== null || time >= row.approval.expiresAt) return false
  const session = readSession(store, keys, row.approval.session)
  return session !== null && isLive(session, time)
}

function waitingRow(context: OwnerContext, { id, digest }: { id: string; digest: string }): WaitingApproval {
  const { store, keys } = context
  checkNotLocked(store, keys)
  const row = readApproval(store, keys, id)
  if (row === null || !isWaiting(context, row, vaultTime(store, keys, context.now())))
    throw new Refusal('unknown', 'the call no longer waits for an answer')
  // SECURITY: whoever was shown another request has answered that one.
  if (row.approval.digest !== digest) throw new Refusal('unknown', 'the call that waits is another one')
  return row
}

function write(context: OwnerContext, row: WaitingApproval, answer: ApprovalAnswer): void {
  const { store, keys, by } = context
  writeAnswer(store, keys, row, { answer, by, at: vaultTime(store, keys, context.now()) })
  record(context, 'approval.answer', row.approval.id)
}

/** Wait until the asking process has taken the row away, which it does with every answer it sees. */
async function taken({ store, keys }: OwnerContext, id: string): Promise<void> {
  for (let waited = 0; waited < TAKEN_WITHIN_MS; waited += LOOK_MS) {
    if (readApproval(store, keys, id) === null) return
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  if (removeApproval(store, id))
    throw new Refusal('unknown', 'nobody waits for the answer: the browser that asked is gone')
}
