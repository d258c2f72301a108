/** How long an Allow does nothing after anything changed in front of the owner, in milliseconds. */
export const INERT_MS = 1000
/** Longest time between two looks, in milliseconds: who did not look for longer does not know what happened meanwhile. */
const BLIND_MS = 1000

/** What a window is like at one moment, as far as a person who clicks into it is concerned. */
export interface WindowLook {
  focused: boolean
  visible: boolean
  /** Where it is, how large and at which zoom: any text that is another when one of them is. */
  place: string
}

/**
 * Whether an Allow counts now. Nobody can read and decide in a moment: a click that was meant for something else, a key held
 * down from before, a window that slid under the pointer must not be a yes. Pure; the clock is given.
 */
export class Arming {
  readonly #clock: () => number
  /** From when on an Allow counts; Infinity while the window is not in front. */
  #from = Number.POSITIVE_INFINITY
  /** Raised with every disturbance: a press that began in an earlier turn does not count. */
  #turn = 0
  #pressed: { turn: number; armed: boolean } | null = null
  #look: WindowLook | null = null
  #lookedAt = Number.NEGATIVE_INFINITY

  /** @param clock milliseconds, never running backwards. */
  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** Whether an Allow would count now. */
  get isArmed(): boolean {
    return this.#clock() >= this.#from
  }

  /** Milliseconds until it would; Infinity while the window is not in front. */
  get remaining(): number {
    return Math.max(0, this.#from - this.#clock())
  }

  /** Something changed in front of the owner: inert again, for {@link INERT_MS} from now. */
  disturb(): void {
    this.#turn += 1
    const inFront = this.#look?.focused === true && this.#look.visible
    this.#from = inFront ? this.#clock() + INERT_MS : Number.POSITIVE_INFINITY
  }

  /** Look at the window: it disturbs where anything is other than before, or where it was not looked at for too long. */
  look(look: WindowLook): void {
    const now = this.#clock()
    const last = this.#look
    const same =
      last !== null &&
      last.focused === look.focused &&
      last.visible === look.visible &&
      last.place === look.place &&
      now - this.#lookedAt <= BLIND_MS
    this.#look = look
    this.#lookedAt = now
    if (!same) this.disturb()
  }

  /** A button or a key goes down. */
  press(): void {
    this.#pressed = { turn: this.#turn, armed: this.isArmed }
  }

  /** What went down is up again, and whatever it stood for has happened. */
  release(): void {
    this.#pressed = null
  }

  /**
   * Whether what happens now may be an Allow: armed, and armed already when the button or the key that it came from went down,
   * with no disturbance in between. What comes without either (assistive software) needs to be armed only.
   */
  counts(): boolean {
    if (!this.isArmed) return false
    const pressed = this.#pressed
    return pressed === null || (pressed.armed && pressed.turn === this.#turn)
  }
}
