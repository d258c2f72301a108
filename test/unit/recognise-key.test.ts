import { describe, expect, test } from 'vitest'
import type { Preset } from '../../shared/model/preset.ts'
import { PRESETS, presetById } from '../../shared/presets/catalogue.ts'
import { cleanKey, MAX_KEY } from '../../shared/presets/clean-key.ts'
import { keyFindings, recogniseKey } from '../../shared/presets/recognise-key.ts'
import { examplesOf } from '../support/preset-examples.ts'

/** So many characters of the kinds that a shape allows, the same every time. */
const of = (alphabet: string, count: number) =>
  Array.from({ length: count }, (_, at) => alphabet[(at * 7 + 3) % alphabet.length]).join('')
const HEX = '0123456789abcdef'
const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const ALL = '0123456789'
const KINDS: Record<string, string> = { HEX, ALNUM, LETTERS, UPPER, BASE32, ALL }

/** A key of every shape, and near misses, as the presets' own files say: `[service, what it is called, a key, misses…]`. */
const SHAPES = PRESETS.flatMap(({ id }) =>
  Object.entries(examplesOf(id).keys ?? {}).map(
    ([name, [key = '', ...misses]]): [string, string, string, ...string[]] => [
      id,
      name,
      keyOf(key),
      ...misses.map(keyOf),
    ],
  ),
)

/** The text that `{ALNUM 40}` and its like stand for. */
function keyOf(text: string): string {
  return text.replace(/\{([A-Z0-9]+) (\d+)\}/g, (_, kind, count) => of(KINDS[kind] ?? '', Number(count)))
}

const named = (key: string) => recogniseKey(key, PRESETS).map(({ preset, shape }) => [preset.id, shape.name])
const preset = (id: string): Preset => {
  const found = presetById(id)
  if (found === null) throw new Error(`no preset ${id}`)
  return found
}
const kinds = (key: string, chosen: string) =>
  keyFindings(key, preset(chosen), PRESETS).map((one) =>
    'preset' in one ? `${one.kind} ${one.preset.id} ${one.shape.danger ?? 'plain'}` : one.kind,
  )

describe('a key is known by its shape', () => {
  test('every shape of the catalogue has an example in its file, with a near miss', () => {
    const shown = SHAPES.map(([service, name]) => `${service}: ${name}`)
    const known = PRESETS.flatMap(({ id, keys = [] }) => keys.map(({ name }) => `${id}: ${name}`))
    expect(shown.sort()).toEqual(known.sort())
    expect(SHAPES.filter((shape) => shape.length < 4)).toEqual([])
  })

  test.each(SHAPES)('%s: %s', (service, name, key, ...misses) => {
    expect(named(key)).toEqual([[service, name]])
    for (const miss of misses) expect([miss, named(miss)]).not.toEqual([miss, [[service, name]]])
    // Neither is a key inside of other text, nor one with something at its ends.
    for (const odd of [` ${key}`, `${key} `, `${key}\n`, `x${key}`, `"${key}"`, `${key}${'é'}`]) {
      expect([odd, named(odd).map(([id]) => id)]).toEqual([odd, []])
    }
  })

  test('of two that fit the longer beginning wins, whatever the order, and a look that is shared gives way', () => {
    const made = (id: string, prefix: string, part: object = {}): Preset => ({
      ...preset('openai'),
      id,
      keys: [{ prefix, rest: '.+', name: id, ...part }],
    })
    const ids = (presets: Preset[]) => recogniseKey('sk-ant-abc', presets).map((one) => one.preset.id)
    const [short, long] = [made('short', 'sk-'), made('long', 'sk-ant-')]
    expect([ids([short, long]), ids([long, short])]).toEqual([['long'], ['long']])
    const guess = made('guess', 'sk-ant-', { shared: true })
    expect([ids([guess, long]), ids([guess, short]), ids([guess])]).toEqual([['long'], ['guess'], ['guess']])
  })

  test('nothing is known of plain words, of keys without a mark, and of what is too long', () => {
    for (const text of [
      '',
      'sk-',
      'password',
      of(HEX, 32),
      of(HEX, 64),
      of(ALNUM, 40),
      'Bearer',
      '{"a":1}',
    ]) {
      expect([text, named(text)]).toEqual([text, []])
    }
    expect(named(`sk-proj-${'a'.repeat(10_000)}`)).toEqual([])
    expect(named(`sk-proj-${'a'.repeat(MAX_KEY)}`)).toEqual([])
  })

  test('no shape goes astray over hostile text: this ends', () => {
    for (const head of [
      'sk-ant-api03-',
      'eyJ',
      'SG.',
      'ATATT3',
      '',
      'xapp-1-',
      'AAAAAAAAAAAAAAAAAAAA',
      `${of(HEX, 8)}-`,
    ]) {
      for (const tail of ['A'.repeat(8000), 'a.'.repeat(4000), '-'.repeat(8000), '%'.repeat(8000)])
        expect(named(`${head}${tail}!`)).toEqual([])
    }
  })
})

