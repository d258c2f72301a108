import {
  type AuditCursor,
  type AuditFilter,
  type AuditReach,
  MAX_OPEN_ENDS,
} from '../../shared/protocol/audit-reading.ts'
import type { FoundLine } from './found-line.ts'
import { nextTurn } from './next-turn.ts'
import type { AuditScan } from './scan-audit.ts'

/** Records opened for one answer: whoever asks hears within a moment how far it got, and may leave it there. */
const OPENED_PER_ANSWER = 2000

/** Which lines an answer is about. */
export interface AuditAsk {
  readonly where: AuditFilter
  readonly from?: AuditCursor | undefined
  readonly above?: number | undefined
}

/** Go through the log until whoever takes the lines has enough or the answer is due. Other work has its turns meanwhile. */
export async function lookOn(scan: AuditScan, take: (line: FoundLine) => boolean): Promise<void> {
  let wantsMore = true
  const told = (line: FoundLine) => {
    wantsMore = take(line)
    return wantsMore
  }
  for (;;) {
    scan.slice(told)
    const isDue = scan.spent >= OPENED_PER_ANSWER && !scan.isAmid
    if (!wantsMore || scan.isOver || isDue) return
    // SECURITY: nothing a log holds, however long it is, keeps pages' calls or the owner's revoke waiting.
    await nextTurn()
  }
}

/** How far a scan got, and how long the log was when it began. */
export function reachOf(scan: AuditScan): AuditReach {
  return { next: scan.cursor(MAX_OPEN_ENDS), looked: scan.looked, head: scan.head }
}
