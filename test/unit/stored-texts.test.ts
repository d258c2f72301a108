import { expect, it } from 'vitest'
import { textsIn } from '../../extension/background/stored-texts.ts'

it('takes a list of texts, as a list of its own', () => {
  const stored = ['https://a.example', '']
  expect(textsIn(stored)).toEqual(stored)
  expect(textsIn(stored)).not.toBe(stored)
  expect(textsIn([])).toEqual([])
})

it.each([undefined, null, 'https://a.example', 7, {}, { 0: 'a', length: 1 }, ['a', 7], ['a', null], [['a']]])(
  'takes nothing of %j',
  (stored) => {
    expect(textsIn(stored)).toEqual([])
  },
)
