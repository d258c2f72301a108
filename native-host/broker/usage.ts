import type { Tokens } from '../../shared/model/audit-record.ts'
import { isJsonContent } from '../policy/json-content.ts'
import { UsageEvents } from './usage-events.ts'
import { type CounterName, tokensOf } from './usage-numbers.ts'
import { type Scanned, UsageScanner } from './usage-scanner.ts'

/** Reads what an answer says it used while it goes by. Holds nothing back and keeps no text. */
export interface UsageReader {
  /** The next decoded bytes of the answer. */
  push(bytes: Uint8Array): void
  /** After a whole answer only. Null where it did not say, or not so that one can believe it. */
  end(): Tokens | null
}

/** A reader for a content type; null where answers of that kind say nothing. */
export function usageReaderFor(contentType: string | null): UsageReader | null {
  if (isJsonContent(contentType)) return new JsonUsage()
  const essence = (contentType ?? '').split(';')[0]?.trim().toLowerCase()
  return essence === 'text/event-stream' ? new StreamUsage() : null
}

/** One JSON text; a list is what Gemini streams where no SSE was asked for. */
class JsonUsage implements UsageReader {
  #reader: { scanner: UsageScanner; tally: Tally | null } | null = null

  push(bytes: Uint8Array): void {
    this.#reader ??= readerFor(bytes)
    this.#reader?.scanner.push(bytes)
  }

  end(): Tokens | null {
    if (this.#reader === null) return null
    const { scanner, tally } = this.#reader
    const scanned = scanner.end()
    if (scanned === null) return null
    return tally === null ? tokensOf(scanned.counters) : tally.tokens()
  }
}

/** Null while there are blanks only. */
function readerFor(bytes: Uint8Array): { scanner: UsageScanner; tally: Tally | null } | null {
  const first = bytes.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)
  if (first === undefined) return null
  if (first !== 0x5b) return { scanner: new UsageScanner(), tally: null }
  const tally = new Tally()
  return { scanner: new UsageScanner((scanned) => tally.add(scanned)), tally }
}

class StreamUsage implements UsageReader {
  readonly #tally = new Tally()
  readonly #events = new UsageEvents((scanned) => this.#tally.add(scanned))

  push(bytes: Uint8Array): void {
    this.#events.push(bytes)
  }

  end(): Tokens | null {
    this.#events.end()
    return this.#tally.tokens()
  }
}

/** Events that end a stream of OpenAI's Responses, with the usage of all of it (API reference, "Streaming events"). */
const LAST_OF_RESPONSES = new Set(['response.completed', 'response.incomplete', 'response.failed'])

/**
 * What the events of one stream say together. Counters of all families only grow, so the largest of each counts; and they
 * count only where the stream said its last: Anthropic's `message_stop` after a `message_delta` ("token counts in `usage` are
 * cumulative"), the end of OpenAI's Responses, and for events without a type the counters of the last one, once OpenAI's chat
 * said `[DONE]` or Gemini's candidates why they ended. A connection that just closes is an end too, of HTTP, and says nothing.
 */
class Tally {
  readonly #counters = new Map<CounterName, number>()
  #isLying = false
  #isFinal = false
  #hasDelta = false
  #isDone = false

  add(scanned: Scanned | 'done' | null): void {
    if (scanned === 'done') {
      this.#isDone = true
      return
    }
    if (scanned === null || scanned.type === 'error') {
      this.#isLying = true
      return
    }
    const { counters, type } = scanned
    for (const [name, value] of counters)
      this.#counters.set(name, Math.max(value, this.#counters.get(name) ?? 0))
    this.#isDone ||= scanned.isFinished
    if (type === null) this.#isFinal = counters.size > 0
    else if (type === 'message_delta') this.#hasDelta ||= counters.has('output_tokens')
    else if (type === 'message_stop') this.#isFinal = this.#isDone = this.#hasDelta
    else if (LAST_OF_RESPONSES.has(type)) this.#isFinal = this.#isDone = counters.size > 0
  }

  tokens(): Tokens | null {
    const isWhole = this.#isFinal && this.#isDone && !this.#isLying
    return !isWhole ? null : tokensOf(this.#counters)
  }
}
