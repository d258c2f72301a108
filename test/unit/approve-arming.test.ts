import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { Arming, INERT_MS, type WindowLook } from '../../extension/popup/arming.ts'

const FRONT: WindowLook = { focused: true, visible: true, place: '0 0 420 640 1' }

let now: number
let arming: Arming

/** Let time go by with the window looked at all the while, as its page does. */
function wait(milliseconds: number, look = FRONT): void {
  const end = now + milliseconds
  while (now < end) {
    now = Math.min(end, now + 100)
    arming.look(look)
  }
}

beforeEach(() => {
  now = 5000
  arming = new Arming(() => now)
})

describe('an Allow', () => {
  test('counts one second after the window came up, and not a millisecond before', () => {
    arming.look(FRONT)
    expect(arming.remaining).toBe(INERT_MS)
    wait(INERT_MS - 1)
    expect(arming.counts()).toBe(false)
    wait(1)
    expect(arming.counts()).toBe(true)
  })

  test('never counts before anyone looked at the window', () => {
    now += 1e9
    expect(arming.isArmed).toBe(false)
    arming.disturb()
    now += 1e9
    expect(arming.isArmed).toBe(false)
  })

  test.each([
    ['moved to the side', { place: '1 0 420 640 1' }],
    ['moved down', { place: '0 1 420 640 1' }],
    ['made wider', { place: '0 0 421 640 1' }],
    ['zoomed', { place: '0 0 420 640 2' }],
  ])('is inert for a second again when the window was %s', (_, change) => {
    wait(2000)
    const changed = { ...FRONT, ...change }
    arming.look(changed)
    expect(arming.counts()).toBe(false)
    wait(INERT_MS - 1, changed)
    expect(arming.counts()).toBe(false)
    wait(1, changed)
    expect(arming.counts()).toBe(true)
  })

  test.each([
    ['without the focus', { focused: false }],
    ['hidden', { visible: false }],
  ])('is inert for as long as the window is %s, and a second longer', (_, change) => {
    wait(2000)
    wait(60_000, { ...FRONT, ...change })
    expect(arming.remaining).toBe(Number.POSITIVE_INFINITY)
    arming.look(FRONT)
    expect(arming.counts()).toBe(false)
    wait(INERT_MS)
    expect(arming.counts()).toBe(true)
  })

  test('is inert again after each new request', () => {
    wait(2000)
    arming.disturb()
    wait(INERT_MS - 1)
    expect(arming.counts()).toBe(false)
    wait(1)
    expect(arming.counts()).toBe(true)
  })

  test('disturbances do not add up, and the last one counts', () => {
    wait(2000)
    for (let turn = 0; turn < 9; turn += 1) {
      arming.disturb()
      wait(INERT_MS - 100)
    }
    expect(arming.counts()).toBe(false)
    wait(100)
    expect(arming.counts()).toBe(true)
  })

  test('is inert where the window was not looked at for a while: nobody knows what happened meanwhile', () => {
    wait(2000)
    now += 1001
    arming.look(FRONT)
    expect(arming.counts()).toBe(false)
  })
})

describe('a press', () => {
  test('that began while it was inert does not count when it ends', () => {
    wait(500)
    arming.press()
    wait(2000)
    expect(arming.counts()).toBe(false)
    arming.release()
    expect(arming.counts()).toBe(true)
  })

  test('that began on the request before does not count for the next', () => {
    wait(2000)
    arming.press()
    arming.disturb()
    wait(INERT_MS + 500)
    expect(arming.isArmed).toBe(true)
    expect(arming.counts()).toBe(false)
  })

  test('that began and ended while it was armed counts', () => {
    wait(2000)
    arming.press()
    wait(300)
    expect(arming.counts()).toBe(true)
  })
})

test('whatever happens in whatever order, an Allow that counts had a whole second of the same front before it', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('wait' as const), by: fc.integer({ min: 1, max: 1500 }) }),
    fc.constantFrom(
      { kind: 'disturb' as const },
      { kind: 'blur' as const },
      { kind: 'hide' as const },
      { kind: 'move' as const },
      { kind: 'front' as const },
      { kind: 'press' as const },
    ),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      now = 0
      arming = new Arming(() => now)
      let look = FRONT
      let calm = 0
      arming.look(look)
      for (const [at, one] of steps.entries()) {
        if (one.kind === 'wait') wait(one.by, look)
        else if (one.kind === 'press') arming.press()
        else {
          if (one.kind === 'disturb') arming.disturb()
          if (one.kind === 'blur') look = { ...look, focused: false }
          if (one.kind === 'hide') look = { ...look, visible: false }
          if (one.kind === 'move') look = { ...look, place: `${at}` }
          if (one.kind === 'front') look = { ...FRONT, place: look.place }
          // Coming to the front where one is already is no disturbance; a second too many inert does no harm.
          if (one.kind !== 'front') calm = now
          arming.look(look)
        }
        if (!look.focused || !look.visible) calm = Number.POSITIVE_INFINITY
        else if (calm === Number.POSITIVE_INFINITY) calm = now
        if (arming.counts()) expect(now - calm).toBeGreaterThanOrEqual(INERT_MS)
      }
    }),
    { numRuns: 1000 },
  )
})
