/** Names with which some servers replace the method (Rails, Symfony, Google APIs), in a query as in a form. */
const NAMES = '(?:_method|\\$?http_?method|x-http-method(?:-override)?|x-method-override)'
const ALONE = new RegExp(`^${NAMES}$`, 'i')

/** The same as the name of a part: `name="_method"`, however it is quoted, folded or encoded. */
const PART = new RegExp(
  `name\\*?\\s{0,64}=\\s{0,64}(?:["']|[\\w-]{0,20}'[\\w-]{0,20}')?\\s{0,64}${NAMES}[^\\w-]`,
  'i',
)

/** Bytes that the longest such name takes, with room: what must be kept of one piece to find it across the next. */
export const LONGEST_PART_NAME = 384

/** True for the name, decoded, of a parameter or field that could replace the method. */
export function replacesMethod(name: string): boolean {
  return ALONE.test(name.trim())
}

/** True where some part of multipart form data, whole or a stretch of it, could replace the method. */
export function hasMethodPart(bytes: Uint8Array): boolean {
  return PART.test(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'))
}
