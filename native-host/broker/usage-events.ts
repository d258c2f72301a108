import { type Scanned, UsageScanner } from './usage-scanner.ts'

const [LF, CR, COLON, SPACE] = [0x0a, 0x0d, 0x3a, 0x20]
const BOM = [0xef, 0xbb, 0xbf]
const DATA = [0x64, 0x61, 0x74, 0x61]
/** What ends OpenAI's streams (API reference: "terminated by a `data: [DONE]` message"); the one event that is no JSON. */
const DONE = '[DONE]'

/**
 * Reads an event stream (HTML Standard, section 9.2.6) as it comes in and tells of the JSON text of each event. Memory is
 * bounded by the depth of one event, not by its length.
 */
export class UsageEvents {
  readonly #onEvent: (scanned: Scanned | 'done' | null) => void
  #scanner: UsageScanner | null = null
  /** The first bytes of the event's data, enough to know `[DONE]`. */
  #head: number[] = []
  /** The field of the line so far; null once its value began or it is known to be none of ours. */
  #field: number[] | null = []
  #isData = false
  #atValue = false
  #isAfterCr = false
  #bom = 0

  /** @param onEvent told of each event with data; `done` for `[DONE]`, null for one that is no JSON or contradicts itself. */
  constructor(onEvent: (scanned: Scanned | 'done' | null) => void) {
    this.#onEvent = onEvent
  }

  /** Take the next bytes. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at++) {
      if (this.#isData && !this.#atValue) {
        const end = lineEnd(bytes, at)
        if (end > at) this.#value(bytes.subarray(at, end))
        at = end
      }
      const byte = bytes[at]
      if (byte === undefined) return
      this.#take(byte)
    }
  }

  /** The stream is over: an event that no blank line ended counts as well. */
  end(): void {
    this.#dispatch()
  }

  #take(byte: number): void {
    if (this.#bom >= 0 && byte === BOM[this.#bom]) {
      this.#bom = this.#bom === 2 ? -1 : this.#bom + 1
      return
    }
    this.#bom = -1
    const isSecond = byte === LF && this.#isAfterCr
    this.#isAfterCr = byte === CR
    if (isSecond) return
    if (byte === LF || byte === CR) return this.#endLine()
    if (this.#atValue) {
      this.#atValue = false
      if (byte !== SPACE) this.#value(Uint8Array.of(byte))
      return
    }
    if (this.#field !== null) this.#name(byte)
  }

  #name(byte: number): void {
    if (this.#field === null) return
    if (byte === COLON) {
      this.#isData = isDataField(this.#field)
      if (this.#isData) this.#begin()
      this.#field = null
    } else this.#field = this.#field.length > DATA.length ? null : [...this.#field, byte]
  }

  /** A `data` field: its value follows, after one space at most. */
  #begin(): void {
    this.#atValue = true
    if (this.#scanner === null) this.#scanner = new UsageScanner()
    else this.#value(Uint8Array.of(LF))
  }

  #value(bytes: Uint8Array): void {
    this.#scanner?.push(bytes)
    if (this.#head.length <= DONE.length) this.#head.push(...bytes.subarray(0, DONE.length + 1))
  }

  #endLine(): void {
    // A line that is only `data` is a field with an empty value; a line without a byte ends the event.
    const isBlank = this.#field?.length === 0
    this.#field = []
    this.#isData = false
    this.#atValue = false
    if (isBlank) this.#dispatch()
  }

  #dispatch(): void {
    const scanner = this.#scanner
    const isDone = String.fromCharCode(...this.#head) === DONE
    this.#scanner = null
    this.#head = []
    if (scanner !== null) this.#onEvent(isDone ? 'done' : scanner.end())
  }
}

function isDataField(name: readonly number[]): boolean {
  return name.length === DATA.length && name.every((byte, at) => byte === DATA[at])
}

/** Offset of the first line break from `from` on, or the length. */
function lineEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) if (bytes[at] === LF || bytes[at] === CR) return at
  return bytes.length
}
