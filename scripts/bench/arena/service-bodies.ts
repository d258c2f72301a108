import { randomBytes } from 'node:crypto'

const MIB = 1024 * 1024

const WORDS =
  'the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one you'

/** A mebibyte that nothing makes smaller. */
export const noise = randomBytes(MIB)

/** A mebibyte of lines of JSON as an API lists its records: names, numbers, times, sentences of common words. */
export const records = Buffer.from(lines(), 'latin1').subarray(0, MIB)

function lines(): string {
  const words = WORDS.split(' ')
  let state = 7
  const next = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 8) % below
  }
  const text: string[] = []
  for (let bytes = 0; bytes < MIB; ) {
    const said = Array.from({ length: 8 + next(16) }, () => words[next(words.length)]).join(' ')
    const line = `${JSON.stringify({
      id: `rec_${next(1e9).toString(36)}${next(1e9).toString(36)}`,
      created: 1_700_000_000 + next(9e6),
      amount: next(100_000) / 100,
      tags: [words[next(words.length)], words[next(words.length)]],
      text: said,
    })},\n`
    bytes += line.length
    text.push(line)
  }
  return text.join('')
}
