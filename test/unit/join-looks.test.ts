import { expect, test } from 'vitest'
import { joinLooks } from '../../extension/background/join-looks.ts'
import type { KeysOfDocument, PageKey } from '../../shared/protocol/page-keys.ts'

const key = (id: string, kind: PageKey['places'][number]['kind'], name: string): PageKey => ({
  ...{ id, preset: 'openai', name: 'project key' },
  places: [{ kind, name }],
})
const look = (more: Partial<KeysOfDocument>): KeysOfDocument => ({
  ...{ keys: [], same: [], called: [], whole: true },
  ...more,
})

test('a key that a page and a frame of it have is told once, with the places of both', () => {
  const page = look({ keys: [key('1', 'local', 'settings')], same: ['a'] })
  const frame = look({
    keys: [key('2', 'call', 'authorization'), key('3', 'call', 'authorization')],
    same: ['a', 'b'],
  })
  const { keys } = joinLooks([page, frame, look({ keys: [key('4', 'local', 'settings')], same: ['a'] })])
  expect(keys.map(({ id, places }) => [id, places.map(({ kind }) => kind)])).toEqual([
    ['1', ['local', 'call']],
    ['3', ['call']],
  ])
  expect(page.keys[0]?.places).toHaveLength(1)
})

test('keys that cannot be compared are told each', () => {
  const looks = ['1', '2'].map((id) => look({ keys: [key(id, 'call', 'authorization')], same: [null] }))
  expect(joinLooks(looks).keys.map(({ id }) => id)).toEqual(['1', '2'])
})

test('a page was looked through where all of its documents were, and its keys are not too many', () => {
  expect(joinLooks([look({}), look({})]).whole).toBe(true)
  expect(joinLooks([look({}), look({ whole: false })]).whole).toBe(false)
  const many = Array.from({ length: 9 }, (_, at) => String(at))
  const looks = many.map((id) => look({ keys: [key(id, 'call', 'a')], same: [id] }))
  expect(joinLooks(looks)).toMatchObject({ keys: { length: 8 }, whole: false })
})

test('what several documents called is told once', () => {
  const [first, second] = ['https://one.example', 'https://two.example']
  const looks = [look({ called: [first] }), look({ called: [first, second] })]
  expect(joinLooks(looks).called).toEqual([first, second])
})
