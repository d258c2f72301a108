import { type Spellings, spellingsOf, type Variation } from './spellings.ts'

/**
 * Secrets below this many bytes are not looked for at all: four bytes of a key turn up in ordinary text, and taking
 * them out would break responses while hiding little. `checkSecret` refuses to store them.
 */
export const REDACTION_FLOOR = 4

/**
 * From this many bytes a secret is also looked for inside longer base64 and reversed. Below it, a piece of its base64
 * whose every character is certain has fewer than seven characters (42 bits), which images and audio hold by chance.
 */
const EMBEDDED_FLOOR = 6

/** One form of one secret: its characters in order, each in all its spellings. */
export type Reflection = readonly Spellings[]

/**
 * The forms in which a service may give a secret back (`test/vectors/reflection-forms.json`): as it is, reversed, in
 * hex, in UTF-16, in base64 and base64url at each of the three alignments, each character of each form in any of its
 * spellings.
 *
 * Out of reach of any list of forms: the key in halves, hashed, encrypted, compressed inside the body, encoded twice
 * over, or told bit by bit in sizes and times.
 *
 * @param secret at least {@link REDACTION_FLOOR} bytes; of a shorter one there are none.
 */
export function reflectionsOf(secret: Uint8Array): Reflection[] {
  if (secret.length < REDACTION_FLOOR) return []
  const plain = charactersOf(secret)
  const hex = asciiChain(Buffer.from(secret).toString('hex'), { eitherCase: true })
  const base64 = base64Forms(Buffer.from(secret)).map((text) => asciiChain(text, { brokenLines: true }))
  if (secret.length < EMBEDDED_FLOOR) return [plain, hex]
  return [plain, plain.toReversed(), hex, asciiChain(wideText(secret), {}), ...base64]
}

/**
 * UTF-16 of either byte order, for keys of ASCII: the zero bytes between the characters are the same in both, and the
 * one at the edge is left out so that no stretch of zeros looks like a beginning.
 */
function wideText(secret: Uint8Array): string {
  return Buffer.from(secret).toString('latin1').split('').join('\0')
}

/** One unit per character of UTF-8 text, one per byte of anything else. */
function charactersOf(secret: Uint8Array): Spellings[] {
  const text = utf8TextOf(secret)
  if (text === null) return Array.from(secret, (byte) => spellingsOf(Uint8Array.of(byte), byte))
  return Array.from(text, (character) =>
    spellingsOf(Buffer.from(character, 'utf8'), character.codePointAt(0) ?? 0),
  )
}

function utf8TextOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

function asciiChain(text: string, variation: Variation): Spellings[] {
  return Array.from(text, (character, at) => {
    const code = character.charCodeAt(0)
    return spellingsOf(Uint8Array.of(code), code, at === 0 ? { ...variation, brokenLines: false } : variation)
  })
}

/**
 * The base64 (RFC 4648 sections 4 and 5) characters that the secret alone decides, at each alignment, and the whole
 * text where it stands alone. The character at each edge that a neighbour has a part in is left: it tells at most
 * four bits of the secret's first or last byte.
 */
function base64Forms(secret: Buffer): string[] {
  const forms = new Set<string>()
  for (const before of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(before), secret])
      .toString('base64')
      .replaceAll('=', '')
    const certain = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + secret.length) * 8) / 6))
    for (const form of before === 0 ? [certain, text] : [certain]) {
      forms.add(form)
      forms.add(form.replaceAll('+', '-').replaceAll('/', '_'))
    }
  }
  return [...forms]
}
