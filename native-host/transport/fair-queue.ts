interface Entry<T> {
  readonly item: T
  /** Its place among all that were ever put in. */
  readonly place: number
  readonly isLast: boolean
}

/**
 * What waits, by site: each site has its turn for one item after another, and within a site the order is kept. A site
 * that has a thousand items waiting makes another's first wait for one of them.
 */
export class FairQueue<T> {
  /** In the order of their turns; none is empty. */
  readonly #lanes = new Map<string, Entry<T>[]>()
  #places = 0

  /** True where nothing waits. */
  get isEmpty(): boolean {
    return this.#lanes.size === 0
  }

  /** Put an item at the end of a site's. @param isLast it comes after all that waits now, whosever that is. */
  push(site: string, item: T, isLast = false): void {
    const entry = { item, place: this.#places++, isLast }
    const lane = this.#lanes.get(site)
    if (lane === undefined) this.#lanes.set(site, [entry])
    else lane.push(entry)
  }

  /** Take out the item whose turn it is; undefined where nothing waits. */
  next(): T | undefined {
    for (const [site, lane] of this.#lanes) {
      const first = lane[0]
      if (first === undefined || (first.isLast && this.#hasBefore(first.place))) continue
      lane.shift()
      // To the end of the order of turns.
      this.#lanes.delete(site)
      if (lane.length > 0) this.#lanes.set(site, lane)
      return first.item
    }
    return undefined
  }

  /** Take out all items that fit; they are given to `out` one by one. */
  remove(fits: (item: T) => boolean, out: (item: T, site: string) => void): void {
    for (const [site, lane] of this.#lanes) {
      const kept = lane.filter(({ item }) => {
        if (!fits(item)) return true
        out(item, site)
        return false
      })
      if (kept.length > 0) this.#lanes.set(site, kept)
      else this.#lanes.delete(site)
    }
  }

  #hasBefore(place: number): boolean {
    for (const [first] of this.#lanes.values()) if (first !== undefined && first.place < place) return true
    return false
  }
}
