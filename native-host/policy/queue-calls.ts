import type { Queue } from '../../shared/model/queue.ts'
import type { Service } from '../../shared/model/service.ts'
import { pointerGet } from './json.ts'
import { contentTypeOf } from './json-content.ts'
import type { JsonNode } from './json-node.ts'
import { matchesWidely } from './matches-widely.ts'
import { matches, parsePathPattern } from './pattern.ts'
import { readBody } from './read-body.ts'
import type { CanonicalRequest } from './request.ts'

/** Longest id of a job that is kept, characters; ModelsLab's are eight digits or so. */
const LONGEST_ID = 200

/** True for a call that may put a job into its service's queue. @throws InvalidPattern for a service that is not checked. */
export function makesJob(request: CanonicalRequest, service: Service): boolean {
  const { queue } = service
  return (
    queue !== undefined &&
    isOne(queue.jobs, request) &&
    !isOne(queue.results, request) &&
    !isExactly(queue.except ?? [], request)
  )
}

// SECURITY: what holds no place is compared as what allows is, so that no odd spelling of a path gets out of it.
function isExactly(patterns: readonly string[], { method, path, query }: CanonicalRequest): boolean {
  return patterns.some((text) => matches(parsePathPattern(text), method, path, query))
}

/**
 * The job whose result a call asks for. Null: it asks for none, or does not say which. SECURITY: nor does one whose path and
 * body differ: the service goes by one of them, and the page would have the other's place given up.
 *
 * @param body whole; null where there is none or it was not held.
 */
export function jobAskedFor(
  request: CanonicalRequest,
  body: Uint8Array | null,
  { queue }: Service,
): string | null {
  if (queue === undefined || !isOne(queue.results, request)) return null
  const read = body === null ? null : readBody(contentTypeOf(request.headers), body)
  const json = read !== null && 'json' in read ? read.json : null
  const inPath = idInPath(request, queue)
  if (json === null) return inPath
  if (inPath === null) return idIn(json, queue.asked)
  return mayMean(json, queue.asked, inPath) ? inPath : null
}

/** True where a pointer leads to this id, or to nothing. */
export function mayMean(json: JsonNode, pointer: string, id: string): boolean {
  const node = pointerGet(json, pointer)
  return node === null || node.kind === 'null' || idIn(json, pointer) === id
}

/** The id at a pointer of an answer or a request, as text. Null: there is none, or one no service gives. */
export function idIn(json: JsonNode, pointer: string): string | null {
  const node = pointerGet(json, pointer)
  const text = node?.kind === 'string' ? node.value : node?.kind === 'number' ? node.text : ''
  return text === '' || text.length > LONGEST_ID ? null : text
}

/** The seconds that an answer says its job will take. Null: it does not say, or nothing one could wait for. */
export function secondsIn(json: JsonNode, { seconds }: Queue): number | null {
  const node = pointerGet(json, seconds)
  return node?.kind === 'number' && Number.isFinite(node.value) && node.value >= 0 ? node.value : null
}

/** The last segment of a path, where the pattern that it is of leaves it open. */
function idInPath(request: CanonicalRequest, { results }: Queue): string | null {
  const open = results.filter((text) => lastSegment(text.split('?')[0] ?? '').includes('*'))
  return isOne(open, request) ? lastSegment(request.path.replace(/\/$/, '')) : null
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function isOne(patterns: readonly string[], { method, path, query }: CanonicalRequest): boolean {
  return patterns.some((text) => matchesWidely(parsePathPattern(text), method, path, query))
}
