/** How long a toast stays, in milliseconds. */
const TOAST_MS = 4000

/** What one of our pages shows, always as a whole, and whoever draws it anew when it changes. */
export class PageState<State extends { toast: string | null }> {
  readonly #listeners = new Set<(state: State) => void>()
  #state: State
  #toastTimer: ReturnType<typeof setTimeout> | undefined

  constructor(first: State) {
    this.#state = first
  }

  get current(): State {
    return this.#state
  }

  /** Told after each change. @returns stops it. */
  onChange(listener: (state: State) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Show a part of it otherwise. */
  set(part: Partial<State>): void {
    this.#state = { ...this.#state, ...part }
    for (const listener of this.#listeners) listener(this.#state)
  }

  /** Show a sentence for a moment. @param stays for how long, in milliseconds. */
  say(toast: string, stays = TOAST_MS): void {
    clearTimeout(this.#toastTimer)
    this.#show(toast)
    this.#toastTimer = setTimeout(() => this.#show(null), stays)
  }

  #show(toast: string | null): void {
    this.set({ toast } as Partial<State>)
  }
}
