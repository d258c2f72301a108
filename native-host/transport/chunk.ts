import { isUtf8 } from 'node:buffer'
import { CHUNK_BYTES } from '../../shared/protocol/limits.ts'

/** The payload of a `chunk` frame: text where the bytes are UTF-8 without NUL (a third shorter and quicker), else what is written as base64. */
export type ChunkPayload = { readonly text: string } | { readonly raw: Buffer }

// JSON writes six bytes for a NUL, of which texts hold none, and what is not text may hold nothing else.
function isText(piece: Buffer): boolean {
  return isUtf8(piece) && !piece.includes(0)
}

/** Cut a body's bytes into pieces that each fit one frame, in order. They share the memory. */
export function* piecesOf(bytes: Uint8Array): Generator<Buffer> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let start = 0; start < all.length; start += CHUNK_BYTES) yield all.subarray(start, start + CHUNK_BYTES)
}

/** What a piece is written as. A character split between two pieces makes both raw; waiting for its rest would delay the stream. */
export function chunkPayload(piece: Buffer): ChunkPayload {
  return isText(piece) ? { text: piece.toString('utf8') } : { raw: piece }
}
