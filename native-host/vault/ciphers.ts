import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject } from 'node:crypto'

/** AES-256-GCM, NIST SP 800-38D: 256-bit key, 96-bit nonce, 128-bit tag, and no other sizes. */
export const NONCE_BYTES = 12
export const TAG_BYTES = 16
export const KEY_BYTES = 32

/** Most that HKDF with SHA-256 gives: 255 blocks of 32 bytes (RFC 5869 section 2.3). */
const MOST_DERIVED = 255 * 32

/** HKDF-SHA-256 (RFC 5869), extract and expand. @throws RangeError for more than 8160 bytes. */
export function hkdf(
  secret: Uint8Array,
  salt: Uint8Array,
  info: string | Uint8Array,
  length: number,
): Uint8Array {
  if (length > MOST_DERIVED) throw new RangeError(`HKDF gives at most ${MOST_DERIVED} bytes`)
  return new Uint8Array(hkdfSync('sha256', secret, salt, info, length))
}

/** Encrypt. @returns ciphertext ‖ tag. @throws RangeError for a key or nonce of another size. */
export function encryptGcm(
  key: KeyObject,
  nonce: Uint8Array,
  associated: Uint8Array,
  plain: Uint8Array,
): Uint8Array {
  checkSizes(key, nonce)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(associated)
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/**
 * Decrypt ciphertext ‖ tag; null where it is not what `encryptGcm` makes of these.
 *
 * @throws RangeError for a key or nonce of another size.
 */
export function decryptGcm(
  key: KeyObject,
  nonce: Uint8Array,
  associated: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | null {
  checkSizes(key, nonce)
  const end = sealed.length - TAG_BYTES
  if (end < 0) return null
  // SECURITY: without authTagLength some versions of Node take a tag of four bytes for a whole one.
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(associated)
  decipher.setAuthTag(sealed.subarray(end))
  const text = decipher.update(sealed.subarray(0, end))
  try {
    return Buffer.concat([text, decipher.final()])
  } catch {
    return null
  }
}

// SECURITY: other nonce sizes are hashed into the counter, where two may meet; other key sizes are other ciphers.
function checkSizes(key: KeyObject, nonce: Uint8Array): void {
  if (key.symmetricKeySize !== KEY_BYTES || nonce.length !== NONCE_BYTES)
    throw new RangeError(`AES-256-GCM takes ${KEY_BYTES} bytes of key and ${NONCE_BYTES} of nonce`)
}
