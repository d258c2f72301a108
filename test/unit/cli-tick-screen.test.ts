import { describe, expect, test } from 'vitest'
import {
  afterKey,
  drawn,
  firstScreen,
  type TickKey,
  type TickScreen,
} from '../../native-host/cli/tick-screen.ts'
import type { DescribedOperation } from '../../shared/model/described-operation.ts'

function operation(call: string, part: Partial<DescribedOperation> = {}): DescribedOperation {
  const [method = '', path = ''] = call.split(' ')
  const reason = { code: 'method-reads', method, word: null } as const
  const own = { operation: call, method, path, tags: ['pets'], summary: '', marks: [] }
  return { ...own, rule: `${call}?`, reads: true, reason, ...part }
}

const SCREEN = firstScreen([
  operation('GET /pets'),
  operation('POST /pets', { reads: false, marks: ['spends', 'writes'] }),
  operation('GET /odd', { rule: null }),
  operation('GET /keepers', { tags: ['\u001b[31mkeepers\u202e\n> [x] all'] }),
])
const SIZE = { rows: 10, columns: 100 }
const move = (by: number): TickKey => ({ kind: 'move', by })
const key = (kind: 'toggle' | 'reading' | 'none' | 'search' | 'done' | 'leave' | 'erase'): TickKey => ({
  kind,
})
const typed = (text: string): TickKey => ({ kind: 'text', text })
const after = (...keys: TickKey[]) => keys.reduce<TickScreen>(afterKey, SCREEN)
const ticked = (...keys: TickKey[]) => [...after(...keys).ticked]

describe('a list to tick at a terminal', () => {
  test('begins with what reads, and ticks an operation or all of a tag', () => {
    expect(ticked()).toEqual([0, 3])
    expect(ticked(key('toggle'))).toEqual([0, 3, 1])
    expect(ticked(key('toggle'), key('toggle'))).toEqual([3])
    expect(ticked(move(1), key('toggle'))).toEqual([3])
    expect(ticked(move(2), key('toggle'))).toEqual([0, 3, 1])
    expect(ticked(key('none'))).toEqual([])
    expect(ticked(key('none'), key('reading'))).toEqual([0, 3])
  })

  test('never ticks what can be no rule, and never leaves the list', () => {
    expect(ticked(move(3), key('toggle'))).toEqual([0, 3])
    expect(after(move(-5)).at).toBe(0)
    expect(after(move(Number.POSITIVE_INFINITY)).at).toBe(5)
    expect(ticked(move(99), key('toggle'))).toEqual([0])
  })

  test('finds what is typed, and ticks only there', () => {
    const found = after(key('search'), typed('k'), typed('q'), key('erase'), typed('eep'), key('done'))
    expect(found).toMatchObject({ search: 'keep', isSearching: false, at: 0 })
    expect([...afterKey(found, key('toggle')).ticked]).toEqual([0])
    expect(after(key('search'), typed('nothing'), key('done'), key('toggle')).ticked).toEqual(SCREEN.ticked)
    expect(after(key('search'), typed('k'), key('leave'))).toMatchObject({ search: '', isSearching: false })
  })

  test('shows boxes, marks and reasons, and nothing of a document that a terminal obeys', () => {
    const lines = drawn(SCREEN, SIZE)
    expect(lines).toHaveLength(10)
    expect(lines[0]).toBe('2 of 4 ticked. ')
    expect(lines[1]).toBe('> [-] pets')
    expect(lines[2]).toBe('      [x] GET /pets  GET, and nothing says that it changes anything')
    expect(lines[3]).toContain('[ ] POST /pets  MAY COST MONEY; changes something; ')
    expect(lines[4]).toContain(' !  GET /odd  no safe path can match it')
    expect(lines[5]).toBe('  [x] \\u001b[31mkeepers\\u202e > [x] all')
  })

  test('fits any terminal, with the line that one is at', () => {
    const many = firstScreen(
      Array.from({ length: 500 }, (_, at) => operation(`GET /${'long'.repeat(50)}-${at}`)),
    )
    for (const size of [SIZE, { rows: 4, columns: 20 }, { rows: 1, columns: 1 }])
      for (const at of [0, 1, 250, 499, 500]) {
        const lines = drawn({ ...many, at }, size)
        expect(lines.length).toBeLessThanOrEqual(Math.max(size.rows, 3))
        expect(lines.filter((line) => line.startsWith('>'))).toHaveLength(1)
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(size.columns)
      }
  })
})
