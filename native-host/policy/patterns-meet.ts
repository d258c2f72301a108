import { type Pattern, parsePattern } from './pattern.ts'

/** A segment cut at its `*`; null for `**`. */
type Segment = readonly string[] | null

/**
 * False where it can be shown that no request is in the reach of both patterns, each read as widely as `matchesWidely`
 * does. True says nothing: that could not be shown. Both as `parsePattern` reads them. @throws InvalidPattern for what is
 * no pattern.
 */
export function patternsMeet(one: string, other: string): boolean {
  const [first, second] = [parsePattern(one), parsePattern(other)]
  return methodsMeet(first, second) && pathsMeet(segmentsOf(first), segmentsOf(second))
}

function methodsMeet(one: Pattern, other: Pattern): boolean {
  if (one.methods === null || other.methods === null) return true
  const reach = (methods: ReadonlySet<string>) => (methods.has('GET') ? [...methods, 'HEAD'] : [...methods])
  const others = reach(other.methods)
  return reach(one.methods).some((method) => others.includes(method))
}

function segmentsOf({ wideRuns }: Pattern): Segment[] {
  return wideRuns.flatMap((run, at) => (at === 0 ? [...run] : [null, ...run]))
}

/** Row by row over the segments of one: at which of the other's everything before can be the same path. */
function pathsMeet(one: readonly Segment[], other: readonly Segment[]): boolean {
  let reached = besideNothing(other)
  for (const segment of one) {
    const next = [segment === null && reached[0] === true]
    other.forEach((opposite, at) => {
      const here =
        segment === null || opposite === null
          ? // What stands for any number takes none, or one more of the other's.
            reached[at + 1] === true || next[at] === true
          : reached[at] === true && segmentsMeet(segment, opposite)
      next.push(here)
    })
    reached = next
  }
  return reached.at(-1) === true
}

/** Where a path without segments reaches: past each `**` at the beginning. */
function besideNothing(segments: readonly Segment[]): boolean[] {
  const end = segments.findIndex((segment) => segment !== null)
  const open = end === -1 ? segments.length : end
  return [true, ...segments.map((_, at) => at < open)]
}

function segmentsMeet(one: readonly string[], other: readonly string[]): boolean {
  if (one.length < 2 && other.length < 2) return one[0] === other[0]
  return (
    isEither(one[0] ?? '', other[0] ?? '', (text, part) => text.startsWith(part)) &&
    isEither(one.at(-1) ?? '', other.at(-1) ?? '', (text, part) => text.endsWith(part))
  )
}

function isEither(one: string, other: string, has: (text: string, part: string) => boolean): boolean {
  return has(one, other) || has(other, one)
}
