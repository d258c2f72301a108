import type { Needle } from '../auth/needle.ts'
import { asSpelled } from './spelled.ts'

/**
 * Secrets below this many bytes are not looked for at all: four bytes of a key turn up in ordinary text, and taking
 * them out would break responses while hiding little. `checkSecret` refuses to store them.
 */
export const REDACTION_FLOOR = 4

/**
 * From this many bytes a secret is also looked for inside longer base64 and base32, reversed and in UTF-16. Below it, a
 * piece of its base64 whose every character is certain has fewer than seven characters, which images hold by chance.
 */
const EMBEDDED_FLOOR = 6

/** Of a secret up to this many bytes only the whole counts: half of it would be found in ordinary text. */
const WHOLE_ONLY = 12
/** Of any longer secret a run of this many bytes counts, whatever its length: 16 characters of a key are 80 bits and more. */
const LONGEST_PIECE = 16

/** One form of one secret: from `least` symbols on, any run of these is taken out. */
export interface Reflection {
  readonly symbols: Uint8Array
  readonly least: number
}

/**
 * How long a run of a secret must be to be taken out: half of the secret, at least 12 and at most 16 bytes; of secrets
 * up to 12 bytes the whole.
 *
 * @param length bytes of the secret.
 */
export function pieceOf(length: number): number {
  return length <= WHOLE_ONLY ? length : Math.min(LONGEST_PIECE, Math.max(WHOLE_ONLY, Math.ceil(length / 2)))
}

/**
 * The forms in which a service may give a secret back (`test/vectors/reflection-forms.json`): as it is, reversed, in
 * hex, in UTF-16, in base64 and base32 at each alignment. How each symbol of a form may be written is `spelled.ts`;
 * that upper and lower case, `+` and `-`, `/` and `_` are one symbol is `factors.ts`.
 *
 * @param needle of one below {@link REDACTION_FLOOR} there are none.
 */
export function reflectionsOf(needle: Needle): Reflection[] {
  return partsOf(needle).flatMap(({ bytes, pieces }) => formsOf(Buffer.from(bytes), pieces))
}

function formsOf(secret: Buffer, pieces: boolean): Reflection[] {
  const length = secret.length
  if (length < REDACTION_FLOOR) return []
  const piece = pieces ? pieceOf(length) : length
  const plain = textsOf(secret).map((text) => ({ symbols: text, least: Math.min(piece, text.length) }))
  const hex = { symbols: Buffer.from(secret.toString('hex')), least: 2 * piece }
  if (length < EMBEDDED_FLOOR) return [...plain, hex]
  const wide = {
    symbols: Buffer.from(secret.toString('latin1').split('').join('\0'), 'latin1'),
    least: 2 * piece - 1,
  }
  const reversed = { symbols: reversedOf(secret), least: piece }
  return [...plain, reversed, hex, wide, ...base64Forms(secret, piece), ...base32Forms(secret, piece)]
}

/**
 * What of a needle counts in pieces, and what only as a whole. A JSON Web Token begins with what every other token of
 * its issuer begins with, so its signature alone counts in pieces; and what is no token (a sentence, a PEM file) has
 * runs that are found elsewhere.
 */
function partsOf(needle: Needle): Needle[] {
  if (!needle.pieces) return [needle]
  const text = Buffer.from(needle.bytes).toString('latin1')
  const signature = /^eyJ[\w-]+\.[\w-]*\.(?<signature>[\w-]+)$/.exec(text)?.groups?.signature
  if (signature !== undefined)
    return [whole(needle.bytes), { bytes: Buffer.from(signature, 'latin1'), pieces: true }]
  return /^[\u0021-\u007e]+$/.test(text) ? [needle] : [whole(needle.bytes)]
}

function whole(bytes: Uint8Array): Needle {
  return { bytes, pieces: false }
}

/** The secret as text: its bytes, what is left where somebody takes its own characters for escapes, and its other encodings. */
function textsOf(secret: Buffer): Uint8Array[] {
  const texts = [secret, asSpelled(secret)]
  // Escapes name characters: of bytes that are no UTF-8, those of Latin-1.
  if (secret.some((byte) => byte > 0x7f)) texts.push(Buffer.from(secret.toString('latin1'), 'utf8'))
  // Forms write a space as `+`.
  if (secret.includes(0x20))
    texts.push(...texts.map((text) => Buffer.from(text).map((byte) => (byte === 0x20 ? 0x2b : byte))))
  return texts
}

function reversedOf(secret: Buffer): Buffer {
  const text = secret.toString('utf8')
  // Characters are reversed, not bytes; what is no UTF-8 has bytes only.
  return Buffer.from(text).equals(secret)
    ? Buffer.from([...text].reverse().join(''))
    : Buffer.from(secret).reverse()
}

/**
 * The base64 (RFC 4648 sections 4 and 5) characters that the secret alone decides, at each alignment, and the whole
 * text where it stands alone. The character at each edge that a neighbour has a part in is left: it tells at most
 * four bits of the secret's first or last byte.
 */
function base64Forms(secret: Buffer, piece: number): Reflection[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), secret])
      .toString('base64')
      .replaceAll('=', '')
    return embedded(text, 6, before, secret.length, piece)
  })
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** The same of base32 (RFC 4648 section 6). */
function base32Forms(secret: Buffer, piece: number): Reflection[] {
  return [0, 1, 2, 3, 4].map((before) => {
    const bits = [...Buffer.alloc(before), ...secret]
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join('')
    const text = bits.replace(/.{1,5}/g, (five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)] ?? '')
    return embedded(text, 5, before, secret.length, piece)
  })
}

/** What of an encoding is certain, `bits` a character, of a secret that stands behind `before` other bytes. */
function embedded(text: string, bits: number, before: number, length: number, piece: number): Reflection {
  const first = Math.ceil((before * 8) / bits)
  const certain = Math.floor(((before + length) * 8) / bits) - first
  // Of a run anywhere in the secret, up to four bits are in a character that its neighbour has a part in.
  const least = piece === length ? certain : Math.floor((piece * 8 - 4) / bits)
  const symbols = Buffer.from(before === 0 ? text : text.slice(first, first + certain))
  return { symbols, least: Math.min(least, certain) }
}
