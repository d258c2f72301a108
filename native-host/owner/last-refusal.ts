import type { SiteRefusal } from '../../shared/protocol/session-commands.ts'
import { listAudit } from '../audit/read-audit.ts'
import type { OwnerContext } from './context.ts'

/** How far back a site's last call is looked for, in records and in milliseconds: what the owner still remembers. */
const RECORDS = 300
const LATELY_MS = 3_600_000

/** The last call of the documents shown at an origin, frames in them included; null where it was not refused, or is long past. */
export function lastRefusal(context: OwnerContext, shownAt: string): SiteRefusal | null {
  const since = context.now() - LATELY_MS
  for (const record of listAudit(context.store, context.keys, { limit: RECORDS, since })) {
    if (record.kind === 'act' || record.kind === 'outcome') continue
    if ((record.topOrigin ?? record.origin) !== shownAt) continue
    if (record.kind === 'intent') return null
    const { at, origin, method, url, reason, rule, capability } = record
    const path = url === null ? '' : (URL.parse(url)?.pathname ?? '')
    return { at, origin, method, path, reason, rule, capability }
  }
  return null
}
