import type { KeyShape, Preset } from '../model/preset.ts'
import { MAX_KEY } from './clean-key.ts'

/** A service whose keys look like the one that was given. */
export interface Recognised {
  preset: Preset
  shape: KeyShape
}

/** What there is to say of a key before it is stored. The worst comes first. */
export type KeyFinding =
  /** It is the text pages get in place of a key. */
  | { kind: 'placeholder' }
  /** It is what `Recognised` says, and that is dangerous or not what the service wants. */
  | ({ kind: 'danger' } & Recognised)
  /** It looks like the key of another service than the chosen one. */
  | ({ kind: 'other' } & Recognised)
  /** It looks like no key of the chosen service, whose keys all have marks. */
  | { kind: 'unlike'; hint: string }
  /** It is a key of the chosen service, or of no certain one where none is chosen. */
  | ({ kind: 'known' } & Recognised)

/**
 * The services a key may be of: those whose longest literal beginning it has and whose shape it fits, all of it. Empty
 * where nothing tells; several where services share a look.
 *
 * @param key as `cleanKey` leaves it.
 */
export function recogniseKey(key: string, presets: readonly Preset[]): Recognised[] {
  if (key.length > MAX_KEY) return []
  const fitting = presets.flatMap((preset) =>
    (preset.keys ?? []).filter((shape) => fits(shape, key)).map((shape) => ({ preset, shape })),
  )
  const longest = Math.max(...fitting.map(({ shape }) => shape.prefix.length))
  const best = fitting.filter(({ shape }) => shape.prefix.length === longest)
  const certain = best.filter(({ shape }) => shape.shared === undefined)
  return certain.length > 0 ? certain : best
}

/**
 * What an owner should be told of a key for a service.
 *
 * @param chosen the service it is meant for. @param presets all of them.
 */
export function keyFindings(key: string, chosen: Preset, presets: readonly Preset[]): KeyFinding[] {
  if (key === '') return []
  if (isPlaceholder(key)) return [{ kind: 'placeholder' }]
  const found = recogniseKey(key, presets)
  const own = found.find(({ preset }) => preset.id === chosen.id)
  if (own !== undefined) return [{ kind: own.shape.danger === undefined ? 'known' : 'danger', ...own }]
  const [certain] = found.filter(({ shape }) => shape.shared === undefined)
  if (certain !== undefined) {
    const danger: KeyFinding[] = certain.shape.danger === undefined ? [] : [{ kind: 'danger', ...certain }]
    return [{ kind: 'other', ...certain }, ...danger]
  }
  return isMarked(chosen) ? [{ kind: 'unlike', hint: chosen.keyHint }] : []
}

function fits({ prefix, rest }: KeyShape, key: string): boolean {
  return key.startsWith(prefix) && new RegExp(`^(?:${rest})$`).test(key.slice(prefix.length))
}

/** True for the text that pages get in place of a key, of any service. */
export function isPlaceholder(key: string): boolean {
  const plain = key.toLowerCase().replace(/[^a-z]/g, '')
  return plain.includes('valetkey') && plain.includes('placeholder')
}

/** Every key of the service has a mark of its own, so that one without any is none, or not whole. */
function isMarked({ keys = [], keyHint }: Preset): boolean {
  const own = keys.filter(({ danger }) => danger !== 'wrong')
  return own.length > 0 && own.every(({ shared }) => shared === undefined) && keyHint !== ''
}
