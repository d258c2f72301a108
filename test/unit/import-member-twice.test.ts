import { expect, test } from 'vitest'
import { readDocument } from '../../native-host/import/read-document.ts'
import { refusalOf } from './vault-fixture.ts'

test.each([
  '{"a":1,"a":2}',
  '{"a":{"b":[{"c":1,"d":{},"c":2}]}}',
  // The same name, written otherwise.
  '{"a":1,"\\u0061":2}',
  '{"a\\"":1,"a\\"":2}',
  '{"a":"{\\"b\\":1}", "a":[]}',
])('a member twice is refused: %s', (text) => {
  expect(refusalOf(() => readDocument(text))).toBe('invalid')
})

test.each([
  '{"a":{"a":{"a":1}},"b":["a","a",{"a":1},{"a":1}]}',
  '{"a":"a\\":","b":"\\\\","c":{"":0," ":1}}',
  '{"a":"x","x":"a"}',
  ' { "__proto__" : 1, "A":2, "a":3 } ',
  '{}',
])('names that stand once in each object are read: %s', (text) => {
  expect(readDocument(text)).toEqual(JSON.parse(text))
})

test('nothing that is nested deeply or long takes the stack', () => {
  const text = `{"a":${'['.repeat(5000)}${']'.repeat(5000)},"b":"${'\\"'.repeat(500_000)}"}`
  expect(Object.keys(readDocument(text) as object)).toEqual(['a', 'b'])
})
