import { LENGTH, NO_SYMBOL } from './spelled-answer.ts'
import { backslashAt } from './spelled-backslash.ts'
import { frequentAt, isBeginning } from './spelled-frequent.ts'
import { percentAt } from './spelled-percent.ts'
import { mayRefer, referenceAt } from './spelled-reference.ts'

const AMPERSAND = 0x26
const BACKSLASH = 0x5c

/** What `Spelled` would read from here on, in one look, where nothing is pending. See `spelled-answer.ts`. */
export function wholeSpelling(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number
  if (!isBeginning(first)) return first | (1 << LENGTH)
  const frequent = frequentAt(bytes, at, first)
  const coded = frequent === 0 ? onceMore(bytes, at) : frequent
  // One byte long, it is known to begin no reference, or looked at already.
  if ((coded & NO_SYMBOL) !== AMPERSAND || first === AMPERSAND) return coded
  const width = coded >>> LENGTH
  return mayRefer(bytes, at + width) ? referenceAt(bytes, at, width) : coded
}

/** The same where characters of the spelling are themselves spelled. */
function onceMore(bytes: Uint8Array, at: number): number {
  const read = percentAt(bytes, at)
  if (read === 0) return 0
  const value = read & 0xff
  if (value === BACKSLASH) return backslashAt(bytes, at, read >> 8)
  return value === AMPERSAND && read === (AMPERSAND | 0x100)
    ? referenceAt(bytes, at, 1)
    : value | ((read >> 8) << LENGTH)
}
