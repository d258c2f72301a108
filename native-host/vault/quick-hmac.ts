import { Buffer } from 'node:buffer'
import { createHash, hash, type KeyObject } from 'node:crypto'

/** Bytes that SHA-256 takes at a time (FIPS 180-4 section 1), and that it gives. */
const BLOCK_BYTES = 64
const DIGEST_BYTES = 32

/** Longest message that is put behind the padded key in a place kept for it, bytes: as a long record of the audit log. */
const MOST_KEPT = 16 * 1024

/** The key, filled up with zeros, each byte changed by `pad` (RFC 2104 section 2), and room behind it. */
function padded(key: Uint8Array, pad: number, room: number): Buffer {
  const bytes = Buffer.alloc(BLOCK_BYTES + room)
  bytes.set(key)
  for (let at = 0; at < BLOCK_BYTES; at += 1) bytes[at] = (bytes[at] ?? 0) ^ pad
  return bytes
}

/**
 * HMAC-SHA-256 (RFC 2104) of one message after another, as `createHmac` makes it: that makes an object for each, which costs more
 * than the two digests that an HMAC is.
 *
 * @param key of at most 64 bytes: a longer one would be digested first. @throws RangeError for a longer one.
 * @returns makes it, as text of a character a byte (latin1): to be compared, not kept.
 */
export function quickHmac(key: KeyObject): (message: Uint8Array) => string {
  if ((key.symmetricKeySize ?? Infinity) > BLOCK_BYTES) throw new RangeError('a key of a block at most')
  const raw = key.export()
  const inner = padded(raw, 0x36, MOST_KEPT)
  const outer = padded(raw, 0x5c, DIGEST_BYTES)
  raw.fill(0)
  return (message) => {
    outer.write(innerDigest(inner, message), BLOCK_BYTES, 'latin1')
    return hash('sha256', outer, 'latin1')
  }
}

function innerDigest(inner: Buffer, message: Uint8Array): string {
  if (message.length > MOST_KEPT) {
    const key = inner.subarray(0, BLOCK_BYTES)
    return createHash('sha256').update(key).update(message).digest('latin1')
  }
  inner.set(message, BLOCK_BYTES)
  return hash('sha256', inner.subarray(0, BLOCK_BYTES + message.length), 'latin1')
}
