import type { Secret } from '../vault/secret.ts'
import type { Fetch } from './fetcher.ts'
import { type HeldValue, KeptValue } from './kept-value.ts'
import type { PackedReference } from './packed-reference.ts'

/** How often it is looked whether a value has been kept for its time, ms. */
const TIDY_MS = 30_000

/**
 * The values of references in the memory of one process, and nowhere else: they end with it, so with the vault's lock. A
 * reference that is entered anew is another one, so what it was is not used again.
 */
export class References {
  readonly #fetch: Fetch
  readonly #now: () => number
  readonly #kept = new Map<string, KeptValue>()
  readonly #timer: NodeJS.Timeout

  /** @param now milliseconds since the epoch. */
  constructor(fetch: Fetch, now: () => number = Date.now) {
    this.#fetch = fetch
    this.#now = now
    this.#timer = setInterval(() => this.#tidy(), TIDY_MS)
    this.#timer.unref()
  }

  /**
   * The value of a reference, for one call that is permitted.
   *
   * @param input the helper secret, see `helperOf`.
   * @param afresh true: fetch also where that failed a moment ago.
   * @throws ReferenceFault, that of the fetch before where it failed a moment ago; the signal's reason.
   */
  hold(
    packed: PackedReference,
    input: Uint8Array | null,
    signal: AbortSignal,
    afresh = false,
  ): Promise<HeldValue> {
    return this.#valueOf(packed).hold(input, signal, afresh)
  }

  /** The value in place of one that its service refused, null where that is still it. @throws like `hold`. */
  holdOther(
    packed: PackedReference,
    refused: Secret,
    input: Uint8Array | null,
    signal: AbortSignal,
  ): Promise<HeldValue | null> {
    return this.#valueOf(packed).holdOther(refused, input, signal)
  }

  /** Values of a reference that are remembered, as far as they are. Nothing is fetched. */
  known(packed: PackedReference): readonly Secret[] {
    return this.#kept.get(packed.commitment())?.known ?? []
  }

  /** Fetch this value anew at the next call. */
  expire(packed: PackedReference): void {
    this.#kept.get(packed.commitment())?.expire()
  }

  /** Forget every value. */
  close(): void {
    clearInterval(this.#timer)
    this.#kept.clear()
  }

  #valueOf(packed: PackedReference): KeptValue {
    const key = packed.commitment()
    const kept = this.#kept.get(key) ?? new KeptValue(packed, this.#fetch, this.#now)
    this.#kept.set(key, kept)
    return kept
  }

  #tidy(): void {
    for (const [key, value] of this.#kept) if (value.isIdle) this.#kept.delete(key)
  }
}
