import type { ReferenceOf } from '../../shared/model/reference.ts'
import { ReferenceFault } from './fault.ts'

/**
 * The secret in what a program wrote or a file holds.
 *
 * @param take `line`: up to the first line end. `all`: everything but one final line end. Else an RFC 6901 pointer to a
 *   text in its JSON.
 * @throws ReferenceFault `reference-empty`, `reference-field-missing`.
 */
export function takePart(bytes: Uint8Array, take: ReferenceOf<'file'>['take']): Uint8Array {
  const part = partOf(bytes, take)
  if (part.length === 0) throw new ReferenceFault('reference-empty')
  return part
}

function partOf(bytes: Uint8Array, take: string): Uint8Array {
  if (take === 'all') return withoutLineEnd(bytes, bytes.at(-1) === 0x0a ? bytes.length - 1 : bytes.length)
  if (take !== 'line') return Buffer.from(memberAt(bytes, take), 'utf8')
  const end = bytes.indexOf(0x0a)
  return withoutLineEnd(bytes, end === -1 ? bytes.length : end)
}

/** Cut at `end`, and a carriage return before a line end with it. */
function withoutLineEnd(bytes: Uint8Array, end: number): Uint8Array {
  return bytes.subarray(0, end < bytes.length && bytes[end - 1] === 0x0d ? end - 1 : end)
}

function memberAt(bytes: Uint8Array, pointer: string): string {
  const steps = pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  let value: unknown = parsed(bytes)
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      throw new ReferenceFault('reference-field-missing')
    value = (value as Record<string, unknown>)[step]
  }
  if (typeof value !== 'string') throw new ReferenceFault('reference-field-missing')
  return value
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new ReferenceFault('reference-field-missing')
  }
}
