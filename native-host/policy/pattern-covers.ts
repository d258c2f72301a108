import { matches, parsePattern } from './pattern.ts'

/**
 * True where it can be shown that whatever the narrow pattern matches, the wide one matches too. False says nothing: that
 * could not be shown. Both as `parsePattern` reads them. @throws InvalidPattern for what is no pattern.
 */
export function patternCovers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true
  const [outer, inner] = [parsePattern(wide), parsePattern(narrow)]
  return (
    coversAll(outer.methods, inner.methods) &&
    coversAll(outer.names, inner.names) &&
    coversPath(pathOf(wide), pathOf(narrow))
  )
}

/** Null stands for everything. */
function coversAll(outer: ReadonlySet<string> | null, inner: ReadonlySet<string> | null): boolean {
  return outer === null || (inner !== null && [...inner].every((each) => outer.has(each)))
}

/** Segments of the path, without the query names. */
function pathOf(text: string): string[] {
  const [path = ''] = text.slice(text.indexOf(' ') + 1).split('?')
  return path.slice(1).split('/')
}

/** Row by row over the wide segments: at which of the narrow ones everything before is covered. */
function coversPath(wide: readonly string[], narrow: readonly string[]): boolean {
  let reached = [true, ...narrow.map(() => false)]
  for (const outer of wide) {
    const next = [outer === '**' && reached[0] === true]
    narrow.forEach((inner, at) => {
      const here =
        outer === '**'
          ? // It takes none, or this one after those it took before.
            reached[at + 1] === true || next[at] === true
          : reached[at] === true && coversSegment(outer, inner)
      next.push(here)
    })
    reached = next
  }
  return reached.at(-1) === true
}

function coversSegment(outer: string, inner: string): boolean {
  if (outer === inner) return true
  if (inner === '**') return false
  // A lone star wants one character at least.
  if (outer === '*') return inner === '*' || inner.replaceAll('*', '') !== ''
  return !inner.includes('*') && matches(parsePattern(`* /${outer}`), 'GET', `/${inner}`, [])
}
