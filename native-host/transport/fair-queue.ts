interface Entry<T> {
  readonly item: T
  /** What its turn costs its site. */
  readonly cost: number
  /** Its place among all that were ever put in. */
  readonly place: number
  readonly isLast: boolean
}

/** One site's items, in their order, and from which point of the queue's own time on its first has its turn. */
interface Line<T> {
  readonly entries: Entry<T>[]
  due: number
}

/**
 * What waits, by site: each site has its turn for as much as the others, counted by what its items cost, and within a
 * site the order is kept. A site that comes with little goes before one that has had more than its part: it waits for
 * what has begun, however much another has waiting. (Start-time fair queueing: Goyal, Vin and Cheng, 1996.)
 */
export class FairQueue<T> {
  /** None is empty. Of those that are due at the same time the first one goes first. */
  readonly #lines = new Map<string, Line<T>>()
  /** When sites that have nothing waiting are due again, where that is later than now. */
  readonly #later = new Map<string, number>()
  /** When the item taken out last was due. */
  #now = 0
  #places = 0

  /** True where nothing waits. */
  get isEmpty(): boolean {
    return this.#lines.size === 0
  }

  /** How many items wait. */
  get size(): number {
    let size = 0
    for (const { entries } of this.#lines.values()) size += entries.length
    return size
  }

  /** True where an item of this site waits. */
  has(site: string): boolean {
    return this.#lines.has(site)
  }

  /**
   * Put an item at the end of a site's.
   *
   * @param cost more than zero, in whatever unit all items of this queue are counted. @param isLast it comes after all
   *   that waits now, whosever that is.
   */
  push(site: string, item: T, cost = 1, isLast = false): void {
    const entry = { item, cost, place: this.#places++, isLast }
    const line = this.#lines.get(site)
    if (line !== undefined) line.entries.push(entry)
    else this.#lines.set(site, { entries: [entry], due: Math.max(this.#now, this.#later.get(site) ?? 0) })
  }

  /** Take out the item whose turn it is; undefined where nothing waits. */
  next(): T | undefined {
    let first: [site: string, line: Line<T>, entry: Entry<T>] | null = null
    for (const [site, line] of this.#lines) {
      const entry = line.entries[0]
      if (entry === undefined || (first !== null && line.due >= first[1].due)) continue
      if (!entry.isLast || !this.#hasBefore(entry.place)) first = [site, line, entry]
    }
    if (first === null) return undefined
    // An item that had to come last may be long overdue: the time of the queue does not run backwards.
    this.#now = Math.max(this.#now, first[1].due)
    first[1].due = this.#now
    this.#take(...first)
    return first[2].item
  }

  /** Take out the next item of this site, out of turn, where it fits; undefined where it does not. It costs as ever. */
  nextOf(site: string, fits: (item: T) => boolean): T | undefined {
    const line = this.#lines.get(site)
    const entry = line?.entries[0]
    if (line === undefined || entry === undefined || entry.isLast || !fits(entry.item)) return undefined
    this.#take(site, line, entry)
    return entry.item
  }

  /** Take out all items that fit; they are given to `out` one by one. They cost their sites nothing. */
  remove(fits: (item: T) => boolean, out: (item: T, site: string) => void): void {
    for (const [site, { entries, due }] of this.#lines) {
      const kept = entries.filter(({ item }) => {
        if (!fits(item)) return true
        out(item, site)
        return false
      })
      if (kept.length > 0) this.#lines.set(site, { entries: kept, due })
      else this.#leave(site, due)
    }
  }

  #take(site: string, line: Line<T>, { cost }: Entry<T>): void {
    line.entries.shift()
    line.due += cost
    if (line.entries.length === 0) this.#leave(site, line.due)
  }

  #leave(site: string, due: number): void {
    this.#lines.delete(site)
    this.#later.set(site, due)
    for (const [each, until] of this.#later) if (until <= this.#now) this.#later.delete(each)
  }

  #hasBefore(place: number): boolean {
    for (const { entries } of this.#lines.values()) {
      const first = entries[0]
      if (first !== undefined && first.place < place) return true
    }
    return false
  }
}
