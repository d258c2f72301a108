import { describe, expect, test } from 'vitest'
import { linesOf } from '../../scripts/bench/report/line.ts'
import { cellsOf } from '../../scripts/bench/report/words.ts'
import { chooseGroups } from '../../scripts/bench/rows/choose.ts'
import { inTurns } from '../../scripts/bench/rows/in-turns.ts'
import { GROUPS } from '../../scripts/bench/rows/registry.ts'
import type { RowGroup, Target } from '../../scripts/bench/rows/row.ts'

const group = (targets: readonly Target[]): RowGroup => ({
  name: 'calls',
  kind: 'some',
  rows: [{ name: 'calls-p50', title: 'a call', unit: 'ms', figure: 'call', share: 0.5, targets }],
  measure: async () => ({}),
})
const proxy = 'loopback proxy'
const samples = { call: { valetkey: [[3], [4], [5]], [proxy]: [[2], [4], [10]] } }
const lineFor = (target: Target) => linesOf(group([target]), samples)[0]

describe('the bench', () => {
  test('lets each competitor run first in its turn, and does not keep what warms up', async () => {
    const ran: string[] = []
    const run = (name: string) => async () => [ran.push(name)]
    const kept = await inTurns(2, { valetkey: run('v'), 'raw wire': run('r'), [proxy]: run('p') })
    expect(ran.join('')).toBe('vrprpvpvr')
    expect(kept).toEqual({ valetkey: [[6], [8]], 'raw wire': [[4], [9]], [proxy]: [[5], [7]] })
  })

  test.each([
    [{ of: 'ratio', against: proxy, most: 1 }, true],
    [{ of: 'ratio', against: proxy, most: 0.9 }, false],
    [{ of: 'ratio', against: proxy, least: 1.1 }, false],
    [{ of: 'difference', against: proxy, most: 0 }, true],
    [{ of: 'difference', against: proxy, most: -0.5 }, false],
    [{ of: 'figure', most: 4 }, true],
    [{ of: 'figure', most: 3.9 }, false],
  ] as const)('judges the median by the target %o', (target, met) => {
    expect(lineFor(target)).toMatchObject({ met, ours: { value: 4, low: 3, high: 5 } })
  })

  test('compares turn by turn what the spread of a ratio says', () => {
    expect(lineFor({ of: 'ratio', against: proxy, most: 1 })?.ratio).toEqual({
      value: 1,
      low: 0.5,
      high: 1.5,
    })
  })

  test('says who misses, and by how much', () => {
    const line = lineFor({ of: 'ratio', against: proxy, most: 0.9 })
    expect(line && cellsOf(line)).toEqual([
      'a call',
      '4.00 ms (3.00–5.00)',
      'loopback proxy 4.00 ms (2.00–10.0)',
      '1.00 × (0.50–1.50)',
      '≤ 0.9 × loopback proxy',
      'MISSED',
    ])
  })

  test('nothing measured meets nothing, and a row whose figure is missing is a fault', () => {
    const target: Target = { of: 'figure', most: 1 }
    const [line] = linesOf(group([target]), { call: { valetkey: [[]] } })
    expect(line?.met).toBe(false)
    expect(() => linesOf(group([target]), {})).toThrow('`call` was not measured')
  })

  test('measures the rows, groups and kinds that are named, and knows no others', () => {
    const chosen = (...names: string[]) => chooseGroups(GROUPS, names, 'chromium')
    expect(chosen()).toHaveLength(GROUPS.length)
    expect(chosen('small').every(({ kind }) => kind === 'small')).toBe(true)
    expect(chosen('events-first').map(({ rows }) => rows.map(({ name }) => name))).toEqual([['events-first']])
    expect(() => chosen('events', 'evens')).toThrow('there is no row `evens`')
    expect(() => chooseGroups(GROUPS, ['binary-down'], 'firefox')).toThrow('in firefox none of these rows')
  })

  test('no two rows or groups answer to one name', () => {
    const names = GROUPS.flatMap(({ name, rows }) => [name, ...rows.map((row) => row.name)])
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  })
})
