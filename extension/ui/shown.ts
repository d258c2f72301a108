/** What a part of a page shows, always as a whole; tells whoever draws it of each change. */
export class Shown<State> {
  readonly #listeners = new Set<(state: State) => void>()
  #state: State

  constructor(first: State) {
    this.#state = first
  }

  get state(): State {
    return this.#state
  }

  /** Told after each change. @returns stops it. */
  onChange(listener: (state: State) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Show a part of it otherwise. */
  protected show(part: Partial<State>): void {
    this.#state = { ...this.#state, ...part }
    for (const listener of this.#listeners) listener(this.#state)
  }
}
