import type { OwnerContext } from './context.ts'
import { forgetLeftPlayground } from './forget-playground.ts'
import { servesPlayground, tidyPlayground } from './playground.ts'

/** How often it is looked, ms. What was left gives nobody anything meanwhile. */
const LOOK_MS = 1000

/** The watch over the vault's playground in a process that has the vault open: see `tidyPlayground`. */
export class PlaygroundWatch {
  readonly #context: OwnerContext
  readonly #onChange: () => void
  readonly #timer: NodeJS.Timeout
  #served = false

  /** @param onChange told after grants or services were removed, or this process has ceased to serve. */
  constructor(context: OwnerContext, onChange: () => void, every = LOOK_MS) {
    this.#context = context
    this.#onChange = onChange
    this.#first()
    this.#timer = setInterval(() => this.look(), every)
    this.#timer.unref()
  }

  /** One look. Never throws: what cannot be read or written is tried again at the next. */
  look(): void {
    try {
      const isTidied = tidyPlayground(this.#context)
      // By itself, when nobody had come for long.
      const hasEnded = this.#served && !servesPlayground(this.#context)
      this.#served = servesPlayground(this.#context)
      if (isTidied || hasEnded) this.#onChange()
    } catch {
      // A full or damaged disk: nothing new is sent meanwhile either.
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** What an older version has left is there without a word of where it was: it is looked for once. */
  #first(): void {
    try {
      forgetLeftPlayground(this.#context)
    } catch {
      // It gives nothing to anybody who is not on its port.
    }
  }
}
