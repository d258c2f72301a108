import { KEYED } from '../../shared/presets/find-keys.ts'
import type { AskFrame } from '../../shared/protocol/call-frames.ts'

/** Most values that are kept: of a page that changes its key with every call, the latest. */
const MOST_KEPT = 16

/**
 * What the latest caught calls of this document carried where keys are carried. SECURITY: it stays here, in the page's own
 * process, where the page has it anyway, until the owner looks; nothing of it is sent anywhere by itself.
 */
export class CallValues {
  readonly #kept = new Map<string, string>()

  /** Note a call. */
  note({ headers, url }: Pick<AskFrame, 'headers' | 'url'>): void {
    for (const [name, value] of headers) if (KEYED.test(name)) this.#keep(value, name)
    if (url.includes('?')) this.#keep(url, '')
  }

  /** Each with the name of its header, and an empty one for a whole address. */
  get all(): readonly (readonly [value: string, header: string])[] {
    return [...this.#kept]
  }

  #keep(value: string, name: string): void {
    this.#kept.delete(value)
    this.#kept.set(value, name)
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= MOST_KEPT) break
      this.#kept.delete(oldest)
    }
  }
}
