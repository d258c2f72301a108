import type { JsonMember, JsonNode } from './json-node.ts'
import { JsonReader } from './json-reader.ts'
import { MalformedJson } from './malformed-json.ts'

/**
 * Read one JSON text (RFC 8259) that no two parsers can read differently: UTF-8 without a byte order mark, no key twice
 * in one object (after unescaping), no lone surrogate, nothing after the value, at most 64 levels and a million values.
 *
 * @throws MalformedJson for anything else, with the reason.
 */
export function readJson(bytes: Uint8Array): JsonNode {
  return new JsonReader(bytes).read()
}

/** The reference tokens of a pointer (RFC 6901 sections 3 and 4); null for a text that is none. `''` has no tokens. */
export function pointerTokens(pointer: string): string[] | null {
  if (pointer === '') return []
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return null
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The value a pointer names (RFC 6901), own members only; null where there is none or the pointer is malformed. */
export function pointerGet(node: JsonNode, pointer: string): JsonNode | null {
  const tokens = pointerTokens(pointer)
  if (tokens === null) return null
  let current: JsonNode | null = node
  for (const token of tokens) {
    if (current === null) return null
    current = childOf(current, token)
  }
  return current
}

/** The value one step below, by member key or array index (no leading zeros); null where there is none. */
export function childOf(node: JsonNode, token: string): JsonNode | null {
  if (node.kind === 'object') return node.members.find(({ key }) => key === token)?.valueNode ?? null
  if (node.kind === 'array' && /^(?:0|[1-9][0-9]*)$/.test(token)) return node.items[Number(token)] ?? null
  return null
}

/**
 * Set or remove one member of an object; every byte outside of it stays as it is.
 *
 * @param bytes what `node` was read from.
 * @param pointer names a member of an object that exists.
 * @param replacement a whole JSON value, for the member there or for a new last one; null removes it.
 * @returns new bytes; `bytes` itself where there is nothing to remove.
 * @throws MalformedJson where no object is there to hold the member and there is something to set.
 */
export function spliceMember(
  bytes: Uint8Array,
  node: JsonNode,
  pointer: string,
  replacement: Uint8Array | null,
): Uint8Array {
  const key = pointerTokens(pointer)?.at(-1)
  const parent = pointerGet(node, pointer.slice(0, Math.max(pointer.lastIndexOf('/'), 0)))
  if (key === undefined || parent?.kind !== 'object') {
    if (replacement === null) return bytes
    throw new MalformedJson('no object at the pointer')
  }
  const { members } = parent
  const at = members.findIndex((member) => member.key === key)
  const member = members[at]
  if (replacement === null) {
    return member === undefined ? bytes : join(bytes, ...memberSpan(members, at, member), [])
  }
  if (member !== undefined) return join(bytes, member.valueNode.start, member.valueNode.end, [replacement])
  const last = members.at(-1)
  const place = last === undefined ? parent.start + 1 : last.valueNode.end
  const head = `${last === undefined ? '' : ','}${JSON.stringify(key)}:`
  return join(bytes, place, place, [new TextEncoder().encode(head), replacement])
}

/** What goes when a member goes: itself and the one comma that would be left over. */
function memberSpan(members: readonly JsonMember[], at: number, member: JsonMember): [number, number] {
  const next = members[at + 1]
  if (next !== undefined) return [member.keyStart, next.keyStart]
  return [members[at - 1]?.valueNode.end ?? member.keyStart, member.valueNode.end]
}

/** The bytes before `from`, the parts, the bytes from `to` on. */
function join(bytes: Uint8Array, from: number, to: number, parts: readonly Uint8Array[]): Uint8Array {
  const pieces = [bytes.subarray(0, from), ...parts, bytes.subarray(to)]
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    out.set(piece, at)
    at += piece.length
  }
  return out
}
