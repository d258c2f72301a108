/** A piece of a sentence: as it is, or something that is named in it as it is written elsewhere. */
export interface QuotedPiece {
  text: string
  quoted: boolean
}

/**
 * The pieces of a sentence of the host's, which sets paths, names and commands between backticks as the command line does.
 *
 * @returns one piece, the sentence as it is, where the backticks are no pairs: what is named may hold one itself.
 */
export function quotedPieces(sentence: string): QuotedPiece[] {
  const parts = sentence.split('`')
  if (parts.length % 2 === 0) return [{ text: sentence, quoted: false }]
  return parts.map((text, at) => ({ text, quoted: at % 2 === 1 })).filter(({ text }) => text !== '')
}
