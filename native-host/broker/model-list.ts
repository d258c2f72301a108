import type { Capability } from '../../shared/model/capability.ts'
import type { ModelList, Service } from '../../shared/model/service.ts'
import { childOf, readJson } from '../policy/json.ts'
import type { JsonNode } from '../policy/json-node.ts'
import { MalformedJson } from '../policy/malformed-json.ts'
import { matches, parsePathPattern } from '../policy/pattern.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import { Problem } from '../problem.ts'
import type { CleansedResponse } from './cleanse.ts'

/** Longest list of models that is looked through, bytes: a thousand times what a machine holds. */
const LONGEST_LIST = 1024 * 1024
/** What describes a body that was changed. */
const OF_THE_WHOLE = new Set(['content-length', 'etag', 'content-range', 'accept-ranges'])

/**
 * A list of models without those that the service hands on to others, and without those that the capability does not
 * let a site use. Any other answer is the one that was given.
 *
 * @throws Problem `response-withheld` where such a list is too long or is none; whatever its body fails with.
 */
export async function withoutHiddenModels(
  clean: CleansedResponse,
  request: CanonicalRequest,
  service: Service,
  models: Capability['models'],
): Promise<CleansedResponse> {
  const rule = service.modelLists?.find(({ paths }) => isListed(paths, request))
  if (rule === undefined || clean.status < 200 || clean.status > 299) return clean
  const headers = clean.headers.filter(([name]) => !OF_THE_WHOLE.has(name))
  if (request.method === 'HEAD') return { ...clean, headers }
  const body = shortened(await whole(clean.body), rule, models)
  return { ...clean, headers, body: once(body) }
}

function isListed(paths: readonly string[], { method, path }: CanonicalRequest): boolean {
  return paths.some((text) => matches(parsePathPattern(text), method, path, []))
}

async function whole(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body) {
    length += part.length
    if (length > LONGEST_LIST) throw new Problem('response-withheld', 'model-list-too-long')
    parts.push(part)
  }
  return Buffer.concat(parts, length)
}

/** The same bytes but for the models that go. */
function shortened(bytes: Uint8Array, rule: ModelList, models: Capability['models']): Uint8Array {
  const list = listIn(bytes)
  if (list === null) throw new Problem('response-withheld', 'model-list-unreadable')
  const kept = list.items.filter((item) => isShown(item, rule, models))
  if (kept.length === list.items.length) return bytes
  const parts = kept.flatMap(({ start, end }, at) => [at === 0 ? '' : ',', bytes.subarray(start, end)])
  const pieces = [bytes.subarray(0, list.start), '[', ...parts, ']', bytes.subarray(list.end)]
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)))
}

function listIn(bytes: Uint8Array): Extract<JsonNode, { kind: 'array' }> | null {
  try {
    const data = childOf(readJson(bytes), 'data')
    return data?.kind === 'array' ? data : null
  } catch (error) {
    if (error instanceof MalformedJson) return null
    throw error
  }
}

function isShown(item: JsonNode, { withoutOwners }: ModelList, models: Capability['models']): boolean {
  const owner = childOf(item, 'owned_by')
  // SECURITY: whose model it is must be said; what does not say it may be anybody's.
  if (owner?.kind !== 'string' || withoutOwners.includes(owner.value)) return false
  const id = childOf(item, 'id')
  return models === null || (id?.kind === 'string' && models.includes(id.value))
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
