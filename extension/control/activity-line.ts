import type { AuditFilter, AuditLine, CallEnd } from '../../shared/protocol/audit-reading.ts'

/** A call in the log, with how it ended: null while it is under way. */
export type CallLine = Extract<AuditLine, { call: unknown }>

/** Something the owner did. */
export type ActLine = Extract<AuditLine, { act: unknown }>

/** How a call ended. */
export function callEnd({ call, outcome }: CallLine): CallEnd {
  if (call.kind === 'refusal') return 'refused'
  return outcome?.result ?? 'under-way'
}

/**
 * Path of a recorded call with the names of its query, without the host that the service's name says already. Null: no
 * URL was recorded.
 */
export function pathOf({ url, query }: Pick<CallLine['call'], 'url' | 'query'>): string | null {
  if (url === null) return null
  const path = URL.parse(url)?.pathname ?? url
  return query.length === 0 ? path : `${path}?${query.join('&')}`
}

/** When a line's call was made or its act done, milliseconds since the epoch. */
export function lineAt(line: AuditLine): number {
  return 'act' in line ? line.act.at : line.call.at
}

/** Which lines to ask for besides how they ended: a call that ends is to be heard of, whether it then fits or not. */
export function withoutEnd({ end: _, ...where }: AuditFilter): AuditFilter {
  return where
}

/**
 * Lines with others put among them: in the place of one of the same sequence, or where they belong. Those that do not fit `end`
 * are taken out.
 *
 * @param lines newest first. @param lowest what is older than this place was not asked for yet, and is left out.
 */
export function mergeLines(
  lines: readonly AuditLine[],
  fresh: readonly AuditLine[],
  lowest: number,
  end: CallEnd | undefined,
): AuditLine[] {
  const bySequence = new Map(lines.map((line) => [line.sequence, line]))
  for (const line of fresh) {
    if (line.sequence < lowest) continue
    const fits = end === undefined || ('call' in line && callEnd(line) === end)
    if (fits) bySequence.set(line.sequence, line)
    else bySequence.delete(line.sequence)
  }
  return [...bySequence.values()].sort((a, b) => b.sequence - a.sequence)
}
