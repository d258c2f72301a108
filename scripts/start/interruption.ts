const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Ctrl-C and its kind, taken from the first moment on, so that what was set up by then is taken down again. */
export class Interruption {
  /** Resolves at the first signal; rejects on an error that nothing else took. Either way the caller cleans up. */
  readonly happened: Promise<void>
  readonly #listener: () => void

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.happened = promise
    promise.catch(() => {})
    this.#listener = () => resolve()
    for (const signal of SIGNALS) process.on(signal, this.#listener)
    process.on('uncaughtException', reject)
  }

  /** Take the signals away from the browser's launcher, which would end this process at once and leave the folders. */
  takeOver(): void {
    for (const signal of SIGNALS) {
      process.removeAllListeners(signal)
      process.on(signal, this.#listener)
    }
  }
}
