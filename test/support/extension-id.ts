import { createHash } from 'node:crypto'

/**
 * The id Chromium gives an extension with this `key`: the first 128 bits of the key's SHA-256, in the letters a to p
 * (Chromium source, `components/crx_file/id_util.cc`).
 *
 * @param key base64 of the DER public key, as in the manifest.
 */
export function extensionIdOf(key: string): string {
  const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex').slice(0, 32)
  return [...digest].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join('')
}
