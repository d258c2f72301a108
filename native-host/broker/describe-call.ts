import type { Witnessed } from '../../shared/protocol/native-frames.ts'
import type { CallRecord } from '../audit/write-audit.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import type { VaultKeys } from '../vault/keys.ts'
import type { HeldBody } from './hold-body.ts'

/** Longest name that is written down as it is, in characters: above every name of a known API. */
const LONGEST_NAME = 64
/** Most names of one kind in a record: a page decides how many there are. */
const MOST_NAMES = 50
/** A parameter without a value longer than this is taken for a value without a name: `?alt`, but not a token. */
const LONGEST_FLAG = 16

/** What a record says of a call's address, headers and body. */
export type Described = Pick<CallRecord, 'method' | 'url' | 'query' | 'headers' | 'body'>

/**
 * What may be written down of a call: names, sizes and digests of its query, headers and body, never a value.
 *
 * @param request null where it was refused before it could be made canonical; then nothing of its address is known.
 * @param claimed its method and the length of its body as claimed, null where it said none.
 */
export function describeCall(
  keys: VaultKeys,
  request: CanonicalRequest | null,
  body: HeldBody,
  claimed: { readonly method: string; readonly bodyLength: number | null },
): Described {
  return {
    method: request?.method ?? claimed.method,
    url: request === null ? null : request.origin + request.path,
    query: request === null ? [] : bounded(queryNames(request)),
    headers: bounded(request?.headers.map(([name]) => name) ?? []),
    body: describeBody(keys, body, claimed.bodyLength),
  }
}

/** Where the browser showed the document a call came from. */
export function describeDocument({
  origin,
  topOrigin,
  tabId,
  frameId,
}: Witnessed): Pick<CallRecord, 'origin' | 'topOrigin' | 'tabId' | 'frameId'> {
  return { origin, topOrigin, tabId, frameId }
}

function describeBody(keys: VaultKeys, body: HeldBody, length: number | null): CallRecord['body'] {
  if (body === null) return null
  if (!(body instanceof Uint8Array)) return { bytes: length, digest: null }
  const digest = keys.digest()
  digest.update(body)
  return { bytes: body.length, digest: digest.hex() }
}

// SECURITY: `?sk-…` alone is a name without a value to the URL standard and a value without a name to whoever wrote it.
function queryNames({ query }: CanonicalRequest): string[] {
  return query.map(([name, value]) => (value === '' && name.length > LONGEST_FLAG ? '(unnamed)' : name))
}

function bounded(names: readonly string[]): string[] {
  const kept = names.slice(0, MOST_NAMES)
  return kept.map((name) => (name.length > LONGEST_NAME ? '(long)' : name))
}
