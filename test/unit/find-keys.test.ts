import { describe, expect, test } from 'vitest'
import { keyMarks } from '../../native-host/owner/move-key.ts'
import { PRESETS } from '../../shared/presets/catalogue.ts'
import { finderOf, withoutKey } from '../../shared/presets/find-keys.ts'
import { recogniseKey } from '../../shared/presets/recognise-key.ts'

const MARKS = keyMarks()
const find = finderOf(MARKS)
const OPENAI = `sk-proj-${'Ab3dEf6h'.repeat(5)}`
const ANTHROPIC = `sk-ant-api03-${'Zy9xWv8u'.repeat(5)}`
const found = (text: string) => find(text).map(({ key, mark }) => [mark.preset, mark.name, key])

describe('keys in a text', () => {
  test('are found alone, in JSON, in JSON within JSON, and after the name of a scheme', () => {
    const known = [['openai', 'project key', OPENAI]]
    const state = JSON.stringify({ settings: JSON.stringify({ apiKey: OPENAI, model: 'gpt' }) })
    for (const text of [OPENAI, state, `Bearer ${OPENAI}`, `"${OPENAI}",`]) expect(found(text)).toEqual(known)
  })

  test('are found with others beside them, each once', () => {
    expect(found(`${OPENAI} ${ANTHROPIC};${OPENAI}`)).toEqual(
      expect.arrayContaining([
        ['openai', 'project key', OPENAI],
        ['anthropic', 'API key', ANTHROPIC],
      ]),
    )
    expect(find(`${OPENAI} ${ANTHROPIC};${OPENAI}`)).toHaveLength(2)
  })

  test.each([
    ['the placeholder of every service', PRESETS.map(({ placeholder }) => placeholder).join(' ')],
    ['a part of a longer word', `x${OPENAI} ${'gsk_'}short`],
    [
      'a word that begins as a key does',
      're_render_after_the_first_paint_of_all sk-proj-the-name-of-some-project',
    ],
    ['a key that is meant for pages', `pk_live_${'a1B2'.repeat(8)}`],
    ['a look that several services share', `sk-${'0af3'.repeat(8)} AIza${'Ab3'.repeat(11)}xy`],
  ])('are not %s', (_, text) => {
    expect(found(text)).toEqual([])
  })

  test('are what the host takes them for, for every mark that it tells', () => {
    expect(MARKS.length).toBeGreaterThan(15)
    for (const { preset, prefix } of MARKS) {
      expect(prefix.length).toBeGreaterThan(2)
      expect(PRESETS.find(({ id }) => id === preset)?.baseUrls).not.toEqual([])
    }
    for (const { key, mark } of find(`${OPENAI} ${ANTHROPIC}`))
      expect(recogniseKey(key, PRESETS).map(({ preset }) => preset.id)).toEqual([mark.preset])
  })

  test('are looked for in linear time: two million characters that nearly are keys take no minutes', () => {
    const text = 'sk-proj-'.repeat(60_000) + 'sk-ant-api03-'.repeat(40_000) + 'gsk_'.repeat(200_000)
    const started = performance.now()
    find(text)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

describe('a text without its key', () => {
  test('is the same but for the key, also in JSON within JSON', () => {
    const state = (key: string) => JSON.stringify({ a: JSON.stringify({ key, path: 'C:\\x' }), b: '$&' })
    expect(withoutKey(state(OPENAI), OPENAI, 'a-$&-placeholder')).toBe(state('a-$&-placeholder'))
  })

  test('keeps a longer key that begins or ends with it', () => {
    const longer = `${OPENAI}x x${OPENAI} ${OPENAI}-1`
    expect(withoutKey(longer, OPENAI, 'placeholder')).toBe(longer)
  })
})
