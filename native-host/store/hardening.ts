/**
 * How long what was committed so may wait, ms. Of calls that follow one another the intent of the next, which is waited for, takes
 * the end of the last with it; a wait of our own in between would only be in its way, since the file system makes one at a time.
 */
const LAG_MS = 100

/**
 * Sees to it that what was committed to SQLite's write-ahead log without a wait for the disk is waited for soon. Whoever looks into
 * the database sees it before that, and a process that is killed loses none of it: only a machine that fails does.
 *
 * By a commit that is waited for, since a process under Node's permissions has no other way to wait for its disk: `fs.fsync` is
 * refused there, whatever may be written.
 */
export class Hardening {
  readonly #commit: () => void
  #timer: NodeJS.Timeout | null = null
  #isPending = false
  /** True once the disk has refused: what was committed may stand behind a hole in the log. Set back by whoever has mended that. */
  hasFailed = false

  /** @param commit makes a commit that is waited for; calls {@link covered} where that succeeds. Throws where it does not. */
  constructor(commit: () => void) {
    this.#commit = commit
  }

  /** True while something that was committed is not known to be durable. */
  get isPending(): boolean {
    return this.#isPending
  }

  /** What is committed by now is made durable within {@link LAG_MS}, unless it is {@link covered}. Nobody waits for it. */
  soon(): void {
    this.#isPending = true
    this.#timer ??= setTimeout(() => this.#settle(), LAG_MS).unref()
  }

  /** A commit that was waited for has made durable all before it. */
  covered(): void {
    this.#isPending = false
    this.close()
  }

  /** Wait for nothing any more. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #settle(): void {
    this.#timer = null
    try {
      this.#commit()
    } catch {
      // A disk that is full, or a vault that somebody holds: again. One that refused is mended by whoever writes next.
      if (!this.hasFailed) this.soon()
    }
  }
}
