import { describe, expect, test } from 'vitest'
import { packDocument } from '../../extension/control/openapi/pack-document.ts'
import { unpackDocument } from '../../native-host/import/unpack-document.ts'
import type { DescribedOperation } from '../../shared/model/described-operation.ts'
import {
  groupState,
  searchedGroups,
  suggestedTicks,
  type TickGroup,
  tickedRules,
  tickGroups,
  withTicks,
} from '../../shared/model/operation-ticks.ts'

function operation(call: string, part: Partial<DescribedOperation> = {}): DescribedOperation {
  const [method = '', path = ''] = call.split(' ')
  const reason = { code: 'method-reads', method, word: null } as const
  const own = { operation: call, method, path, tags: ['a'], summary: '', marks: [] }
  return { ...own, rule: `${call}?`, reads: true, reason, ...part }
}

const OPERATIONS = [
  operation('GET /a'),
  operation('POST /a', { reads: false }),
  operation('GET /b', { tags: ['b', 'a', 'b'], summary: 'Look around' }),
  operation('GET /c', { tags: [] }),
  operation('GET /odd', { tags: ['odd'], rule: null }),
  operation('HEAD /a', { tags: ['__proto__'], rule: 'GET /a?' }),
]
const groups = tickGroups(OPERATIONS)
const group = (tag: string | null): TickGroup => {
  const found = groups.find((one) => one.tag === tag)
  if (found === undefined) throw new Error(`no group ${tag}`)
  return found
}
const places = (of: readonly TickGroup[]) =>
  of.map(({ tag, operations }) => [tag, ...operations.map(({ at }) => at)])

describe('a list to tick', () => {
  test('puts operations under each of their tags once, those without any last', () => {
    expect(places(groups)).toEqual([
      ['a', 0, 1, 2],
      ['b', 2],
      ['odd', 4],
      ['__proto__', 5],
      [null, 3],
    ])
  })

  test('begins with what reads and can be a rule', () => {
    expect([...suggestedTicks(OPERATIONS)]).toEqual([0, 2, 3, 5])
  })

  test('says of a tag whether all, some or none are ticked, also by another tag', () => {
    const ticked = suggestedTicks(OPERATIONS)
    expect(['a', 'b', null, 'odd'].map((tag) => groupState(group(tag), ticked))).toEqual([
      'some',
      'all',
      'all',
      'none',
    ])
    const all = withTicks(ticked, group('a').operations, true)
    expect(groupState(group('a'), all)).toBe('all')
    const none = withTicks(all, group('a').operations, false)
    expect([groupState(group('a'), none), groupState(group('b'), none)]).toEqual(['none', 'none'])
    expect([...none]).toEqual([3, 5])
  })

  test('never ticks what can be no rule', () => {
    expect([...withTicks(new Set(), group('odd').operations, true)]).toEqual([])
    expect(tickedRules(OPERATIONS, new Set([4]))).toEqual([])
  })

  test('gives each rule once', () => {
    expect(tickedRules(OPERATIONS, new Set([0, 3, 5]))).toEqual(['GET /a?', 'GET /c?'])
  })

  test('is searched by every word in any of the texts', () => {
    expect(places(searchedGroups(groups, ' LOOK  get '))).toEqual([
      ['a', 2],
      ['b', 2],
    ])
    expect(searchedGroups(groups, 'post look')).toEqual([])
    expect(searchedGroups(groups, ' ')).toHaveLength(groups.length)
  })
})

describe('a document on its way to the host', () => {
  test('arrives as it was, of any length', async () => {
    for (const text of ['{}', `{"a":"${'é€😀'.repeat(30_000)}"}`])
      expect(await unpackDocument(await packDocument(new Blob([text])))).toBe(text)
  })

  test('does not leave where no host reads it, or no frame has room for it', async () => {
    await expect(packDocument(new Blob([new Uint8Array(8_000_001)]))).rejects.toThrow('larger than 8 MB')
    const noise = new Blob(Array.from({ length: 40 }, () => crypto.getRandomValues(new Uint8Array(65_536))))
    await expect(packDocument(noise)).rejects.toThrow('does not shrink')
  })
})
