import { expect, it } from 'vitest'
import { lateModules } from '../../scripts/late-modules.ts'

const FILE = '/x/extension/background/late.ts'
const IMPORTED = `import * as one from './read-one.ts'\nimport * as two from './read-two.ts'\n`
const RETURNED =
  'export const lateOne = (): typeof one => one\nexport const lateTwo = (): typeof two => two\n'

function transform(code: string, id = FILE): string | null {
  const { transform } = lateModules() as unknown as {
    transform(code: string, id: string): { code: string } | null
  }
  return transform(code, id)?.code ?? null
}

it('requires each module where a function returns it, and imports none', () => {
  expect(transform(IMPORTED + RETURNED)).toBe(
    `export const lateOne = (): typeof one => require('./read-one.ts')\n` +
      `export const lateTwo = (): typeof two => require('./read-two.ts')\n`,
  )
})

it('leaves every other file as it is', () => {
  expect(transform(IMPORTED + RETURNED, '/x/extension/background/later.ts')).toBeNull()
})

it('refuses what it would leave to run at the start', () => {
  expect(() => transform(`import { read } from './read-one.ts'\n${RETURNED}`)).toThrow('another form')
  expect(() => transform(`import './read-one.ts'\n${IMPORTED}${RETURNED}`)).toThrow('another form')
  expect(() => transform(`${IMPORTED}export const lateOne = () => one\n`)).toThrow('nothing returns two')
})
