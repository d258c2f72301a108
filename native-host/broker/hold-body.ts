import { MAX_PARSED_BODY } from '../../shared/protocol/limits.ts'
import { contentTypeOf, isJsonContent } from '../policy/json-content.ts'
import { needsBody } from '../policy/needs-body.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import { Problem } from '../problem.ts'
import type { Candidate } from './admit.ts'
import type { Call } from './call.ts'

/** A JSON body up to this size is read through for placeholders even where nothing else asks for it, in bytes. */
const LOOKED_THROUGH = 256 * 1024

/** A request body as the rest of the line handles it: whole where it must be read, else the stream itself. */
export type HeldBody = Uint8Array | AsyncIterable<Uint8Array> | null

/**
 * Hold the body whole where a rule, a strip or an injection of any candidate has to read it; leave it a stream elsewhere.
 *
 * @throws Problem `too-large` above MAX_PARSED_BODY, and whatever the body itself fails with.
 */
export async function holdBody(call: Call, candidates: readonly Candidate[]): Promise<HeldBody> {
  const needed = candidates.some(
    ({ request, capability, service }) =>
      needsBody(request, capability, service) || isLookedThrough(request, call.claimed.bodyLength),
  )
  if (!needed || call.body === null) return call.body
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of call.body) {
    length += part.length
    if (length > MAX_PARSED_BODY) throw new Problem('too-large', 'body-too-large')
    parts.push(part)
  }
  return Buffer.concat(parts, length)
}

function isLookedThrough(request: CanonicalRequest, length: number | null): boolean {
  return length !== null && length <= LOOKED_THROUGH && isJsonContent(contentTypeOf(request.headers))
}

/** The bytes a rule may read: null where there is no body or it streams past unread. */
export function readable(body: HeldBody): Uint8Array | null {
  return body instanceof Uint8Array ? body : null
}
