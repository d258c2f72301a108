import { createHash } from 'node:crypto'
import manifest from '../../manifest.json' with { type: 'json' }

/**
 * The id Chromium gives an extension with this public key: the first 16 bytes of the SHA-256 of its DER, each hex digit
 * written as a letter from `a` to `p` (Chromium source, `components/crx_file/id_util.cc`).
 *
 * @param key base64 of the key, as the manifest has it.
 */
export function chromiumId(key: string): string {
  const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex').slice(0, 32)
  return [...digest].map((digit) => String.fromCharCode(0x61 + Number.parseInt(digit, 16))).join('')
}

/** Our own extension in Chromium browsers. */
export const CHROMIUM_ID: string = chromiumId(manifest.key)

/** Our own extension in Gecko browsers. */
export const GECKO_ID: string = manifest.browser_specific_settings.gecko.id

/** True for text that can be an id of a Chromium extension. */
export function isChromiumId(text: string): boolean {
  return /^[a-p]{32}$/.test(text)
}
