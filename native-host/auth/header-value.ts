import type { Needle } from './needle.ts'
import type { Outbound } from './outbound.ts'

/**
 * What keeps a text out of a header value (RFC 9110 section 5.5: visible characters, with spaces between), as the end
 * of a sentence; null: nothing. Only Latin-1 is told from bytes without guessing, so anything wider is refused.
 */
export function headerFault(text: string): string | null {
  if (text.trim() !== text) return 'begins or ends with white space'
  return /^[\u0020-\u007e\u00a0-\u00ff]+$/.test(text) ? null : 'has characters that a header cannot carry'
}

/** The request with one header added last. */
export function withHeader(outbound: Outbound, name: string, value: string): Outbound {
  return { ...outbound, headers: [...outbound.headers, [name, value]] }
}

/** A header value as its bytes on the wire, where they are not the UTF-8 of its text. */
export function asSent(text: string): Needle[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
  return /^[\u0000-\u007f]*$/.test(text) ? [] : [{ bytes: Buffer.from(text, 'latin1'), pieces: true }]
}
