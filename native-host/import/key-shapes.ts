import type { KeyShape, Preset } from '../../shared/model/preset.ts'

/** A preset whose format a key has. */
export interface ShapeFit {
  readonly preset: Preset
  readonly shape: KeyShape
}

/** Longest text that is compared with formats of keys, characters. */
const LONGEST_KEY = 10_000

/** True where a key has this format, as a whole. */
export function hasShape(key: string, { prefix, rest }: KeyShape): boolean {
  if (key.length > LONGEST_KEY || !key.startsWith(prefix)) return false
  return new RegExp(`^(?:${rest})$`).test(key.slice(prefix.length))
}

/** Every format a key has, the longest prefix first; of formats that others share, after those that tell. */
export function shapesOf(key: string, presets: readonly Preset[]): ShapeFit[] {
  const fits = presets.flatMap((preset) =>
    (preset.keys ?? []).filter((shape) => hasShape(key, shape)).map((shape) => ({ preset, shape })),
  )
  const rank = ({ shape }: ShapeFit) => shape.prefix.length - (shape.shared === true ? 1000 : 0)
  return fits.sort((one, other) => rank(other) - rank(one))
}
