import { gzipSync } from 'node:zlib'

/** A document as an extension page sends it to the host. */
export function packed(document: unknown): string {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  return gzipSync(text).toString('base64')
}
