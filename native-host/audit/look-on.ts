import {
  type AuditCursor,
  type AuditFilter,
  type AuditLine,
  type AuditReach,
  MAX_OPEN_ENDS,
} from '../../shared/protocol/audit-reading.ts'
import { nextTurn } from './next-turn.ts'
import type { AuditScan } from './scan-audit.ts'

/** Records looked at for one answer: whoever asks hears within a moment how far it got, and may leave it there. */
const LOOKED_PER_ANSWER = 2000

/** Which lines an answer is about. */
export interface AuditAsk {
  readonly where: AuditFilter
  readonly from?: AuditCursor | undefined
  readonly above?: number | undefined
}

/** Go through the log until whoever takes the lines has enough or the answer is due. Other work has its turns meanwhile. */
export async function lookOn(scan: AuditScan, take: (line: AuditLine) => boolean): Promise<void> {
  let wantsMore = true
  const told = (line: AuditLine) => {
    wantsMore = take(line)
    return wantsMore
  }
  for (;;) {
    scan.slice(told)
    if (!wantsMore || scan.isOver || scan.looked >= LOOKED_PER_ANSWER) return
    // SECURITY: nothing a log holds, however long it is, keeps pages' calls or the owner's revoke waiting.
    await nextTurn()
  }
}

/** How far a scan got, and how long the log was when it began. */
export function reachOf(scan: AuditScan): AuditReach {
  return { next: scan.cursor(MAX_OPEN_ENDS), looked: scan.looked, head: scan.head }
}
