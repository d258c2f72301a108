import type { Needle } from '../../native-host/auth/needle.ts'
import { reflectionsOf } from '../../native-host/broker/reflections.ts'
import { Spelled } from '../../native-host/broker/spelled.ts'

const BACKSLASH = 0x5c
const CR = 0x0d
const LF = 0x0a

/** A byte of a reading, and where what it stands for is in the stream. */
interface Told {
  readonly byte: number
  readonly start: number
  readonly end: number
}
type Span = [start: number, end: number]

/** One character for what counts as the same. */
const folded = (text: string) => text.toLowerCase().replaceAll('-', '+').replaceAll('_', '/')
const isBetween = (byte: number) => byte === BACKSLASH || byte === CR || byte === LF

/**
 * Redaction as it would be written where time does not matter: the whole stream at once, every symbol in both readings,
 * every run looked for in every form by search. No automaton, no leaps, no looks ahead, no blocks.
 */
export class SlowRedactor {
  readonly #forms: { text: string; least: number }[]

  constructor(needles: readonly Needle[]) {
    this.#forms = needles
      .flatMap(reflectionsOf)
      .map(({ symbols, least }) => ({ symbols: symbols.filter((byte) => !isBetween(byte)), least }))
      .map(({ symbols, least }) => ({
        text: folded(Buffer.from(symbols).toString('latin1')),
        least: Math.min(least, symbols.length),
      }))
      .filter(({ least }) => least > 2)
  }

  /** The stream without the secrets, and how many places they were in. */
  redact(bytes: Uint8Array): { text: string; found: number } {
    const spans: Span[] = []
    for (const told of [plain(bytes, 0, bytes.length), this.#decoded(bytes)]) this.#read(told, bytes, spans)
    const places = joined(spans)
    let at = 0
    let text = ''
    for (const [start, end] of places) {
      text += `${Buffer.from(bytes.subarray(at, start)).toString('latin1')}[redacted]`
      at = end
    }
    return { text: text + Buffer.from(bytes.subarray(at)).toString('latin1'), found: places.length }
  }

  /** Every symbol with spellings read back; of what no form holds, the spelling itself. */
  #decoded(bytes: Uint8Array): Told[] {
    const all: Told[] = []
    const spelled = new Spelled({ symbol: (byte, start, end) => void all.push({ byte, start, end }) })
    bytes.forEach((byte, at) => {
      spelled.symbol(byte, at, at + 1)
    })
    spelled.end()
    let written = -1
    return all.flatMap((told) => {
      if (told.end - told.start === 1 || this.#isHeld(told.byte)) return [told]
      if (told.start === written) return []
      written = told.start
      return plain(bytes, told.start, told.end)
    })
  }

  #isHeld(byte: number): boolean {
    const symbol = folded(String.fromCharCode(byte))
    return isBetween(byte) || this.#forms.some(({ text }) => text.includes(symbol))
  }

  #isMatch(run: readonly Told[], from: number): boolean {
    const text = textOf(run.slice(from))
    return this.#forms.some((form) => form.least <= text.length && form.text.includes(text))
  }

  #read(told: readonly Told[], bytes: Uint8Array, spans: Span[]): void {
    let run: Told[] = []
    /** Bytes since the last symbol of the run that may stand inside a match. */
    let skipped: number[] = []
    const read = (one: Told): void => {
      const { byte, start, end } = one
      if (!isBetween(byte)) {
        skipped = []
        run = [...run, one]
        while (run.length > 0 && !this.#forms.some(({ text }) => text.includes(textOf(run))))
          run = run.slice(1)
        const from = run.findIndex((_, at) => this.#isMatch(run, at))
        if (from >= 0) spans.push([run[from]?.start ?? start, end])
      } else if (byte !== BACKSLASH && end - start > 1 && run.length < 4) {
        // The spelling of a line end behind what is too short to go on behind one is read as it is written.
        for (const written of plain(bytes, start, end)) read(written)
      } else {
        const isEmptyLine = skipped.findLast((one) => one !== BACKSLASH) === LF
        skipped = [...skipped, byte]
        if (skipped.length > 8 || (byte !== BACKSLASH && (run.length < 4 || isEmptyLine))) {
          run = []
          skipped = []
        }
      }
    }
    for (const one of told) read(one)
  }
}

function plain(bytes: Uint8Array, from: number, to: number): Told[] {
  return [...bytes.subarray(from, to)].map((byte, n) => ({ byte, start: from + n, end: from + n + 1 }))
}

function textOf(run: readonly Told[]): string {
  return folded(String.fromCharCode(...run.map(({ byte }) => byte)))
}

/** Ascending, those that overlap as one. */
function joined(spans: readonly Span[]): Span[] {
  const places: Span[] = []
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = places.at(-1)
    if (last === undefined || start >= last[1]) places.push([start, end])
    else last[1] = Math.max(last[1], end)
  }
  return places
}
