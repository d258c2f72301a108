import type { AuditRecord } from '../../../shared/model/audit-record.ts'
import type { Grant } from '../../../shared/model/grant.ts'

/** Most characters of an answerable address: a longer one is refused before it is looked at. */
const LONGEST = 16_384

/** A recorded call as it can be tried again: what the log does not hold is left open. */
export interface CallToTry {
  method: string
  url: string
  /** The document that made it, and the tab it was in. */
  origin: string
  topOrigin: string | null
}

/**
 * The address an owner means: a path alone is one of the service's own.
 *
 * @returns null for nothing to try yet.
 */
export function calledAddress(text: string, baseUrl: string | undefined): string | null {
  const plain = text.trim()
  if (plain === '' || plain.length > LONGEST) return null
  const origin = baseUrl === undefined ? undefined : URL.parse(baseUrl)?.origin
  return plain.startsWith('/') && origin !== undefined ? origin + plain : plain
}

/** Calls of a service in the log, each once, the latest first. @param most how many at most. */
export function callsToTry(records: readonly AuditRecord[], service: string, most: number): CallToTry[] {
  const calls = new Map<string, CallToTry>()
  for (const record of records) {
    if (record.kind !== 'intent' && record.kind !== 'refusal') continue
    if (record.service !== service || record.url === null) continue
    // Of a query the log holds names alone.
    const query = record.query.map((name) => `${encodeURIComponent(name)}=`).join('&')
    const url = query === '' ? record.url : `${record.url}?${query}`
    const call = `${record.method} ${url}`
    const { method, origin, topOrigin } = record
    if (!calls.has(call)) calls.set(call, { method, url, origin, topOrigin })
    if (calls.size >= most) break
  }
  return [...calls.values()]
}

/** The grant by which a recorded call would be made today; null: its site has none. */
export function grantOf(
  grants: readonly Grant[],
  { origin, topOrigin }: Pick<CallToTry, 'origin' | 'topOrigin'>,
): Grant | null {
  return grants.find((grant) => grant.origin === origin && grant.topOrigin === topOrigin) ?? null
}
