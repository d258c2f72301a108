/**
 * How long what stood at a place is still what a hand aims at, in milliseconds: people need a quarter of a second to see that
 * something changed, and about as long to stop a finger on its way.
 */
export const AIM_MS = 500

/** Something that can be pressed, and where it was: in pixels of what it scrolls with, or of the window where it is pinned. */
export interface PressPlace<Thing> {
  thing: Thing
  /** It stays where it is while the rest scrolls, and lies over that. */
  isPinned?: boolean
  left: number
  top: number
  right: number
  bottom: number
}

/**
 * What stood where of late. A popup goes on while its owner aims: what the host says, what the page holds or what the last press
 * did may put another button under a hand that is on its way. Pure; the clock is given.
 */
export class SeenPlaces<Thing> {
  readonly #clock: () => number
  #now: readonly PressPlace<Thing>[] = []
  /** Earlier arrangements, and until when each of them stood. */
  #before: { until: number; places: readonly PressPlace<Thing>[] }[] = []

  /** @param clock milliseconds, never running backwards. */
  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** This is where things stand from now on. */
  see(places: readonly PressPlace<Thing>[]): void {
    if (isSame(this.#now, places)) return
    const until = this.#clock()
    this.#before = [...this.#before.filter((one) => until - one.until < AIM_MS), { until, places: this.#now }]
    this.#now = places
  }

  /**
   * Whether a press on a thing may have been meant for another one, which stood at this very place a moment ago in its stead.
   *
   * @param x in pixels of the window, and so `y`. @param scrolled how far what scrolls is scrolled down just now.
   */
  isMoved(thing: Thing, x: number, y: number, scrolled = 0): boolean {
    const now = this.#clock()
    return this.#before.some(({ until, places }) => {
      if (now - until >= AIM_MS) return false
      const held = places.filter((place) => holds(place, x, place.isPinned ? y : y + scrolled))
      const onTop = held.filter(({ isPinned }) => isPinned)
      const there = onTop.length > 0 ? onTop : held
      return there.length > 0 && !there.some((place) => place.thing === thing)
    })
  }
}

function holds({ left, top, right, bottom }: PressPlace<unknown>, x: number, y: number): boolean {
  return x >= left && x < right && y >= top && y < bottom
}

/** A pixel more or less is no other place. */
function isSame<Thing>(some: readonly PressPlace<Thing>[], others: readonly PressPlace<Thing>[]): boolean {
  return (
    some.length === others.length &&
    some.every((one, at) => {
      const other = others[at]
      return (
        other?.thing === one.thing && Math.abs(other.left - one.left) < 1 && Math.abs(other.top - one.top) < 1
      )
    })
  )
}
