import { CHUNK_BYTES } from '../../shared/protocol/limits.ts'

const BEGIN = Buffer.from('{"type":"body","id":')
const MIDDLE = ',"base64":"'
const END = '"}'
const [ZERO, NINE, EQUALS] = [0x30, 0x39, 0x3d]
/** Digits of an id that is a safe integer whatever they are. */
const MOST_DIGITS = 15
/** As in the schema of the frame. */
const MOST_BASE64 = Math.ceil(CHUNK_BYTES / 3) * 4

/** What a `body` frame comes to: checked as its schema would. */
export class BodyPiece {
  /** Of the call. */
  readonly id: number
  /** At least one, and at most one more than CHUNK_BYTES, as the schema bounds them. */
  readonly bytes: Buffer

  constructor(id: number, bytes: Buffer) {
    this.id = id
    this.bytes = bytes
  }
}

/**
 * The piece of body in JSON text that is, to the letter, what background/ writes for one: what a JSON parser, the schema and
 * the decoder make of it, for less work, and half of what is garbage after it. Null for every other text: that goes through those.
 *
 * SECURITY: what two readers could read differently is none of it. Each character of the base64 gives its bits, so that there
 * is no escape, no quote too many and no character that JSON forbids among them.
 */
export function readBodyPiece(text: Buffer): BodyPiece | null {
  if (text.length < BEGIN.length || BEGIN.compare(text, 0, BEGIN.length) !== 0) return null
  let at = BEGIN.length
  while (isDigit(text[at])) at += 1
  const digits = at - BEGIN.length
  if (digits === 0 || digits > MOST_DIGITS || text[BEGIN.length] === ZERO) return null
  const start = at + MIDDLE.length
  const end = text.length - END.length
  const length = end - start
  if (length < 4 || length > MOST_BASE64 || length % 4 !== 0) return null
  if (text.toString('latin1', at, start) !== MIDDLE || text.toString('latin1', end) !== END) return null
  const padding = text[end - 1] !== EQUALS ? 0 : text[end - 2] !== EQUALS ? 1 : 2
  // The decoder leaves out what is no base64, and ends at padding.
  const bytes = Buffer.from(text.toString('latin1', start, end), 'base64')
  if (bytes.length !== (length / 4) * 3 - padding) return null
  return new BodyPiece(Number(text.toString('latin1', BEGIN.length, at)), bytes)
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= NINE
