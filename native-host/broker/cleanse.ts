import type { Needle } from '../auth/needle.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import { Problem } from '../problem.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import type { Slice } from './call.ts'
import { type Coding, codingOf, DECODE_LIMITS, type DecodeLimits, decoded } from './decode.ts'
import { createRedactor, redactText, type Sought } from './redact.ts'
import { passesToPage } from './response-headers.ts'
import { soughtFor } from './shared-sought.ts'

/** A response fit for the page. */
export interface CleansedResponse {
  /** From 200 to 599. */
  readonly status: number
  readonly statusText: string
  /** Lower-case names. */
  readonly headers: [name: string, value: string][]
  /** Decoded and redacted. Fails with a Problem, or with the abort's reason; never ends early in silence. */
  readonly body: AsyncIterable<Uint8Array>
  /** Places where a secret was taken out, so far. */
  redactions(): number
}

/** Statuses whose responses have no body, whatever is sent (Fetch standard, "null body status"). */
const NULL_BODY = new Set([204, 205, 304])
/** Longer reason phrases are messages in the wrong place. */
const MAX_STATUS_TEXT = 256

/**
 * What of a response may reach the page: headers by allow-list, at most one coding and that decoded, and every form of
 * the secrets taken out of reason phrase, headers and body. `content-length` passes only where the body cannot change: where
 * there is none, where it is empty, and where there is nothing to take out.
 *
 * @param needles bytes to take out, see `inject.ts`. @param slice asked before each piece of the body, see `call.ts`.
 * @param exposed headers that the service lists for pages to read, besides the host's own list.
 * @throws Problem `response-withheld`, with the response let go, where the response cannot be looked into.
 */
export function cleanse(
  response: UpstreamResponse,
  needles: readonly Needle[],
  request: CanonicalRequest,
  limits: DecodeLimits = DECODE_LIMITS,
  slice: Slice = () => null,
  exposed: readonly string[] = [],
): CleansedResponse {
  try {
    return cleansed(response, needles, request, limits, slice, exposed)
  } catch (problem) {
    response.destroy()
    throw problem
  }
}

function cleansed(
  response: UpstreamResponse,
  needles: readonly Needle[],
  request: CanonicalRequest,
  limits: DecodeLimits,
  slice: Slice,
  exposed: readonly string[],
): CleansedResponse {
  const { status } = response
  // The page's `Response` cannot be made with any other.
  if (status < 200 || status > 599) throw new Problem('response-withheld', 'status-unknown')
  const hasBody = request.method !== 'HEAD' && !NULL_BODY.has(status)
  const coding = codingOf(response.headers)
  const sought = soughtFor(needles)
  const headers = cleansedHeaders(response, sought, exposed)
  const length = response.headers.find(([name]) => name === 'content-length')
  const isFixed = !hasBody || length?.[1] === '0' || needles.length === 0
  if (length !== undefined && coding === null && isFixed) headers.kept.push(length)
  const redactor = createRedactor(sought)
  const statusText = redactText(response.statusText, sought)
  const foundBefore = headers.redacted + (statusText === response.statusText ? 0 : 1)
  return {
    status,
    statusText: statusText.replace(/[^\t\u0020-\u007e\u0080-\u00ff]/g, '').slice(0, MAX_STATUS_TEXT),
    headers: headers.kept,
    body: hasBody ? cleansedBody(response, coding, redactor, limits, slice) : noBody(response),
    redactions: () => foundBefore + redactor.found,
  }
}

function cleansedHeaders(response: UpstreamResponse, sought: Sought, exposed: readonly string[]) {
  const passing = response.headers.filter(([name]) => passesToPage(name, exposed))
  // Names come lower-cased; redaction does not tell the cases apart.
  const named = passing.filter(([name]) => redactText(name, sought) === name)
  let redacted = passing.length - named.length
  const kept = named.map(([name, value]): [string, string] => {
    const clean = redactText(value, sought)
    if (clean !== value) redacted++
    return [name, clean]
  })
  return { kept, redacted }
}

async function* cleansedBody(
  response: UpstreamResponse,
  coding: Coding | null,
  redactor: ReturnType<typeof createRedactor>,
  limits: DecodeLimits,
  slice: Slice,
): AsyncGenerator<Uint8Array> {
  try {
    const plain = coding === null ? response.body : decoded(response.body, coding, limits)
    for await (const chunk of plain) {
      // Before it is looked through, and not after: what comes from two hundred services at once is not one turn's work.
      await slice(chunk.length)
      const clean = redactor.push(chunk)
      if (clean.length > 0) yield clean
    }
    const rest = redactor.end()
    if (rest.length > 0) yield rest
  } finally {
    response.destroy()
  }
}

// biome-ignore lint/correctness/useYield: there is nothing to yield
async function* noBody(response: UpstreamResponse): AsyncGenerator<Uint8Array> {
  response.destroy()
}
