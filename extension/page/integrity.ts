import { indexOf, NativeBytes, toBase64 } from './primordials.ts'

const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined
const digest = subtle?.digest.bind(subtle)

/**
 * Subresource Integrity (W3C, "Do bytes match metadata list"): one of the strongest listed digests must be that of the
 * bytes; metadata without a known digest asks nothing. Where the page has no Web Crypto, nothing can match.
 */
export async function meetsIntegrity(metadata: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const listed = ` ${metadata}`
  for (let bits = 512; bits >= 256; bits -= 128) {
    const name = ` sha${bits}-`
    if (indexOf(listed, name) < 0) continue
    if (digest === undefined) return false
    return indexOf(listed, name + toBase64(new NativeBytes(await digest(`SHA-${bits}`, bytes)))) >= 0
  }
  return true
}
