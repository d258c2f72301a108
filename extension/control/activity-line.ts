import type { AuditRecord } from '../../shared/model/audit-record.ts'

type Outcome = Extract<AuditRecord, { kind: 'outcome' }>
type Asked = Extract<AuditRecord, { kind: 'intent' | 'refusal' }>
type Act = Extract<AuditRecord, { kind: 'act' }>

/** One line of the activity: a call with how it ended (null while it is under way), or something the owner did. */
export type ActivityLine =
  | { kind: 'call'; id: string; at: number; asked: Asked; outcome: Outcome | null }
  | { kind: 'act'; id: string; at: number; act: Act }

/**
 * Join the audit records of each call into one line. An outcome whose intent is older than what was asked for is left out.
 *
 * @returns newest first.
 */
export function activityLines(records: readonly AuditRecord[]): ActivityLine[] {
  const outcomes = new Map<string, Outcome>()
  for (const record of records) if (record.kind === 'outcome') outcomes.set(record.intent, record)
  const lines = records.flatMap((record): ActivityLine[] => {
    if (record.kind === 'outcome') return []
    if (record.kind === 'act') return [{ kind: 'act', id: record.id, at: record.at, act: record }]
    const outcome = outcomes.get(record.id) ?? null
    return [{ kind: 'call', id: record.id, at: record.at, asked: record, outcome }]
  })
  return lines.sort((a, b) => b.at - a.at)
}

/** How a call ended. */
export type CallEnd = 'refused' | 'under-way' | 'sent' | 'cut' | 'failed'

/** Which of them a line's call came to. */
export function callEnd(line: Extract<ActivityLine, { kind: 'call' }>): CallEnd {
  if (line.asked.kind === 'refusal') return 'refused'
  return line.outcome?.result ?? 'under-way'
}

/**
 * Path of a recorded call with the names of its query, without the host that the service's name says already. Null: no
 * URL was recorded.
 */
export function pathOf({ url, query }: Pick<Asked, 'url' | 'query'>): string | null {
  if (url === null) return null
  const path = URL.parse(url)?.pathname ?? url
  return query.length === 0 ? path : `${path}?${query.join('&')}`
}
