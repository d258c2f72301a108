import type { AuditRecord } from '../../../shared/model/audit-record.ts'

/** Most characters of an answerable address: a longer one is refused before it is looked at. */
const LONGEST = 16_384

/** A recorded call as it can be tried again: what the log does not hold is left open. */
export interface CallToTry {
  method: string
  url: string
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
    calls.set(`${record.method} ${url}`, { method: record.method, url })
    if (calls.size >= most) break
  }
  return [...calls.values()]
}
