import type { Capability } from '../../shared/model/capability.ts'
import { isReading } from '../../shared/model/reading.ts'
import { MAX_PARSED_BODY } from '../../shared/protocol/limits.ts'
import { isMultipartLike } from '../policy/form-content.ts'
import { contentTypeOf, isJsonContent } from '../policy/json-content.ts'
import { needsBody } from '../policy/needs-body.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import { Problem } from '../problem.ts'
import type { Candidate } from './admit.ts'
import { BodyRoom } from './body-room.ts'
import type { Call } from './call.ts'
import { watchMultipart } from './watch-multipart.ts'

/**
 * Up to this size JSON is read through for placeholders, multipart form data for parts that replace the method, and a body
 * of any type can be sent again after a redirect, even where nothing else asks for it. Bytes.
 */
const HELD_ANYWAY = 256 * 1024

/** A request body as the rest of the line handles it: whole where it must be read, else the stream itself. */
export type HeldBody = Uint8Array | AsyncIterable<Uint8Array> | null

/** One room for all calls of this process. */
const room = new BodyRoom()

/**
 * Hold the body whole where a rule, a strip or an injection of any candidate has to read it; leave it a stream elsewhere.
 *
 * @returns the body, and what gives its memory back once it has been sent or refused.
 * @throws Problem `too-large` above MAX_PARSED_BODY, `malformed` where it is longer than it was said to be, and
 *   whatever the body itself fails with.
 */
export async function holdBody(
  call: Call,
  candidates: readonly Candidate[],
): Promise<{ body: HeldBody; release: () => void }> {
  const length = call.claimed.bodyLength
  const needed = candidates.some(
    ({ request, capability, service, askWrites }) =>
      needsBody(request, capability, service) ||
      // Whoever is asked is to be shown all of it.
      (askWrites && !isReading(request.method)) ||
      (length !== null && length <= HELD_ANYWAY) ||
      mayGoOn(request, capability, length),
  )
  if (call.body === null) return { body: null, release: () => {} }
  if (!needed) return { body: passing(call.body, candidates), release: () => {} }
  if (length !== null && length > MAX_PARSED_BODY) throw new Problem('too-large', 'body-too-large')
  const release = await room.enter(call.witnessed.origin, length ?? MAX_PARSED_BODY, call.abort.signal)
  try {
    const body = await whole(call.body, length)
    // A body of unknown length had room for the longest; it may wait for the owner with what it takes.
    release(body.length)
    return { body, release }
  } catch (problem) {
    release()
    throw problem
  }
}

/** A body that streams past, watched where it could replace the method. */
function passing(
  body: AsyncIterable<Uint8Array>,
  candidates: readonly Candidate[],
): AsyncIterable<Uint8Array> {
  const isMultipart = candidates.some(({ request }) => isMultipartLike(contentTypeOf(request.headers)))
  return isMultipart ? watchMultipart(body) : body
}

async function whole(body: AsyncIterable<Uint8Array>, said: number | null): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body) {
    length += part.length
    // SECURITY: room was given for what was said.
    if (said !== null && length > said) throw new Problem('malformed', 'body-length')
    if (length > MAX_PARSED_BODY) throw new Problem('too-large', 'body-too-large')
    parts.push(part)
  }
  // SECURITY: what is cut short is never sent as if it were whole.
  if (said !== null && length !== said) throw new Problem('malformed', 'body-length')
  return Buffer.concat(parts, length)
}

/** What may have to be sent a second time. A longer body streams past, and goes nowhere else. */
function mayGoOn(request: CanonicalRequest, { failover }: Capability, length: number | null): boolean {
  const isHeld = length === null || length <= MAX_PARSED_BODY
  return failover !== undefined && isHeld && isJsonContent(contentTypeOf(request.headers))
}

/** The bytes a rule may read: null where there is no body or it streams past unread. */
export function readable(body: HeldBody): Uint8Array | null {
  return body instanceof Uint8Array ? body : null
}
