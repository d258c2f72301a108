import type { PageSight } from '../../../extension/ui/page-sight.ts'

/** The sight of a page that a test hides and shows. */
export class MovableSight implements PageSight {
  isSeen = true
  readonly #listeners = new Set<() => void>()

  onSeen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  hide(): void {
    this.isSeen = false
  }

  show(): void {
    this.isSeen = true
    for (const listener of this.#listeners) listener()
  }
}
