import { randomBytes } from 'node:crypto'

/** Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O, U; five more symbols for the check. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CHECKS = `${DIGITS}*~$=U`

/** 160 bits: guessing is hopeless without stretching. */
const CODE_BYTES = 20
const CODE_DIGITS = (CODE_BYTES * 8) / 5
const GROUP = 4

function checkOf(value: bigint): string {
  return CHECKS.charAt(Number(value % BigInt(CHECKS.length)))
}

/** Write 20 bytes as eight groups of four symbols and a check symbol, joined by hyphens. */
export function formatRecoveryCode(bytes: Uint8Array): string {
  const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let digits = ''
  for (let rest = value, n = 0; n < CODE_DIGITS; n += 1, rest >>= 5n)
    digits = DIGITS.charAt(Number(rest & 31n)) + digits
  const groups = digits.match(new RegExp(`.{${GROUP}}`, 'g')) ?? []
  return [...groups, checkOf(value)].join('-')
}

/**
 * Read a recovery code as people type it: any case, any spaces and hyphens, O for 0, I and L for 1.
 *
 * @returns its 20 bytes, or null where it is not one (the check symbol finds one wrong or two swapped symbols).
 */
export function parseRecoveryCode(text: string): Uint8Array | null {
  const plain = text.toUpperCase().replace(/[\s\-‐-―]/gu, '')
  if (plain.length !== CODE_DIGITS + 1) return null
  let value = 0n
  for (const symbol of plain.slice(0, CODE_DIGITS)) {
    const digit = DIGITS.indexOf(symbol.replace('O', '0').replace(/[IL]/, '1'))
    if (digit < 0) return null
    value = (value << 5n) | BigInt(digit)
  }
  const check = plain.slice(CODE_DIGITS).replace('O', '0').replace(/[IL]/, '1')
  if (check !== checkOf(value)) return null
  return Buffer.from(value.toString(16).padStart(CODE_BYTES * 2, '0'), 'hex')
}

/** A new recovery code's bytes. */
export function newRecoveryCode(): Uint8Array {
  return randomBytes(CODE_BYTES)
}
