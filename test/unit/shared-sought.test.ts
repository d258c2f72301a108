import { expect, test } from 'vitest'
import { redactText } from '../../native-host/broker/redact.ts'
import { soughtFor } from '../../native-host/broker/shared-sought.ts'

const needle = (text: string, pieces = true) => ({ bytes: Buffer.from(text), pieces })

test('calls that look for the same share what they look for', () => {
  const first = soughtFor([needle('sk-shared-0123456789abcdef'), needle('Basic c2hhcmVk', false)])
  const other = soughtFor([needle('sk-other-0123456789abcdef0')])
  expect(soughtFor([needle('sk-shared-0123456789abcdef'), needle('Basic c2hhcmVk', false)])).toBe(first)
  expect(soughtFor([needle('sk-other-0123456789abcdef0')])).toBe(other)
})

test.each([
  ['a byte differs', [needle('sk-alone-0123456789abcdeg'), needle('user:name', false)]],
  ['one more is looked for', [needle('sk-alone-0123456789abcdef'), needle('user:name', false), needle('x')]],
  ['one fewer is looked for', [needle('sk-alone-0123456789abcdef')]],
  ['pieces count', [needle('sk-alone-0123456789abcdef'), needle('user:name')]],
  ['the order differs', [needle('user:name', false), needle('sk-alone-0123456789abcdef')]],
])('where %s it is another', (_what, needles) => {
  const alone = soughtFor([needle('sk-alone-0123456789abcdef'), needle('user:name', false)])
  expect(soughtFor(needles)).not.toBe(alone)
})

test('a secret whose bytes are wiped after its call is no other one', () => {
  const bytes = Buffer.from('sk-wiped-0123456789abcdef')
  const before = soughtFor([{ bytes, pieces: true }])
  bytes.fill(0)
  expect(soughtFor([{ bytes, pieces: true }])).not.toBe(before)
  expect(redactText('was sk-wiped-0123456789abcdef', before)).toBe('was [redacted]')
})
