import { Lane } from './lane.ts'
import type { Sought } from './redact.ts'
import type { Spans } from './spans.ts'
import { Spelled } from './spelled.ts'
import { Tape } from './tape.ts'

/** What a redactor reads a stream's bytes with where spellings are read back. */
export class SpelledReading {
  readonly lane: Lane
  readonly tape: Tape
  readonly spelled: Spelled

  constructor({ factors, sieve }: Sought, spans: Spans) {
    this.lane = new Lane(factors, sieve, spans)
    this.tape = new Tape(factors)
    this.spelled = new Spelled(this.tape)
  }
}
