import { childOf, pointerTokens } from './json.ts'
import type { JsonNode } from './json-node.ts'

/**
 * True when, on the way to the pointer, an object has a member that some decoder could take for the one that is named:
 * the same key in another case or Unicode form (Go), with or without `_` and `-` (Protocol Buffers take camelCase for
 * snake_case), cut at a NUL (C), or `__proto__` (JavaScript that merges objects).
 */
export function hasKeyVariant(body: JsonNode, pointer: string): boolean {
  let node: JsonNode | null = body
  for (const token of pointerTokens(pointer) ?? []) {
    if (node === null) return false
    if (node.kind === 'object' && node.members.some(({ key }) => isVariant(key, token))) return true
    node = childOf(node, token)
  }
  return false
}

function isVariant(key: string, named: string): boolean {
  if (key === named) return false
  return key === '__proto__' || foldKey(key) === foldKey(named)
}

/** One text for all spellings of a key that some decoder takes for the same. */
export function foldKey(key: string): string {
  if (/^[\x21-\x7e]*$/.test(key)) return key.toLowerCase().replace(/[_-]/g, '')
  const cut = key.split('\0', 1)[0] ?? ''
  const upper = cut.normalize('NFKC').toUpperCase().toLowerCase()
  return upper.replace(/[\p{Cc}\p{Cf}\p{Z}_-]/gu, '')
}
