import * as z from 'zod/mini'
import type { ClaimedRequest } from '../policy/canonical.ts'

const LineSchema = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.optional(
    z.union([z.record(z.string(), z.string()), z.array(z.tuple([z.string(), z.string()]))]),
  ),
  body: z.optional(z.nullable(z.string())),
  bodyBase64: z.optional(z.nullable(z.string())),
})

/** A request read from one line of NDJSON, with its whole body. */
export interface ExplainLine {
  claimed: ClaimedRequest
  body: Uint8Array | null
}

/** Read one line of `explain --stdin`. Null for anything that is not such a request; never throws. */
export function readExplainLine(line: string): ExplainLine | null {
  const parsed = LineSchema.safeParse(parse(line))
  if (!parsed.success) return null
  const { method, url, headers = {}, body, bodyBase64 } = parsed.data
  if (typeof body === 'string' && typeof bodyBase64 === 'string') return null
  const bytes = bytesOf(body ?? null, bodyBase64 ?? null)
  if (bytes === undefined) return null
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers)
  return { claimed: { method, url, headers: pairs }, body: bytes }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

function bytesOf(text: string | null, base64: string | null): Uint8Array | null | undefined {
  if (text !== null) return new TextEncoder().encode(text)
  if (base64 === null) return null
  try {
    return Uint8Array.fromBase64(base64)
  } catch {
    return undefined
  }
}
