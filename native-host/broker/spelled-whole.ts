import { LENGTH, NO_SYMBOL } from './spelled-answer.ts'
import { backslashAt } from './spelled-backslash.ts'
import { percentAt } from './spelled-percent.ts'
import { referenceAt } from './spelled-reference.ts'

const AMPERSAND = 0x26
const BACKSLASH = 0x5c
const IS_BEGINNING = new Uint8Array(256)
for (const byte of '%&=\\') IS_BEGINNING[byte.charCodeAt(0)] = 1

/** What `Spelled` would read from here on, in one look, where nothing is pending. See `spelled-answer.ts`. */
export function wholeSpelling(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number
  if (IS_BEGINNING[first] === 0) return first | (1 << LENGTH)
  const read = percentAt(bytes, at)
  if (read === 0) return 0
  const value = read & 0xff
  if (value === AMPERSAND) return referenceAt(bytes, at, read >> 8)
  if (value !== BACKSLASH) return value | ((read >> 8) << LENGTH)
  const coded = backslashAt(bytes, at, read >> 8)
  return (coded & NO_SYMBOL) === AMPERSAND ? referenceAt(bytes, at, coded >>> LENGTH) : coded
}

/** True for a byte that may begin a spelling. */
export function isBeginning(byte: number): boolean {
  return IS_BEGINNING[byte] === 1
}
