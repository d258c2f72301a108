import { expect, test } from 'vitest'
import { recognise } from '../../native-host/import/recognise.ts'
import { refusalOf } from './vault-fixture.ts'

test.each([
  ['a line', '-', '\n', '-'],
  ['a line of older kinds', '-', '\r', '-'],
  ['a line separator', '-', '\u2028', '-'],
  ['a blank', '-', ' ', '-'],
  ['a word', '-\n', 'export ', '-'],
  ['a name', '-\n', 'a', '-'],
])('a file that is mostly %s is refused in time', (_what, before, middle, after) => {
  // Read again from each place on, these would take minutes: longer than a test may.
  expect(refusalOf(() => recognise(`${before}${middle.repeat(200_000)}${after}`))).toBe('invalid')
})

test('variables are recognised where blank lines and comments come before them', () => {
  expect(recognise('# keys\r\n\r\n  export NAME = value\r\n')).toBe('env')
  expect(recognise('\n\nNAME=value')).toBe('env')
})
