import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pointerGet, readJson, spliceMember } from '../../native-host/policy/json.ts'
import type { JsonNode } from '../../native-host/policy/json-node.ts'
import { MalformedJson } from '../../native-host/policy/malformed-json.ts'
import { bytes } from '../unit/policy-fixture.ts'

/** The plain value of a node. `__proto__` becomes an own property, as `JSON.parse` makes it. */
function plain(node: JsonNode): unknown {
  if (node.kind === 'null') return null
  if (node.kind === 'array') return node.items.map(plain)
  if (node.kind !== 'object') return node.value
  const out = {}
  for (const { key, valueNode } of node.members) {
    Object.defineProperty(out, key, {
      value: plain(valueNode),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return out
}

const value = fc.jsonValue({ noUnicodeString: false, maxDepth: 4 })
const blank = fc.constantFrom(undefined, 1, '\t')

test('what JSON.stringify writes is read as JSON.parse reads it, and every span holds its own text', () => {
  fc.assert(
    fc.property(value, blank, (written, indent) => {
      const text = JSON.stringify(written, null, indent)
      if (!text.isWellFormed() || /\\ud[89a-f]/.test(text)) return
      const read = bytes(text)
      const node = readJson(read)
      expect(plain(node)).toEqual(JSON.parse(text))
      eachNode(node, (each) => {
        const own = new TextDecoder().decode(read.subarray(each.start, each.end))
        expect(JSON.parse(own)).toEqual(plain(each))
      })
    }),
    { numRuns: 2000 },
  )
})

function eachNode(node: JsonNode, visit: (node: JsonNode) => void): void {
  visit(node)
  const children =
    node.kind === 'array'
      ? node.items
      : node.kind === 'object'
        ? node.members.map((each) => each.valueNode)
        : []
  for (const child of children) eachNode(child, visit)
}

test('no broken text is read that JSON.parse refuses', () => {
  const broken = fc
    .tuple(
      value,
      fc.nat(200),
      fc.constantFrom('', ',', '"', '}', ']', '{', '\\', '0', '.', 'e', '-', '\u0000', 'x', ' '),
    )
    .map(([written, at, added]) => {
      const text = JSON.stringify(written)
      const place = at % (text.length + 1)
      return text.slice(0, place) + added + text.slice(place + (at % 2))
    })
  let refused = 0
  fc.assert(
    fc.property(broken, (text) => {
      try {
        const node = readJson(bytes(text))
        expect(plain(node)).toEqual(JSON.parse(text.toWellFormed()))
      } catch (error) {
        if (!(error instanceof MalformedJson)) throw error
        refused++
      }
    }),
    { numRuns: 5000 },
  )
  expect(refused).toBeGreaterThan(500)
})

test('splicing sets or removes one member and keeps all other bytes', () => {
  const object = fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 })
  const key = fc.constantFrom('key', 'a/b', 'm~n', '', 'caf\u00e9', '"q"', '__proto__')
  fc.assert(
    fc.property(object, key, fc.string({ maxLength: 10 }), blank, (written, name, secret, indent) => {
      const text = JSON.stringify(written, null, indent)
      if (!text.isWellFormed() || /\\ud[89a-f]/.test(text) || !secret.isWellFormed()) return
      const read = bytes(text)
      const node = readJson(read)
      const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
      const set = spliceMember(read, node, pointer, bytes(JSON.stringify(secret)))
      const found = pointerGet(readJson(set), pointer)
      expect(found).toMatchObject({ kind: 'string', value: secret })
      // Taking the new member out again gives back the very bytes, where it was new.
      const out = spliceMember(set, readJson(set), pointer, null)
      if (pointerGet(node, pointer) === null) expect(out).toEqual(read)
      expect(pointerGet(readJson(out), pointer)).toBeNull()
    }),
    { numRuns: 2000 },
  )
})
