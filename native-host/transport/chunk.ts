import { isUtf8 } from 'node:buffer'
import { CHUNK_BYTES } from '../../shared/protocol/limits.ts'

/** The payload of a `chunk` frame: text where the bytes are UTF-8 without NUL (a third shorter and quicker), else base64. */
export type ChunkPayload = { text: string } | { base64: string }

// JSON writes six bytes for a NUL, of which texts hold none, and what is not text may hold nothing else.
function isText(part: Buffer): boolean {
  return isUtf8(part) && !part.includes(0)
}

/** Cut a body's bytes into payloads that each fit one frame, in order and without delay. */
export function* chunkPayloads(bytes: Uint8Array): Generator<{ payload: ChunkPayload; length: number }> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let start = 0; start < all.length; start += CHUNK_BYTES) {
    const part = all.subarray(start, start + CHUNK_BYTES)
    // A character split between two chunks makes both of them base64; waiting for its rest would delay the stream.
    const payload = isText(part) ? { text: part.toString('utf8') } : { base64: part.toString('base64') }
    yield { payload, length: part.length }
  }
}
