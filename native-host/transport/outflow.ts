import { WINDOW_BYTES } from '../../shared/protocol/limits.ts'
import type { FrameToBackground } from '../../shared/protocol/native-frames.ts'
import { chunkPayloads } from './chunk.ts'
import type { Outlet } from './outlet.ts'

/** A response body on its way to the page: no faster than the page's credit and the browser's reading allow. */
export class Outflow {
  readonly #id: number
  readonly #outlet: Outlet
  #window = WINDOW_BYTES
  #wake: (() => void) | null = null

  constructor(id: number, outlet: Outlet) {
    this.#id = id
    this.#outlet = outlet
  }

  /** The page has read so many bytes. */
  credit(bytes: number): void {
    this.#window = Math.min(this.#window + bytes, WINDOW_BYTES)
    this.#wake?.()
    this.#wake = null
  }

  /**
   * Send a whole body, then `end`.
   *
   * @param look called right before each chunk leaves; whoever has a reason to stop aborts the signal there.
   * @returns bytes sent. Rejects with what the body or the signal failed with; then no `end` was sent.
   */
  async run(
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
    look: () => void = () => {},
  ): Promise<void> {
    const stop = () => this.credit(0)
    signal.addEventListener('abort', stop)
    try {
      for await (const bytes of body) {
        for (const { payload, length } of chunkPayloads(bytes)) {
          await this.#room(length, signal)
          look()
          // SECURITY: in the same turn as the chunk leaves. Whatever is awaited in between lets a revoke in.
          signal.throwIfAborted()
          this.#outlet.send({ type: 'chunk', id: this.#id, ...payload } as FrameToBackground)
          this.#window -= length
        }
      }
      look()
      signal.throwIfAborted()
      this.#outlet.send({ type: 'end', id: this.#id })
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  async #room(length: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    while (this.#window < length) await this.#woken(signal)
    for (let ready = this.#outlet.ready(); ready !== null; ready = this.#outlet.ready()) {
      // A browser that reads nothing must not keep the end of a call waiting.
      await Promise.race([ready, this.#woken(signal)])
    }
  }

  async #woken(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => (this.#wake = resolve))
    signal.throwIfAborted()
  }
}
