import { randomUUID } from 'node:crypto'
import { integerOf, textOf } from '../store/columns.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { WAITING } from './reservation-rows.ts'
import { settleAllOf } from './settle.ts'

/** How often a process looks whether the others are there, ms. */
const LOOK_MS = 1000
/** A process with calls that run shows itself every so many looks. */
const BEAT_LOOKS = 5
/** Looks without a sign of a process after which it is gone: half a minute, six times what it is allowed. */
const GONE_LOOKS = 30

const ids = new WeakMap<Store, string>()

/** This process by the id its reservations carry: random, one for each connection to the vault. */
export function processOf(store: Store): string {
  const known = ids.get(store)
  if (known !== undefined) return known
  const id = randomUUID()
  ids.set(store, id)
  return id
}

/**
 * The watch over processes that died with calls in flight, so that their calls do not count as running for ever.
 *
 * Time is counted in this watch's own looks: a clock that is set, or a machine that slept, makes nobody look dead, since
 * whoever looks slept as well. One that is taken for dead and is not loses no more than its calls' room: they are settled at
 * the most they may use.
 */
export class ProcessWatch {
  readonly #store: Store
  readonly #keys: VaultKeys
  readonly #now: () => number
  readonly #own: string
  /** What was last seen of each other process, and for how many looks nothing newer. */
  #others = new Map<string, { beat: number; looks: number }>()
  #looks = 0
  readonly #timer: NodeJS.Timeout

  constructor({ store, keys, now }: { store: Store; keys: VaultKeys; now: () => number }, every = LOOK_MS) {
    this.#store = store
    this.#keys = keys
    this.#now = now
    this.#own = processOf(store)
    this.#timer = setInterval(() => this.look(), every)
    this.#timer.unref()
  }

  /** One look. Never throws: what cannot be read or written is tried again at the next. */
  look(): void {
    try {
      if (this.#looks++ % BEAT_LOOKS === 0) {
        this.#beat()
        this.#forget()
      }
      for (const gone of this.#gone()) settleAllOf(this.#store, this.#keys, gone, this.#now())
    } catch {
      // A full or damaged disk: nothing new is sent meanwhile either.
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #beat(): void {
    const mine = 'SELECT 1 FROM reservations WHERE process = ? LIMIT 1'
    if (this.#store.get(mine, this.#own) === null) return
    const sql =
      'INSERT INTO processes (id, beat) VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET beat = beat + 1'
    this.#store.transaction(() => this.#store.run(sql, this.#own))
  }

  /** Rows of processes without a call say nothing any more. */
  #forget(): void {
    const idle = 'id NOT IN (SELECT process FROM reservations)'
    if (this.#store.get(`SELECT 1 FROM processes WHERE ${idle} LIMIT 1`) === null) return
    this.#store.transaction(() => this.#store.run(`DELETE FROM processes WHERE ${idle}`))
  }

  // Only while a process has calls is it expected to show itself: what was idle for an hour and begins one is not dead.
  #gone(): string[] {
    const before = this.#others
    this.#others = new Map()
    const rows = this.#store.all(
      'SELECT process AS id, coalesce(max(beat), 0) AS beat FROM reservations LEFT JOIN processes ON processes.id = process WHERE process NOT IN (?, ?) GROUP BY process',
      this.#own,
      WAITING,
    )
    for (const row of rows) {
      const [id, beat] = [textOf(row, 'id'), integerOf(row, 'beat')]
      const seen = before.get(id)
      this.#others.set(id, { beat, looks: seen?.beat === beat ? seen.looks + 1 : 0 })
    }
    return [...this.#others].filter(([, { looks }]) => looks >= GONE_LOOKS).map(([id]) => id)
  }
}
