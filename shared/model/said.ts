/**
 * A sentence of the host's with its values apart, so that the extension can say it in the owner's language: `text` is the
 * English one with `$1`, `$2`, … where the values stand. A value may be a sentence itself.
 */
export interface Said {
  readonly text: string
  readonly values: readonly (string | Said)[]
}

/** A sentence for the owner: with its values apart, or as it is where it has none. */
export type Sentence = string | Said

/** Write a sentence with values: `` say`there is no service \`${id}\`` ``. Its English stays one literal that a translation can name. */
export function say(parts: TemplateStringsArray, ...values: (string | number | Said)[]): Said {
  const text = parts.reduce((before, part, index) => `${before}$${index}${part}`)
  return { text, values: values.map((value) => (typeof value === 'number' ? String(value) : value)) }
}

/** A sentence as a value of another one. */
export function said(sentence: Sentence): Said {
  return typeof sentence === 'string' ? { text: sentence, values: [] } : sentence
}

/**
 * A sentence as text.
 *
 * @param inWords what the text without its values is in the reader's language. Default: the English itself.
 * @param shown how a value is written into it. Default: as it is.
 */
export function sentenceText(
  sentence: Sentence,
  inWords = (english: string): string => english,
  shown = (value: string): string => value,
): string {
  const { text, values } = said(sentence)
  // Without values a `$1` is none of ours.
  if (values.length === 0) return inWords(text)
  return inWords(text).replace(/\$(\d)/g, (_, digit: string) => {
    const value = values[Number(digit) - 1] ?? ''
    return typeof value === 'string' ? shown(value) : sentenceText(value, inWords, shown)
  })
}
