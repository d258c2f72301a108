import type { ReferenceOf } from '../../shared/model/reference.ts'
import { textOf } from '../auth/secret-text.ts'
import { Problem } from '../problem.ts'
import type { Upstream, UpstreamResponse } from '../upstream/send.ts'
import { type FaultReason, ReferenceFault } from './fault.ts'
import { serverOf } from './kv2-server.ts'

/** Longest answer that is read, bytes. A secret of a KV store has 1 MiB at most, and ours is one field of it. */
const MAX_ANSWER = 256 * 1024

type Kv2 = ReferenceOf<'vault-kv2'>

/** What a status means. Vault's HTTP API, "Status codes"; KV v2, "Read secret version": a deleted version answers 404. */
const STATUSES: Readonly<Record<number, FaultReason>> = {
  400: 'reference-store-failed',
  401: 'reference-store-denied',
  403: 'reference-store-denied',
  404: 'reference-store-missing',
  503: 'reference-store-sealed',
}

/**
 * Read one field of a secret from a KV store, version 2: `GET /v1/MOUNT/data/PATH`. Through the same guard as calls to
 * services: pinned addresses, verified TLS, no redirect followed.
 *
 * @param token of the server.
 * @throws ReferenceFault `reference-store-…`, `reference-timeout`, `reference-field-missing`; the signal's reason.
 */
export async function fetchKv2(
  reference: Kv2,
  token: Uint8Array,
  upstream: Upstream,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const timer = AbortSignal.timeout(reference.seconds * 1000)
  const both = AbortSignal.any([timer, signal])
  try {
    const response = await upstream.send(requestOf(reference, token), serverOf(reference), {
      signal: both,
      party: 'references',
    })
    try {
      return fieldOf(reference.field, response.status, await whole(response))
    } finally {
      response.destroy()
    }
  } catch (error) {
    signal.throwIfAborted()
    if (timer.aborted) throw new ReferenceFault('reference-timeout')
    if (!(error instanceof Problem)) throw error
    throw new ReferenceFault(faultOf(error))
  }
}

function faultOf({ code, reason }: Problem): FaultReason {
  if (code === 'upstream-timeout') return 'reference-timeout'
  return reason.startsWith('tls-') ? 'reference-store-untrusted' : 'reference-store-unreachable'
}

function requestOf(reference: Kv2, token: Uint8Array) {
  const text = textOf(token)
  // RFC 9110 section 5.5: only what a header can carry as it is.
  if (text === null || !/^[\u0021-\u007e]+$/.test(text)) throw new ReferenceFault('reference-store-denied')
  const headers: [string, string][] = [
    ['x-vault-token', text],
    ['x-vault-request', 'true'],
    ['accept', 'application/json'],
  ]
  if (reference.namespace !== undefined) headers.push(['x-vault-namespace', reference.namespace])
  const url = `${serverOf(reference).baseUrls[0]}/v1/${encoded(reference.mount)}/data/${encoded(reference.path)}`
  return { method: 'GET', url, headers, body: null, bodyLength: null }
}

function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

async function whole(response: UpstreamResponse): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body) {
    length += part.length
    if (length > MAX_ANSWER) throw new ReferenceFault('reference-too-long')
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function fieldOf(field: string, status: number, body: Uint8Array): Uint8Array {
  const answer = objectOf(parsed(body))
  const data = objectOf(answer?.data)
  if (status === 404 && objectOf(data?.metadata) !== null) throw new ReferenceFault('reference-store-deleted')
  if (status !== 200) throw new ReferenceFault(STATUSES[status] ?? 'reference-store-failed')
  const secret = objectOf(data?.data)
  if (secret === null) throw new ReferenceFault('reference-store-failed')
  const value = Object.hasOwn(secret, field) ? secret[field] : undefined
  if (typeof value !== 'string') throw new ReferenceFault('reference-field-missing')
  if (value === '') throw new ReferenceFault('reference-empty')
  return Buffer.from(value, 'utf8')
}

function objectOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return null
  }
}
