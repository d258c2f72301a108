import type { Plugin } from 'vite'

/** How a name ends that stood behind a `#`. No name of a platform or of a wire does. */
export const ONCE_PRIVATE = '_once_private'

interface Place {
  readonly start: number
  readonly end: number
}

/** Where private names stand below a node of the syntax tree (ESTree), itself included. */
function* privateNames(node: unknown): Generator<Place> {
  if (typeof node !== 'object' || node === null) return
  if ((node as { type?: unknown }).type === 'PrivateIdentifier') yield node as Place
  for (const child of Object.values(node)) yield* privateNames(child)
}

/**
 * Writes the private names of a script's classes as properties that the minifier then makes as short as any: a letter less at each
 * place. For the scripts that have a world of their own, where nobody else is to keep out.
 */
export function shortPrivates(): Plugin {
  return {
    name: 'short-privates',
    renderChunk(code) {
      const places = [...privateNames(this.parse(code))].sort((a, b) => b.start - a.start)
      return places.reduce(
        (text, { start, end }) =>
          `${text.slice(0, start)}${text.slice(start + 1, end)}${ONCE_PRIVATE}${text.slice(end)}`,
        code,
      )
    },
  }
}
