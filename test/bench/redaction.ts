import { createRedactor, Sought } from '../../native-host/broker/redact.ts'
import { CREDENTIALS, STREAMS } from './redaction-streams.ts'

// Prints how fast redaction is where nothing matches and on the worst streams that a service could make of the key it was
// given, beside plain look-ups of each byte in the same run. `node test/bench/redaction.ts`.

const SIZE = 4 * 1024 * 1024
const CHUNK = 64 * 1024
/** The best of so many: what else runs on the machine only makes a run slower. */
const RUNS = 3
/** Microseconds a run takes at least. */
const LEAST = 100_000

/** Megabytes a second of one processor. */
export interface Rates {
  readonly redacted: number
  /** Of looking at each byte and nothing more: the measure of the machine and its load. */
  readonly lookedUp: number
}

/** How fast each of {@link STREAMS} is redacted for one of {@link CREDENTIALS}, by its name. */
export function measureRedaction(credential: keyof typeof CREDENTIALS): Record<string, Rates> {
  const sought = new Sought(CREDENTIALS[credential])
  const rates: Record<string, Rates> = {}
  for (const [name, unit] of Object.entries(STREAMS)) {
    const bytes = Buffer.alloc(SIZE, unit, 'latin1')
    rates[name] = { redacted: rateOf(redacted(sought), bytes), lookedUp: rateOf(lookedUp, bytes) }
  }
  return rates
}

/** Bytes a microsecond of this process on the processor: what else runs does not count. */
function rateOf(work: (bytes: Uint8Array) => void, bytes: Uint8Array): number {
  let best = 0
  for (let run = 0; run < RUNS; run++) {
    const start = process.cpuUsage()
    let times = 0
    let spent = 0
    // The clock of the processor may tick only every ten milliseconds.
    for (; spent < LEAST; times++) {
      work(bytes)
      const { user, system } = process.cpuUsage(start)
      spent = user + system
    }
    best = Math.max(best, (times * bytes.length) / spent)
  }
  return best
}

function redacted(sought: Sought): (bytes: Uint8Array) => void {
  return (bytes) => {
    const redactor = createRedactor(sought)
    for (let at = 0; at < bytes.length; at += CHUNK) redactor.push(bytes.subarray(at, at + CHUNK))
  }
}

const table = Uint8Array.from({ length: 256 }, (_, byte) => byte & 1)
let sum = 0
/** The least that looking at every byte costs here: the measure of the machine and its load. */
function lookedUp(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at++) sum = (sum + (table[bytes[at] as number] as number)) | 0
}

function print(): void {
  for (const credential of Object.keys(CREDENTIALS) as (keyof typeof CREDENTIALS)[]) {
    const started = process.cpuUsage()
    for (let n = 0; n < 100; n++) new Sought(CREDENTIALS[credential])
    console.log(`${credential}: made ready in ${(process.cpuUsage(started).user / 100_000).toFixed(2)} ms`)
    for (const [name, { redacted, lookedUp }] of Object.entries(measureRedaction(credential)))
      console.log(
        `${credential}, ${name}: ${redacted.toFixed(0)} MB/s, ${(redacted / lookedUp).toFixed(2)} of looking at each byte`,
      )
  }
  if (sum < 0) console.log(sum)
}

if (import.meta.main) print()
