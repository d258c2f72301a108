import { describe, expect, test } from 'vitest'
import { AIM_MS, SeenPlaces } from '../../extension/popup/seen-places.ts'

/** What a press in the popup was meant for: what stood at that place when the hand set out. */

function watched() {
  let now = 1000
  const seen = new SeenPlaces<string>(() => now)
  const at = (thing: string, top: number) => ({ thing, left: 0, right: 100, top, bottom: top + 30 })
  return {
    seen,
    at,
    see: (...places: ReturnType<typeof at>[]) => seen.see(places),
    wait: (milliseconds: number) => {
      now += milliseconds
    },
  }
}

describe('a press', () => {
  test('is meant for what has always been there, in the first picture too', () => {
    const { seen, see, at } = watched()
    see(at('revoke', 0))
    expect(seen.isMoved('revoke', 10, 10)).toBe(false)
  })

  test('is not meant for what took the place of another one, until a hand may have seen that', () => {
    const { seen, see, at, wait } = watched()
    see(at('extend', 0), at('revoke', 40))
    see(at('mend', 0), at('extend', 40), at('revoke', 80))
    expect(seen.isMoved('extend', 10, 50)).toBe(true)
    expect(seen.isMoved('mend', 10, 10)).toBe(true)
    // Nothing to press was there before.
    expect(seen.isMoved('revoke', 10, 90)).toBe(false)
    wait(AIM_MS - 1)
    expect(seen.isMoved('extend', 10, 50)).toBe(true)
    wait(1)
    expect(seen.isMoved('extend', 10, 50)).toBe(false)
  })

  test('is not meant for the next row where the one that was pressed went away', () => {
    const { seen, see, at, wait } = watched()
    see(at('one', 0), at('two', 40))
    wait(5000)
    see(at('two', 0))
    expect(seen.isMoved('two', 10, 10)).toBe(true)
    expect(seen.isMoved('two', 10, 35)).toBe(false)
  })

  test('counts where the thing itself stood there too, within another or hardly elsewhere', () => {
    const { seen, see, at } = watched()
    see(at('label', 0), at('box', 10))
    see(at('label', 0.4), at('box', 10.4), at('other', 80))
    expect(seen.isMoved('box', 10, 15)).toBe(false)
    expect(seen.isMoved('label', 10, 15)).toBe(false)
  })

  test('is judged by every picture of a moment, also where there were many', () => {
    const { seen, see, at, wait } = watched()
    see(at('revoke', 0))
    for (let top = 5; top <= 100; top += 5) {
      wait(20)
      see(at('revoke', top), at('new', top - 100))
    }
    // It stood at 5 some 380 ms ago; what came there since is another.
    expect(seen.isMoved('new', 10, 12)).toBe(true)
    wait(AIM_MS)
    expect(seen.isMoved('new', 10, 12)).toBe(false)
  })

  test('on what is pinned is meant for that, whatever was scrolled under it, and for no other thing pinned there', () => {
    const { seen, see, at } = watched()
    const pinned = (thing: string, top: number) => ({ ...at(thing, top), isPinned: true })
    see(at('box', 500), pinned('connect', 300))
    // Scrolled down by 200, and something late moved the box by two.
    see(at('box', 502), pinned('connect', 300))
    expect(seen.isMoved('connect', 10, 310, 200)).toBe(false)
    see(at('box', 502), pinned('revoke all', 300))
    expect(seen.isMoved('revoke all', 10, 310, 200)).toBe(true)
    // The one that lay over it was meant, and is gone.
    see(at('box', 502))
    expect(seen.isMoved('box', 10, 310, 200)).toBe(true)
  })
})
