import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { PRESETS } from '../../shared/presets/catalogue.ts'
import { examplesOf } from '../support/preset-examples.ts'

/** SECURITY.md says what is tested and how bad what would be: its tests exist, and its scores are computed right. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PAGE = readFileSync(`${ROOT}SECURITY.md`, 'utf8')

const cells = (line: string) =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim())
const rows = PAGE.split('\n').filter((line) => line.startsWith('| '))
const threats = rows.map(cells).filter(([id = '']) => /^(L[1-7]|X)\.\d+$/.test(id))
const promises = rows.map(cells).filter(([id = '']) => /^\d+$/.test(id))

/** Half as people write it. */
const figure = (text: string) => (text === '½' ? 0.5 : Number(text))
const rounded = (value: number) => Math.round(value * 10) / 10

describe('every threat', () => {
  test('is there for each layer, and for each of the three systems', () => {
    expect(new Set(threats.map(([id = '']) => id.split('.')[0]))).toEqual(
      new Set(['L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7', 'X']),
    )
    expect(new Set(threats.map(([, from]) => from))).toEqual(new Set(['Janee', 'Jan', 'ModelsLab']))
    expect(threats.length).toBeGreaterThanOrEqual(40)
  })

  test.each(threats)(
    '%s is scored as OWASP AIVSS v0.8 says',
    (_id, _from, _threat, vector, base, factors, thm, mf, v08, v1) => {
      expect(vector).toMatch(
        /^`AV:[NALP]\/AC:[LH]\/AT:[NP]\/PR:[NLH]\/UI:[NPA]\/VC:[HLN]\/VI:[HLN]\/VA:[HLN]\/SC:[HLN]\/SI:[HLN]\/SA:[HLN]`$/,
      )
      const given = (factors ?? '').split(' ').map(figure)
      expect(given).toHaveLength(10)
      expect(given.every((each) => [0, 0.5, 1].includes(each))).toBe(true)
      expect([1, 0.97, 0.5]).toContain(Number(thm))
      expect([1, 0.83, 0.67]).toContain(Number(mf))
      const sum = given.reduce((total, each) => total + each, 0)
      const aars = (10 - Number(base)) * (sum / 10) * Number(thm)
      expect(rounded((Number(base) + aars) * Number(mf))).toBe(Number(v08))
      expect(rounded(Number(base) + aars * Number(mf))).toBe(Number(v1))
    },
  )

  test.each(threats)('%s is answered by tests that are there, or by none and says so', (...row) => {
    const answer = row.at(-1) ?? ''
    const mf = Number(row[7])
    const named = [...answer.matchAll(/`(test\/[^`]+)`(?:: ((?:“[^”]+”(?:, )?)+))?/g)]
    if (mf === 1) expect(answer).toMatch(/^(Not answered|Out of reach)/)
    else expect(named.length).toBeGreaterThan(0)
    for (const [, file = '', names = ''] of named) {
      const text = readFileSync(`${ROOT}${file}`, 'utf8')
      for (const [, name = ''] of names.matchAll(/“([^”]+)”/g))
        expect(text, `${file}: ${name}`).toContain(name)
    }
  })
})

test.each(promises)(
  'promise %s names tests that are there, and a figure',
  (_id, _promise, shown = '', figures = '') => {
    let folder = ''
    const named = [...shown.matchAll(/`([^`]+\.ts)`/g)].map(([, name = '']) => {
      if (name.includes('/')) folder = name.slice(0, name.lastIndexOf('/') + 1)
      return name.includes('/') ? name : `${folder}${name}`
    })
    expect(named.length).toBeGreaterThan(0)
    for (const name of named) {
      const found = name.includes('*')
        ? globSync(name, { cwd: ROOT }).length > 0
        : existsSync(`${ROOT}${name}`)
      expect(found, name).toBe(true)
    }
    expect(figures).toMatch(/[\d]|The search/)
  },
)

test('what it counts of the presets is what there is', () => {
  const row =
    promises.find(([, promise = '']) => promise.includes('A preset opens what its words say'))?.join(' ') ??
    ''
  const examples = PRESETS.map(({ id }) => examplesOf(id))
  const of = examples.flatMap(({ capabilities }) => Object.values(capabilities))
  const [allowed, refused] = [
    of.reduce((sum, { allow }) => sum + allow.length, 0),
    of.reduce((sum, { deny }) => sum + Object.values(deny).flat().length, 0),
  ]
  const capabilities = PRESETS.reduce((sum, preset) => sum + preset.capabilities.length, 0)
  expect(row).toContain(
    `${PRESETS.length} presets of ${PRESETS.length - 1} services, ${capabilities} capabilities`,
  )
  expect(row).toContain(`${allowed} examples allowed, ${refused} refused`)
  expect(readFileSync(`${ROOT}README.md`, 'utf8')).toContain(
    `The ${allowed} calls they allow and the ${refused} they refuse`,
  )
})
