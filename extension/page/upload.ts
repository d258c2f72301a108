import { WINDOW_BYTES } from '../../shared/protocol/limits.ts'
import type { CallListener } from './call-listener.ts'
import { NativePromise, sizeOf, toBase64 } from './primordials.ts'
import type { RequestBody } from './request-body.ts'
import { send } from './wire.ts'

/** Sends the body of one call as fast as the other side allows, holding one chunk at a time. */
export class Upload {
  readonly #body: RequestBody
  readonly #listener: CallListener
  #allowance = WINDOW_BYTES
  #stopped = false
  #wake: (() => void) | null = null

  constructor(body: RequestBody, listener: CallListener) {
    this.#body = body
    this.#listener = listener
  }

  /** Start sending. `failed` gets what the body itself broke with. */
  async run(id: number, failed: (reason: unknown) => void): Promise<void> {
    try {
      for (let bytes = await this.#body.next(); bytes !== null; bytes = await this.#body.next()) {
        const size = sizeOf(bytes)
        await this.#room(size)
        if (this.#stopped) break
        this.#allowance -= size
        send({ type: 'body', id, base64: toBase64(bytes) })
        this.#listener.sent?.(size)
      }
      if (this.#stopped) return this.#body.cancel()
      send({ type: 'body-end', id })
      this.#listener.uploaded?.()
    } catch (reason) {
      if (!this.#stopped) failed(reason)
    }
  }

  /** The other side takes so many further bytes. */
  allow(bytes: number): void {
    this.#allowance += bytes
    this.#wake?.()
  }

  /** Send nothing more and let the body go. */
  stop(): void {
    this.#stopped = true
    this.#wake?.()
  }

  async #room(bytes: number): Promise<void> {
    while (!this.#stopped && this.#allowance < bytes) {
      await new NativePromise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
