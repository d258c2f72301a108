/**
 * Inflate raw deflate (RFC 1951) to as many bytes as were said.
 *
 * @throws where it is no raw deflate, or inflates to another number. SECURITY: no more than that is ever kept, however much it
 *   would become.
 */
export async function inflated(
  deflated: Uint8Array<ArrayBuffer>,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  // Firefox's streams are the page's, and take no array of this world: a response does.
  const { body } = new Response(deflated)
  const reader = (body as ReadableStream).pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  const plain = new Uint8Array(length)
  let at = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    // Throws where there is no room for it.
    plain.set(value, at)
    at += value.length
  }
  if (at < length) throw new RangeError()
  return plain
}
