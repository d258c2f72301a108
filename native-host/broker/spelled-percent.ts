import { HEX } from './spelled-pending.ts'

const PERCENT = 0x25
const EQUALS = 0x3d
const CR = 0x0d
const LF = 0x0a
/** How often a percent sign may be encoded again: bounds what is held back. */
export const DEEPEST = 4

/**
 * What `Percents` reads from `at` on, in one look: a byte as it is, `%HH`, `%25HH` and so on, or a soft line break.
 * 0: the chunk ends too early to tell; else the byte and, times 256, how many bytes it takes.
 */
export function percentAt(bytes: Uint8Array, at: number): number {
  if (at >= bytes.length) return 0
  const first = bytes[at] as number
  if (first === PERCENT) return percentSign(bytes, at)
  return first === EQUALS ? equalsSign(bytes, at) : first | 0x100
}

function percentSign(bytes: Uint8Array, at: number): number {
  let i = at + 1
  for (let depth = 1; ; depth++) {
    if (i >= bytes.length) return 0
    const high = HEX[bytes[i] as number] as number
    if (high < 0) break
    if (i + 1 === bytes.length) return 0
    const low = HEX[bytes[i + 1] as number] as number
    if (low < 0) break
    i += 2
    const value = (high << 4) | low
    if (value !== PERCENT || depth === DEEPEST) return value | ((i - at) << 8)
  }
  return PERCENT | ((i - at) << 8)
}

function equalsSign(bytes: Uint8Array, at: number): number {
  const after = bytes[at + 1]
  if (after === LF) return LF | 0x200
  if (after === undefined) return 0
  if (after !== CR) return EQUALS | 0x100
  if (at + 2 === bytes.length) return 0
  return bytes[at + 2] === LF ? LF | 0x300 : EQUALS | 0x100
}
