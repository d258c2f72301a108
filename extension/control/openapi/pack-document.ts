import { MAX_JSON_DOCUMENT, MAX_PACKED_DOCUMENT } from '../../../shared/protocol/document-limits.ts'
import { t } from '../../ui/strings.ts'

/** So many bytes become text at a time: an engine takes no more arguments than some ten thousands. */
const STEP = 8192

/**
 * A document as it travels to the host: gzip, then base64.
 *
 * @throws Error with a sentence for the owner where it is larger than a host reads, or than one frame has room for.
 */
export async function packDocument(document: Blob): Promise<string> {
  if (document.size > MAX_JSON_DOCUMENT) throw new Error(t('openapiTooLarge', MAX_JSON_DOCUMENT / 1_000_000))
  const stream = document.stream().pipeThrough(new CompressionStream('gzip'))
  const packed = base64(new Uint8Array(await new Response(stream).arrayBuffer()))
  if (packed.length > MAX_PACKED_DOCUMENT) throw new Error(t('openapiTooDense'))
  return packed
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += STEP)
    text += String.fromCharCode(...bytes.subarray(at, at + STEP))
  return btoa(text)
}
