/** A piece of a text: as it is, or a character that cannot be seen, written out. */
export interface TextPiece {
  text: string
  escaped: boolean
}

/** Longest text shown, in characters. What follows is counted, not shown. */
export const LONGEST_SHOWN = 20_000
/** So many marks may stand on one letter; more would paint over the lines around it. */
const MOST_MARKS = 4

/**
 * What shows nothing of itself, or moves what stands beside it: control and format characters (bidirectional marks among
 * them), what has no glyph of its own, and every white space but the plain one. Unicode Standard Annex 44, section 5.
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\s/u
const MARK = /\p{M}/u
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Take a text that a page chose apart, so that it can be shown as what it is: whatever cannot be seen becomes visible.
 *
 * @param lines leave line feeds as they are, for a text that is shown over several lines.
 * @returns pieces that are, without their escapes, the text's beginning. An empty text has none.
 */
export function textPieces(text: string, lines = false): TextPiece[] {
  const pieces: TextPiece[] = []
  let marks = 0
  for (const character of text.slice(0, LONGEST_SHOWN)) {
    marks = MARK.test(character) ? marks + 1 : 0
    const kept = lines && character === '\n'
    const escaped = !kept && (UNSEEN.test(character) || marks > MOST_MARKS)
    const shown = escaped ? spelled(character) : character
    const last = pieces.at(-1)
    if (last?.escaped === escaped) last.text += shown
    else pieces.push({ text: shown, escaped })
  }
  return pieces
}

/** How much of a text is not shown, in characters. */
export function hiddenLength(text: string): number {
  return Math.max(0, text.length - LONGEST_SHOWN)
}

/** A character that cannot be seen as what can: `\n`, `\u{202E}`. */
export function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return SHORT[character] ?? `\\u{${code.toString(16).toUpperCase().padStart(4, '0')}}`
}