describe('what an owner is told of a key', () => {
  const PROJECT = `sk-proj-${of(ALNUM, 40)}`
  test.each([
    [PROJECT, 'openai', ['known openai plain']],
    [PROJECT, 'anthropic', ['other openai plain']],
    [PROJECT, 'openai-compatible', ['other openai plain']],
    [PROJECT, 'mistral', ['other openai plain']],
    [`sk-admin-${of(ALNUM, 40)}`, 'openai', ['danger openai admin']],
    [`sk_live_${of(ALNUM, 40)}`, 'stripe', ['danger stripe live']],
    [`sk_live_${of(ALNUM, 40)}`, 'openai', ['other stripe live', 'danger stripe live']],
    [`sk_test_${of(ALNUM, 40)}`, 'stripe', ['known stripe plain']],
    [`pk_live_${of(ALNUM, 40)}`, 'stripe', ['danger stripe wrong']],
    [`sk-${of(HEX, 32)}`, 'deepseek', ['known deepseek plain']],
    // Others give out the same look: nothing is claimed.
    [`sk-${of(HEX, 32)}`, 'openai-compatible', []],
    [`AIza${of(ALNUM, 35)}`, 'openai-compatible', []],
    ['gsk_cut-off', 'groq', ['unlike']],
    [of(ALNUM, 32), 'mistral', []],
    [of(ALNUM, 32), 'jan', []],
    ['', 'groq', []],
    [preset('openai').placeholder, 'openai', ['placeholder']],
    [preset('modelslab').placeholder, 'modelslab', ['placeholder']],
  ])('%s for %s: %j', (key, chosen, expected) => {
    expect(kinds(key, chosen)).toEqual(expected)
  })

  test('every placeholder of the catalogue is told for what it is', () => {
    for (const { id, placeholder } of PRESETS)
      expect([id, kinds(placeholder, id)]).toEqual([id, ['placeholder']])
  })

  test('whatever is dangerous comes with advice', () => {
    const shapes = PRESETS.flatMap(({ keys = [] }) => keys)
    expect(shapes.filter(({ danger, advice }) => (danger === undefined) !== (advice === undefined))).toEqual(
      [],
    )
  })
})

describe('what stands around a key is left out', () => {
  const KEY = `sk-proj-${of(ALNUM, 40)}`
  test.each([
    [KEY, []],
    [`  ${KEY}\n`, ['space']],
    [`\ufeff${KEY}\u200b`, ['space']],
    [`\u00a0${KEY}\u00a0`, ['space']],
    [`"${KEY}"`, ['quotes']],
    [`'${KEY}',`, ['quotes']],
    [`“${KEY}”`, ['quotes']],
    [`\`${KEY}\``, ['quotes']],
    [`Bearer ${KEY}`, ['scheme']],
    [`bearer   ${KEY}`, ['scheme']],
    [`Authorization: Bearer ${KEY}`, ['name', 'scheme']],
    [`x-api-key: ${KEY}`, ['name']],
    [`OPENAI_API_KEY=${KEY}`, ['name']],
    [` export OPENAI_API_KEY="Bearer ${KEY}" \r\n`, ['space', 'name', 'quotes', 'scheme']],
  ])('%j', (pasted, leftOut) => {
    const clean = cleanKey(pasted)
    expect(clean.key).toBe(KEY)
    expect(clean.leftOut.sort()).toEqual([...leftOut].sort())
  })

  test.each([
    'pass word',
    'a"b',
    '"',
    '""x',
    'Bearer',
    'bearer',
    'x=y',
    'a key = b',
    'basic abc',
    `-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----`,
    '{\n"type":"service_account"\n}',
    'x'.repeat(MAX_KEY + 1),
  ])('what stands inside stays: %j', (pasted) => {
    expect(cleanKey(pasted)).toEqual({ key: pasted, leftOut: [] })
  })

  test('a paste of ten thousand characters is left as it is, and an empty one stays empty', () => {
    const long = `Bearer ${'k'.repeat(10_240)}`
    expect(cleanKey(long)).toEqual({ key: long, leftOut: [] })
    expect(cleanKey(' \n\t ').key).toBe('')
    expect(cleanKey('""').key).toBe('')
  })
})
