import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRedactor } from '../../native-host/broker/redact.ts'
import { Spelled } from '../../native-host/broker/spelled.ts'
import { BYTES, LENGTH, NO_SYMBOL } from '../../native-host/broker/spelled-answer.ts'
import { emit } from '../../native-host/broker/spelled-pending.ts'
import { wholeSpelling } from '../../native-host/broker/spelled-whole.ts'
import { done, times } from '../support/hard.ts'
import { soughtOf } from '../support/sought.ts'

/** A byte, where its spelling begins, and where it ends; of a backslash, which no secret has, only the byte. */
type Told = readonly number[]

function sinkOf(told: Told[]) {
  return {
    symbol: (byte: number, start: number, end: number) =>
      void told.push(byte === 0x5c ? [byte] : [byte, start, end]),
  }
}

/** Byte by byte, in steps. */
function inSteps(bytes: Uint8Array): Told[] {
  const told: Told[] = []
  const spelled = new Spelled(sinkOf(told))
  bytes.forEach((byte, at) => {
    spelled.symbol(byte, at, at + 1)
  })
  spelled.end()
  return told
}

/** In looks, until one does not tell. */
function inLooks(bytes: Uint8Array): { told: Told[]; to: number } {
  const told: Told[] = []
  const sink = sinkOf(told)
  let i = 0
  while (i < bytes.length) {
    const whole = wholeSpelling(bytes, i)
    if (whole === 0) break
    const value = whole & NO_SYMBOL
    const end = i + (whole >>> LENGTH)
    if (value < BYTES) sink.symbol(value, i, end)
    else if (value !== NO_SYMBOL) emit(sink, value - BYTES, i, end)
    i = end
  }
  return { told, to: i }
}

const PARTS =
  '% & \\ = # ; u x 0 1 9 a s A é ~ %7 %73 %25 %2573 %252573 %25252573 %2525252573 %26 %5c %5C %23 %75 %e9 =\n =\r\n =\r ' +
  '\\u \\u0 \\u0073 \\u0026 \\u005c \\u00e9 \\ud83d \\ude00 \\u%30073 \\x \\x7 \\x73 \\x26 \\xe9 \\\\ \\n \\/ \\" \\a ' +
  '&# &#x &#1 &#115 &#115; &#x73 &#X73; &#0000000115 &#00000000115 &#9999999999; &#233; &#38; &amp; &AMP; &lt; &Hat; ' +
  '&verbar; &abcdefgh; &abcdefghi; amp; %26%23 %3b \\\\\\\\ \\\\\\\\\\\\\\\\'
const parts = fc.array(fc.constantFrom(...PARTS.split(' ')), { minLength: 1, maxLength: 12 })

test('one look at a spelling reads what the steps read, and where', () => {
  let symbols = 0
  let entire = 0
  fc.assert(
    fc.property(parts, (texts) => {
      const bytes = Buffer.from(`${texts.join('')}~~`)
      const { told, to } = inLooks(bytes)
      expect(told).toEqual(inSteps(bytes).slice(0, told.length))
      if (to === bytes.length) entire++
      symbols += told.length
    }),
    { numRuns: times(5_000, 200_000) },
  )
  // Backslashes that are dropped before others inside a reference are for the steps.
  expect(entire).toBeGreaterThan(times(4_000, 160_000))
  done('symbols read in one look as in steps', symbols)
})

test('a look does not tell what the end of a chunk may still change', () => {
  fc.assert(
    fc.property(parts, fc.nat(60), (texts, cut) => {
      const whole = inLooks(Buffer.from(`${texts.join('')}~~`)).told
      const { told } = inLooks(Buffer.from(`${texts.join('')}~~`).subarray(0, cut))
      expect(told).toEqual(whole.slice(0, told.length))
    }),
    { numRuns: times(5_000, 200_000) },
  )
})

test('a key of signs that begin spellings goes from among spellings, wherever it is cut', () => {
  const key = 'q%&w%&e%&r%&t%&y'
  const text = key.replaceAll(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`)
  const bytes = Buffer.from(`~${text}~`)
  for (let cut = 0; cut <= bytes.length; cut++) {
    const redactor = createRedactor(soughtOf(key))
    const out = [redactor.push(bytes.subarray(0, cut)), redactor.push(bytes.subarray(cut)), redactor.end()]
    expect(Buffer.concat(out).toString()).toBe('~[redacted]~')
  }
})

test('a key that begins with the digits of a spelling goes, wherever it is cut', () => {
  const bytes = Buffer.from('~%62%21%62cdefghij7~')
  const sought = soughtOf('21bcdefghij7')
  for (let cut = 0; cut <= bytes.length; cut++) {
    const redactor = createRedactor(sought)
    const out = [redactor.push(bytes.subarray(0, cut)), redactor.push(bytes.subarray(cut)), redactor.end()]
    expect(Buffer.concat(out).toString()).toBe('~%62%[redacted]~')
  }
})
