import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Factors, FOREIGN } from '../../native-host/broker/factors.ts'
import { BYTES, LENGTH, NO_SYMBOL } from '../../native-host/broker/spelled-answer.ts'
import {
  foreignEscape,
  foreignPercent,
  foreignReference,
  isForeign,
} from '../../native-host/broker/spelled-foreign.ts'
import { isBeginning } from '../../native-host/broker/spelled-frequent.ts'
import { wholeSpelling } from '../../native-host/broker/spelled-whole.ts'
import { done, times } from '../support/hard.ts'
import { soughtOf } from '../support/sought.ts'

/** Of ASCII, of more than that, and with the signs that spellings are made of. */
const HELD = ['sk-9aF3kQ7LmZx0Tt2VbN5yPq', 'schlüssel-ß-9aF3kQ7LmZx0Tt2V', 'a&b=c%d!e#f;9aF3kQ7LmZx0'].map(
  (key) => soughtOf(key).factors,
)

/** Where the quick look says that one goes on; 0: it says nothing. */
function quickly(bytes: Uint8Array, at: number, held: Factors): number {
  const [sign, second] = [bytes[at], bytes[at + 1]]
  if (sign === 0x5c && (second === 0x75 || second === 0x78)) return foreignEscape(bytes, at, held)
  if (sign === 0x25) return foreignPercent(bytes, at, held)
  return sign === 0x26 && second === 0x23 ? foreignReference(bytes, at, held) : 0
}

/** True where the whole look reads nothing from `at` to `end` but what no secret holds, or signs as they are. */
function isHarmless(bytes: Uint8Array, at: number, end: number, { classes, isWide }: Factors): boolean {
  let i = at
  while (i < end) {
    const whole = wholeSpelling(bytes, i)
    const value = whole & NO_SYMBOL
    const isPlain = whole >>> LENGTH === 1 && value === bytes[i]
    // The sign itself, and what stands as it is behind it, are in the stream for the other reading anyway.
    if (whole === 0 || value === NO_SYMBOL) return false
    if (!isPlain && value < BYTES && classes[value] !== FOREIGN) return false
    if (!isPlain && value >= BYTES && isWide && !isForeign(classes, value - BYTES)) return false
    if (isPlain && i > at && isBeginning(value)) return false
    i += whole >>> LENGTH
  }
  return i === end
}

const PARTS =
  '% & \\ = # ; u x 0 1 9 a s ! é %7 %73 %21 %26 %25 %5c %3d %e9 %ff =\n \\u0 \\u0021 \\u0026 \\u005c \\u0025 \\u0073 \\u00e9 \\u4e00 ' +
  '\\ud83d \\ude00 \\x \\x7 \\x21 \\x73 \\x26 \\x5c \\xe9 \\xff \\\\ \\n &# &#x &#1 &#1; &#33 &#33; &#38 &#38; &#37; &#92; &#115; &#x21; ' +
  '&#0000000033 &#00000000033 &#233; &#9999999999; &amp; &lt; #38; amp; %23 %30'
const parts = fc.array(fc.constantFrom(...PARTS.split(' ')), { minLength: 1, maxLength: 8 })

test('what the quick look passes over, the whole look reads as what no secret holds', () => {
  let passed = 0
  fc.assert(
    fc.property(parts, fc.constantFrom(...HELD), (texts, held) => {
      const bytes = Buffer.from(texts.join(''))
      for (let at = 0; at < bytes.length; at += 1) {
        const end = quickly(bytes, at, held)
        if (end === 0) continue
        passed += 1
        expect(isHarmless(bytes, at, end, held), `${bytes} at ${at} to ${end}`).toBe(true)
      }
    }),
    { numRuns: times(20_000, 1_000_000) },
  )
  done('spellings passed over quickly, each read as what no secret holds', passed)
  expect(passed).toBeGreaterThan(times(10_000, 500_000))
})

test('it does tell of what encoders write, and of nothing at the end of a chunk', () => {
  const [held] = HELD as [Factors]
  for (const text of [
    '\\u0021',
    '\\u0026',
    '\\u00e9',
    '\\ud83d',
    '\\x21',
    '%21',
    '%26',
    '&#1',
    '&#33;',
    '&#\\ud83d',
  ]) {
    const bytes = Buffer.from(`${text}..`)
    expect(quickly(bytes, 0, held), text).toBe(text.length)
    // One that a digit or the other half might follow is not over before the byte behind it.
    for (let cut = 1; cut < text.length; cut += 1)
      expect(quickly(bytes.subarray(0, cut), 0, held), `${text} cut at ${cut}`).toBe(0)
  }
  for (const text of [
    '\\u0073',
    '\\x73',
    '%73',
    '&#115',
    '&#115;',
    '%25',
    '\\u005c',
    '&#38;',
    '%26#115;',
    '\\u0026#x73;',
  ])
    expect(quickly(Buffer.from(`${text}..`), 0, held), text).toBe(0)
})
