import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesText } from '../../extension/ui/bytes-text.ts'
import { callEffect } from '../../extension/ui/call-effect.ts'
import { hiddenLength, LONGEST_SHOWN, textPieces } from '../../extension/ui/text-pieces.ts'

/** What is shown, with what is written out between ‹ and ›. */
const shown = (text: string, lines = false) =>
  textPieces(text, lines)
    .map((piece) => (piece.escaped ? `‹${piece.text}›` : piece.text))
    .join('')

describe('text that a page chose', () => {
  test.each([
    ['plain words, 1 + 1', 'plain words, 1 + 1'],
    ['', ''],
    ['Grüße, שלום, 漢字, ไทย, हिन्दी', 'Grüße, שלום, 漢字, ไทย, हिन्दी'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['&lt;b&gt; \\u202E', '&lt;b&gt; \\u202E'],
    ['a\u202Eb\u202Cc', 'a‹\\u{202E}›b‹\\u{202C}›c'],
    [
      '\u2066\u2067\u2068\u2069\u200E\u200F\u061C',
      '‹\\u{2066}\\u{2067}\\u{2068}\\u{2069}\\u{200E}\\u{200F}\\u{061C}›',
    ],
    ['a\nb\r\tc', 'a‹\\n›b‹\\r\\t›c'],
    ['\u0000\u0007\u001B[31m\u007F\u0085', '‹\\u{0000}\\u{0007}\\u{001B}›[31m‹\\u{007F}\\u{0085}›'],
    ['a\u200Bb\uFEFFc\u00ADd\u2060', 'a‹\\u{200B}›b‹\\u{FEFF}›c‹\\u{00AD}›d‹\\u{2060}›'],
    ['\u3164\u115F\u2800\u180E\uFE0F', '‹\\u{3164}\\u{115F}\\u{2800}\\u{180E}\\u{FE0F}›'],
    ['a\u00A0b\u2003c\u3000d\u2028e', 'a‹\\u{00A0}›b‹\\u{2003}›c‹\\u{3000}›d‹\\u{2028}›e'],
    ['tag \u{E0041}\u{E007F}', 'tag ‹\\u{E0041}\\u{E007F}›'],
    ['half \uD800 a', 'half ‹\\u{D800}› a'],
    ['own \uE000', 'own ‹\\u{E000}›'],
  ])('%j is shown as %j', (text, expected) => {
    expect(shown(text)).toBe(expected)
  })

  test('a letter carries only so many marks', () => {
    expect(shown(`e${'\u0301'.repeat(4)}`)).toBe(`e${'\u0301'.repeat(4)}`)
    expect(shown(`e${'\u0301'.repeat(6)}x`)).toBe(`e${'\u0301'.repeat(4)}‹\\u{0301}\\u{0301}›x`)
  })

  test('keeps line feeds, and nothing else, where it may go over several lines', () => {
    expect(shown('a\n\tb\r\n\u2028', true)).toBe('a\n‹\\t›b‹\\r›\n‹\\u{2028}›')
  })

  test('that is very long is cut, and it is known by how much', () => {
    const text = 'x'.repeat(LONGEST_SHOWN + 7)
    expect(shown(text)).toHaveLength(LONGEST_SHOWN)
    expect(hiddenLength(text)).toBe(7)
    expect(hiddenLength('short')).toBe(0)
  })

  test('whatever it is, nothing unseen is left and nothing is lost', () => {
    const wild = fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    })
    fc.assert(
      fc.property(fc.oneof(wild, fc.string({ unit: 'binary' })), (text) => {
        const pieces = textPieces(text)
        const join = (escaped: boolean) =>
          pieces
            .filter((piece) => piece.escaped === escaped)
            .map(({ text: one }) => one)
            .join('')
        expect(join(true)).toMatch(/^(\\[nrt]|\\u\{[0-9A-F]{4,6}\})*$/)
        expect(join(false)).not.toMatch(
          /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u,
        )
        expect(pieces.map(({ text: piece, escaped }) => (escaped ? read(piece) : piece)).join('')).toBe(text)
      }),
      { numRuns: 200 },
    )
  })
})

/** The text that an escape stands for. */
function read(escaped: string): string {
  return escaped.replace(/\\n|\\r|\\t|\\u\{([0-9A-F]+)\}/g, (all, code: string | undefined) =>
    code === undefined ? JSON.parse(`"${all}"`) : String.fromCodePoint(Number.parseInt(code, 16)),
  )
}

test.each([
  ['GET', 'reads'],
  ['HEAD', 'reads'],
  ['OPTIONS', 'reads'],
  ['POST', 'changes'],
  ['PUT', 'changes'],
  ['PATCH', 'changes'],
  ['DELETE', 'deletes'],
  ['get', 'changes'],
  ['REPORT', 'changes'],
])('a %s %s', (method, effect) => {
  expect(callEffect(method)).toBe(effect)
})

test('a number of bytes is told in steps of a thousand', () => {
  expect([0, 1, 999, 1000, 1_234_567].map((bytes) => bytesText(bytes))).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1 kB',
    '1.2 MB',
  ])
})
