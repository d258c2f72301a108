import type { Service } from '../../shared/model/service.ts'
import { readJson } from './json.ts'
import type { JsonMember, JsonNode } from './json-node.ts'
import { holdsPlaceholder } from './placeholder.ts'

/**
 * A JSON body without the object members whose text holds the service's placeholder, wherever they are; every other
 * byte stays. Array items stay too: removing one would move its neighbours. With nothing to strip it is `body` itself.
 *
 * @throws MalformedJson for a body that `readJson` refuses; not asked where the placeholder is not in it.
 */
export function stripPlaceholders(body: Uint8Array, service: Service): Uint8Array {
  const view = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (!view.includes(service.placeholder)) return body
  const spans: [number, number][] = []
  collect(readJson(body), service.placeholder, spans)
  return spans.length === 0 ? body : without(body, spans)
}

function collect(node: JsonNode, placeholder: string, spans: [number, number][]): void {
  if (node.kind === 'array') for (const item of node.items) collect(item, placeholder, spans)
  if (node.kind !== 'object') return
  const { members } = node
  const goes = members.map(
    ({ valueNode }) => valueNode.kind === 'string' && holdsPlaceholder(valueNode.value, placeholder),
  )
  const lastKept = goes.lastIndexOf(false)
  members.forEach((member, at) => {
    if (goes[at] !== true) collect(member.valueNode, placeholder, spans)
    else if (at < lastKept) spans.push([member.keyStart, members[at + 1]?.keyStart ?? member.keyStart])
  })
  const tail = tailSpan(members, lastKept)
  if (tail !== null) spans.push(tail)
}

/** What goes when the last members go, the comma before them included. */
function tailSpan(members: readonly JsonMember[], lastKept: number): [number, number] | null {
  const last = members.at(-1)
  const first = members[lastKept + 1]
  if (last === undefined || first === undefined) return null
  return [members[lastKept]?.valueNode.end ?? first.keyStart, last.valueNode.end]
}

function without(body: Uint8Array, spans: readonly [number, number][]): Uint8Array {
  const pieces: Uint8Array[] = []
  let at = 0
  for (const [start, end] of spans.toSorted(([a], [b]) => a - b)) {
    pieces.push(body.subarray(at, start))
    at = end
  }
  pieces.push(body.subarray(at))
  return Buffer.concat(pieces)
}
