import type { Duplex } from 'node:stream'
import { isReadPending } from '../store/read-aside.ts'
import { type Answer, type Ask, AskSchema, Lines, readLine } from './attendant-frames.ts'
import { ReferenceFault } from './fault.ts'
import type { Fetch } from './fetcher.ts'
import { PackedReference } from './packed-reference.ts'

/** Secrets that are fetched at once; further ones wait. */
const AT_ONCE = 8

type FetchAsk = Extract<Ask, { id: number }>

/** The attendant's end of the pipe: fetches what the host asks for. */
export class Attending {
  readonly #pipe: Duplex
  readonly #fetch: Fetch
  readonly #running = new Map<number, AbortController>()
  readonly #queue: FetchAsk[] = []

  constructor(pipe: Duplex, fetch: Fetch) {
    this.#pipe = pipe
    this.#fetch = fetch
    const lines = new Lines()
    pipe.on('error', () => {})
    pipe.setEncoding('utf8').on('data', (text) => {
      try {
        for (const line of lines.push(String(text))) this.#take(line)
      } catch {
        // SECURITY: whoever speaks otherwise is not our host, or is no longer.
        pipe.destroy()
      }
    })
    pipe.on('close', () => this.close())
  }

  /** True while a file system does not answer, also where nobody waits for it any more. */
  get isHeldUp(): boolean {
    return isReadPending()
  }

  /** End whatever is being fetched. */
  close(): void {
    this.#queue.length = 0
    for (const abort of this.#running.values()) abort.abort()
  }

  #take(line: string): void {
    const ask = readLine(AskSchema, line)
    if (ask === undefined) throw new RangeError('no question of ours')
    if ('id' in ask) this.#queue.push(ask)
    else this.#cancel(ask.cancel)
    this.#next()
  }

  #cancel(id: number): void {
    this.#running.get(id)?.abort()
    const at = this.#queue.findIndex((each) => each.id === id)
    if (at !== -1) this.#queue.splice(at, 1)
  }

  #next(): void {
    while (this.#running.size < AT_ONCE) {
      const ask = this.#queue.shift()
      if (ask === undefined) return
      void this.#run(ask)
    }
  }

  async #run(ask: FetchAsk): Promise<void> {
    const abort = new AbortController()
    this.#running.set(ask.id, abort)
    const answer = await this.#answer(ask, abort.signal)
    this.#running.delete(ask.id)
    if (!this.#pipe.destroyed) this.#pipe.write(`${JSON.stringify(answer)}\n`)
    this.#next()
  }

  async #answer({ id, packed, input }: FetchAsk, signal: AbortSignal): Promise<Answer> {
    try {
      const reference = PackedReference.unpack(Buffer.from(packed, 'base64'))
      const secret = await this.#fetch(
        reference,
        input === null ? null : Buffer.from(input, 'base64'),
        signal,
      )
      return { id, secret: Buffer.from(secret).toString('base64') }
    } catch (error) {
      return { id, fault: error instanceof ReferenceFault ? error.reason : 'reference-program-failed' }
    }
  }
}
