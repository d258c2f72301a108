import { hasMethodPart, LONGEST_PART_NAME } from '../policy/method-names.ts'
import { Problem } from '../problem.ts'

/**
 * Multipart form data as it streams past, cut before a part whose name some servers (Rails) take for the method: an allowed
 * POST must not become a DELETE. What went before it is no whole request, so that no server acts on it.
 *
 * @throws Problem `malformed` (`body-relabels`).
 */
export async function* watchMultipart(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let kept: Uint8Array = new Uint8Array()
  for await (const piece of body) {
    const stretch = Buffer.concat([kept, piece])
    if (hasMethodPart(stretch)) throw new Problem('malformed', 'body-relabels')
    // SECURITY: kept back, because a name may begin in one piece and end in the next.
    const end = Math.max(stretch.length - LONGEST_PART_NAME, 0)
    if (end > 0) yield stretch.subarray(0, end)
    kept = stretch.subarray(end)
  }
  if (kept.length > 0) yield kept
}
