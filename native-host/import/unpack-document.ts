import { say } from '../../shared/model/said.ts'
import { MAX_JSON_DOCUMENT, MAX_YAML_DOCUMENT } from '../../shared/protocol/document-limits.ts'
import { Refusal } from '../refusal.ts'
import { textOf } from './recognise.ts'

/**
 * A document as an extension page sends it: gzip, then base64.
 *
 * @returns its text, no larger than a running host reads. @throws Refusal `too-large`; `invalid` where it is not packed so, or
 *   is no UTF-8.
 */
export async function unpackDocument(packed: string): Promise<string> {
  const text = textOf(await inflated(Buffer.from(packed, 'base64')))
  const isJson = text.trimStart().startsWith('{')
  if (!isJson && Buffer.byteLength(text) > MAX_YAML_DOCUMENT) throw tooLarge('YAML', MAX_YAML_DOCUMENT)
  return text
}

// SECURITY: a small file may unpack to anything: it is given up at the first byte above the limit.
async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for await (const part of new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))) {
      length += part.byteLength
      if (length > MAX_JSON_DOCUMENT) break
      parts.push(part)
    }
  } catch {
    throw new Refusal('invalid', 'the document did not arrive whole')
  }
  if (length > MAX_JSON_DOCUMENT) throw tooLarge('JSON', MAX_JSON_DOCUMENT)
  return Buffer.concat(parts)
}

function tooLarge(what: string, limit: number): Refusal {
  return new Refusal(
    'too-large',
    say`the document is larger than ${limit / 1_000_000} MB of ${what}: \`valetkey import FILE\` takes larger ones`,
  )
}
