import { indexOf, matches, NativeBytes, sliceText, splitText, toBase64 } from './primordials.ts'

const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined
const digest = subtle?.digest.bind(subtle)

const STRENGTHS = ['sha256', 'sha384', 'sha512']

/**
 * Subresource Integrity (W3C, "Do bytes match metadata list"): one of the strongest listed digests must be that of the
 * bytes; metadata without a known digest asks nothing. Where the page has no Web Crypto, nothing can match.
 */
export async function meetsIntegrity(metadata: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const items = splitText(metadata, ' ')
  let strength = -1
  let wanted: string[] = []
  for (let i = 0; i < items.length; i++) {
    const found = matches(/^(sha(?:256|384|512))-([A-Za-z0-9+/=_-]+)(?:\?.*)?$/, items[i] as string)
    if (found === null) continue
    const rank = rankOf(found[1] as string)
    if (rank > strength) wanted = []
    if (rank >= strength) wanted[wanted.length] = found[2] as string
    if (rank > strength) strength = rank
  }
  if (strength < 0) return true
  if (digest === undefined) return false
  const actual = toBase64(
    new NativeBytes(await digest(`SHA-${sliceText(STRENGTHS[strength] as string, 3)}`, bytes)),
  )
  for (let i = 0; i < wanted.length; i++) if (wanted[i] === actual) return true
  return false
}

const rankOf = (algorithm: string): number => indexOf('sha256 sha384 sha512', algorithm) / 7
