const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const HEX = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{8,}$/i
/** Shortest run of letters and digits that is taken for made up. */
const MADE_UP = 10

/**
 * True for a segment of a path that names one of many things: a number, a UUID, a hash, `msg_01XFDUDYJgAACzvnptvVoYEL`. Not for
 * words, versions (`v1`, `2010-04-01`) and names of models (`gpt-4o-mini`): what is wrongly taken for an id widens a rule.
 */
export function isIdLike(segment: string): boolean {
  if (/^\d+$/.test(segment) || UUID.test(segment) || HEX.test(segment)) return true
  if (!/^[A-Za-z0-9_-]+$/.test(segment)) return false
  return segment
    .split(/[-_]/)
    .some((part) => part.length >= MADE_UP && /\d/.test(part) && /[A-Za-z]/.test(part))
}
