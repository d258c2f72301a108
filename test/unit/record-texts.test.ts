import { describe, expect, test } from 'vitest'
import { textsOfRecord } from '../../extension/content/page-keys/record-texts.ts'

const texts = (record: unknown) => textsOfRecord(record).texts.map(({ text }) => text)

describe('the texts of a record', () => {
  test('are those in plain objects and lists, at any place', () => {
    const record = { id: 1, name: 'a', more: { list: ['b', { deep: 'c' }], none: null, on: true } }
    expect(texts(record)).toEqual(['a', 'b', 'c'])
    expect(texts('alone')).toEqual(['alone'])
  })

  test('are not those in what is no plain object', () => {
    const record = { map: new Map([['a', 'b']]), at: new Date(0), bytes: new Uint8Array(2), text: 'c' }
    expect(textsOfRecord(record)).toMatchObject({ texts: [{ text: 'c' }], whole: true })
  })

  test('can be changed where they are values of a plain object, and nowhere else', () => {
    const record = { a: 'x', list: ['x', { b: 'x' }] }
    for (const { put } of textsOfRecord(record).texts) put?.('y')
    expect(record).toEqual({ a: 'y', list: ['x', { b: 'y' }] })
    expect(textsOfRecord('x').texts[0]?.put).toBeNull()
  })

  test('are bounded, also in a record that holds itself', () => {
    const loop: Record<string, unknown> = { text: 'a' }
    loop.loop = loop
    expect(textsOfRecord(loop).whole).toBe(false)
    const nested = (depth: number): unknown => (depth === 0 ? 'a' : { nested: nested(depth - 1) })
    expect(textsOfRecord(nested(9))).toEqual({ texts: [], whole: false })
    expect(textsOfRecord(nested(8))).toMatchObject({ texts: [{ text: 'a' }], whole: true })
    expect(textsOfRecord(Array.from({ length: 2001 }, () => 'a')).whole).toBe(false)
    expect(textsOfRecord(Array.from({ length: 1999 }, () => 'a')).whole).toBe(true)
  })
})
