/** Runs pieces of work one after another: for what reads, changes and writes back across awaits. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve()

  /** Run `work` when everything before it is over, failed or not. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work)
    this.#last = result.catch(() => {})
    return result
  }
}
