import { describe, expect, test } from 'vitest'
import { FIGURES } from './gate/figures.ts'
import { PAIRS } from './gate/in-process.ts'
import { ATTEMPTS, judge, type Ratios, readBaseline, TOLERANCE } from './gate/judge.ts'

describe('how the gate judges', () => {
  const baseline = { calls: 2, bytes: 1 }
  /** Measures what is listed, attempt by attempt. */
  const measuring = (...attempts: Ratios[]) => {
    const asked: (readonly string[])[] = []
    const measure = async (names: readonly string[] = []) => {
      asked.push(names)
      return attempts[asked.length - 1] ?? attempts.at(-1) ?? {}
    }
    return { asked, measure }
  }

  test('a quarter worse is let be, more is not', async () => {
    expect(await judge(baseline, measuring({ calls: 2.5, bytes: 1.25 }).measure)).toEqual([])
    expect(await judge(baseline, measuring({ calls: 2.51, bytes: 1 }).measure)).toEqual([
      { name: 'calls', ratio: 2.51, baseline: 2 },
    ])
  })

  test('what is worse is measured again, alone, and its best counts', async () => {
    const { asked, measure } = measuring({ calls: 4, bytes: 1 }, { calls: 3 }, { calls: 2.1 })
    expect(await judge(baseline, measure)).toEqual([])
    expect(asked).toEqual([[], ['calls'], ['calls']])
  })

  test('in the end it is worse', async () => {
    const { asked, measure } = measuring({ calls: 4, bytes: 3 })
    expect(await judge(baseline, measure)).toHaveLength(2)
    expect(asked).toHaveLength(ATTEMPTS)
  })

  test('a figure that is not measured is no pass', async () => {
    await expect(judge(baseline, measuring({ calls: 1 }).measure)).rejects.toThrow('`bytes`')
    expect(await judge(baseline, measuring({ calls: Number.NaN, bytes: 1 }).measure)).toHaveLength(1)
  })
})

// The work of another process is read from /proc.
describe.runIf(process.platform === 'linux')('the product beside the least that must be done', () => {
  test('every figure has its baseline', async () => {
    const names = [...FIGURES.map(({ name }) => name), ...Object.keys(PAIRS)]
    expect(Object.keys(await readBaseline()).sort()).toEqual(names.sort())
  })

  test(`no figure is more than ${TOLERANCE} times its baseline`, { timeout: 1_800_000 }, async () => {
    const worse = await judge(await readBaseline())
    const said = worse.map(
      ({ name, ratio, baseline }) => `${name}: ${ratio}, was ${baseline} (test/bench/baseline.json)`,
    )
    expect(said).toEqual([])
  })
})
