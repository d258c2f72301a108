import { childOf, readJson } from './json.ts'
import type { JsonNode } from './json-node.ts'
import { MalformedJson } from './malformed-json.ts'
import { MODEL_LIST_NAME, MODEL_NAMES } from './model-names.ts'
import type { CanonicalRequest } from './request.ts'

/** Services that name it in the path: Gemini (`/models/X:generateContent`), Bedrock (`/model/X/invoke`), Azure (`/deployments/X/…`). */
const IN_PATH = /\/(?:models|model|deployments|engines)\/([^/:]+)[:/]/

/**
 * The model that a call is for, as its body or else its path names it.
 *
 * @param body JSON, held whole; null: it was not read. @returns null where nothing names one, or more than one is named.
 */
export function askedModel(request: Pick<CanonicalRequest, 'path'>, body: Uint8Array | null): string | null {
  const node = body === null ? null : jsonOf(body)
  const inPath = IN_PATH.exec(request.path)?.[1] ?? null
  if (node === null) return inPath === null ? null : decoded(inPath)
  // SECURITY: of fallbacks nobody knows which one answers.
  if (childOf(node, MODEL_LIST_NAME) !== null) return null
  const named = MODEL_NAMES.flatMap((name) => childOf(node, name) ?? [])
  if (named.length === 0) return inPath === null ? null : decoded(inPath)
  const names = new Set(named.map((each) => (each.kind === 'string' ? each.value : null)))
  return names.size === 1 ? ([...names][0] ?? null) : null
}

function jsonOf(body: Uint8Array): JsonNode | null {
  try {
    return readJson(body)
  } catch (error) {
    if (error instanceof MalformedJson) return null
    throw error
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
