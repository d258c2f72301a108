import type { Needle } from '../auth/needle.ts'
import { Sought } from './redact.ts'

const made = new Set<WeakRef<Sought>>()

/**
 * What is looked for in responses, for exactly these needles: made once for all calls that look for the same. It takes
 * half a megabyte for a short key, two for a long one, and some of a call's time to make.
 *
 * SECURITY: held weakly. What is made of a secret lives as long as some call looks for it, and until the next garbage
 * collection.
 */
export function soughtFor(needles: readonly Needle[]): Sought {
  for (const held of made) {
    const sought = held.deref()
    if (sought === undefined) made.delete(held)
    else if (areSame(sought.needles, needles)) return sought
  }
  const fresh = new Sought(needles)
  made.add(new WeakRef(fresh))
  return fresh
}

// SECURITY: byte by byte. Whoever took two different lists for the same would let a secret through.
function areSame(some: readonly Needle[], others: readonly Needle[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ bytes, pieces }, nth) => {
      const other = others[nth]
      return other !== undefined && pieces === other.pieces && Buffer.compare(bytes, other.bytes) === 0
    })
  )
}
