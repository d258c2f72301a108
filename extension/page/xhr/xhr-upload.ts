import { xhrUpload } from '../primordials.ts'
import { ProgressPace, tellProgress } from './xhr-events.ts'

/** The events of `xhr.upload` while one request's body goes out. */
export class XhrUpload {
  readonly #target: XMLHttpRequestUpload
  readonly #pace = new ProgressPace()
  #running = false
  #sent = 0
  #total = 0

  constructor(xhr: XMLHttpRequest) {
    this.#target = xhrUpload(xhr)
  }

  /** A body of so many bytes goes out. Does nothing where that was told already. */
  start(total: number): void {
    if (this.#running) return
    this.#running = true
    this.#total = total
    this.#tell('loadstart')
  }

  sent(bytes: number): void {
    this.#sent += bytes
    if (this.#running && this.#pace.isDue()) this.#tell('progress')
  }

  /** All of the body is out, or the response is here and the rest does not matter. */
  end(): void {
    if (!this.#running) return
    if (this.#pace.isOwed()) this.#tell('progress')
    if (!this.#running) return
    this.#running = false
    this.#tell('load')
    this.#tell('loadend')
  }

  fail(type: string): void {
    if (!this.#running) return
    this.#running = false
    tellProgress(this.#target, type, 0, 0)
    tellProgress(this.#target, 'loadend', 0, 0)
  }

  #tell(type: string): void {
    tellProgress(this.#target, type, this.#sent, this.#total)
  }
}
