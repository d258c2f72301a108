/** Places in a stream, apart and ascending. */
export class Spans {
  /** begin, end, begin, end, … */
  #bounds: number[] = []

  /** Note a place; what overlaps becomes one. Cheap at the end of the list, where places are noted. */
  cover(start: number, end: number): void {
    const bounds = this.#bounds
    let after = bounds.length
    while (after > 0 && (bounds[after - 2] as number) >= end) after -= 2
    let first = after
    let from = start
    let to = end
    while (first > 0 && (bounds[first - 1] as number) > start) {
      from = Math.min(from, bounds[first - 2] as number)
      to = Math.max(to, bounds[first - 1] as number)
      first -= 2
    }
    if (first === bounds.length) bounds.push(from, to)
    else if (first === after) bounds.splice(first, 0, from, to)
    else if (first === after - 2) {
      bounds[first] = from
      bounds[first + 1] = to
    } else bounds.splice(first, after - first, from, to)
  }

  /** Take out the places that begin before `cut`, as begin, end, begin, end, … */
  before(cut: number): number[] {
    const bounds = this.#bounds
    let count = 0
    while (count < bounds.length && (bounds[count] as number) < cut) count += 2
    return count === 0 ? [] : bounds.splice(0, count)
  }
}
