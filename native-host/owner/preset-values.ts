import type { Preset } from '../../shared/model/preset.ts'
import { say } from '../../shared/model/said.ts'
import { type GivenValues, ValueFault } from '../../shared/presets/fill-values.ts'
import { Refusal } from '../refusal.ts'

/**
 * Make something of a preset and of the values the owner gave for it.
 *
 * @param given by id; every one of them has to be a value the preset asks for.
 * @throws Refusal `invalid` for a value that is missing, unknown or none, and whatever `make` throws.
 */
export function withValues<T>(preset: Preset, given: GivenValues, make: () => T): T {
  const known = (preset.values ?? []).map(({ id }) => id)
  const odd = Object.keys(given).find((id) => !known.includes(id))
  if (odd !== undefined) {
    const has = known.length === 0 ? 'it asks for none' : `it asks for \`${known.join('`, `')}\``
    throw new Refusal('invalid', say`preset \`${preset.id}\` has no value \`${odd}\`: ${has}`)
  }
  try {
    return make()
  } catch (error) {
    if (error instanceof ValueFault) throw new Refusal('invalid', error.message)
    throw error
  }
}
