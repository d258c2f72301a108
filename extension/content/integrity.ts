const STRENGTHS = ['sha256', 'sha384', 'sha512']

/**
 * Subresource Integrity (W3C, "Do bytes match metadata list"): one of the strongest listed digests must be that of the
 * bytes, in either alphabet of base64 and padded or not, as the browsers have it; metadata without a known digest asks nothing.
 * Where the document is no secure context there is no Web Crypto, and nothing can match.
 */
export async function meetsIntegrity(metadata: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const listed = metadata
    .split(/\s+/)
    .map((item) => /^(sha(?:256|384|512))-([\w+/-]+)=*(?:\?.*)?$/.exec(item))
    .filter((found) => found !== null)
  const strongest = Math.max(...listed.map(([, name = '']) => STRENGTHS.indexOf(name)))
  if (listed.length === 0) return true
  if (crypto.subtle === undefined) return false
  const algorithm = STRENGTHS[strongest] as string
  const digest = await crypto.subtle.digest(algorithm.replace('sha', 'SHA-'), bytes)
  const actual = new Uint8Array(digest).toBase64().replace(/=/g, '')
  const spelled = (wanted = '') => wanted.replace(/-/g, '+').replace(/_/g, '/')
  return listed.some(([, name, wanted]) => name === algorithm && spelled(wanted) === actual)
}
