import { expect, test } from 'vitest'
import { quotedPieces } from '../../extension/ui/quoted-pieces.ts'

test('what stands between backticks is told apart from the sentence about it, and the backticks go', () => {
  expect(quotedPieces('Others may look into `/home/me/keys`.')).toEqual([
    { text: 'Others may look into ', quoted: false },
    { text: '/home/me/keys', quoted: true },
    { text: '.', quoted: false },
  ])
  expect(quotedPieces('`a``b`')).toEqual([
    { text: 'a', quoted: true },
    { text: 'b', quoted: true },
  ])
})

test('a sentence without pairs stays as it is, whatever is named in it', () => {
  for (const text of ['Nothing is named.', 'A folder `of ` one` is wrong.', '`'])
    expect(quotedPieces(text)).toEqual([{ text, quoted: false }])
})
