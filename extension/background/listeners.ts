/** A set of functions that are told something. One that throws does not keep the others from being told. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>()

  /** @returns takes the listener off again. */
  add(listener: (value: T) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(value: T): void {
    for (const listener of this.#listeners) {
      try {
        listener(value)
      } catch (error) {
        // Only programming mistakes land here; the error holds no frame.
        console.error(error)
      }
    }
  }
}
